using Interp.Engine.Backends;
using Interp.Engine.Cpu.Convolution;
using Interp.Engine.Cpu.Kernels;
using Interp.Engine.Graph;
using Interp.Engine.Rules;
using Interp.Engine.Tensors;

namespace Interp.Engine.Cpu;

/// <summary>
/// A run on the CPU: kernel calls over one block of memory, both fixed when the session opens. All threads work on all images of the batch
/// layer by layer, or each takes a group of them through the whole network: <see cref="ImageGroups"/>.
/// </summary>
internal sealed unsafe class CpuSession : Session
{
    private readonly CpuBackend _backend;
    private readonly CpuProgram _program;
    private readonly int _groups;
    private readonly CpuLane[] _lanes;
    private readonly NativeBuffer? _arena; // none where the memory is lent
    private readonly bool _isLinear;
    private nint _base;
    private NativeBuffer? _scratch;
    private NativeBuffer? _blockedInput; // of the last forward pass, where it is asked for
    private CpuLane? _reached; // by the last backward pass
    private bool _forwardPrepared;
    private bool _backwardPrepared;
    private bool _ran;

    public CpuSession(CpuBackend backend, Network network, SessionOptions options) : base(network, options)
    {
        _backend = backend;
        ConvPlan convolutions = backend.Convolutions(options.Backward);
        int images = backend.Group > 0 ? ImageGroups.AtMost(backend.Group, options.Batch)
            : ImageGroups.Choose(network, options, ShapeOf, convolutions, backend.Pool.Threads);
        _groups = options.Batch / images;
        _program = new CpuProgram(backend.Kernels, convolutions, network, options, node => new Blocked(ShapeOf(node)) with { N = images },
            IsKept, new CpuPlan(isSplit: _groups > 1));
        _lanes = _groups == 1 ? [Lane(_program, backend.Pool)]
            : [.. Enumerable.Range(0, Math.Min(_groups, backend.Pool.Threads)).Select(i =>
                Lane(i == 0 ? _program : _program.Copy(), new WorkerPool(1)))];
        _isLinear = _program.Steps.TrueForAll(
            s => s.Kernel is { BackwardReadsInputs: false, BackwardReadsOutput: false, RecordBytes: 0 });
        if (options.Memory is null)
        {
            _arena = new NativeBuffer(Math.Max(64, OwnBytes));
            _base = _arena.Address;
        }

        CpuLane Lane(CpuProgram program, WorkerPool pool) => new(program, network.Input, backend.Kernels, pool);
    }

    /// <inheritdoc/>
    internal override bool NeedsForward => Options.Memory is { } lent ? !_isLinear && !(_ran && lent.IsHeldBy(this)) : !_ran;

    /// <summary>The kernel calls in order, for timing them one by one where all images run together.</summary>
    internal IReadOnlyList<CpuStep> Steps => _lanes[0].Steps;

    public override long Bytes => _arena is null ? 0 : _arena.Bytes + ScratchSize().Bytes;

    /// <summary>What the groups and the lanes hold.</summary>
    private long OwnBytes => _groups * _program.Plan.LastingBytes + _lanes.Length * _program.Plan.PassingBytes;

    private int LaneThreads => _groups == 1 ? _backend.Pool.Threads : 1;

    /// <summary>Working memory of a thread, at most.</summary>
    private long ThreadScratch => CpuPlan.ToPage(_program.Steps.Select(s => s.Kernel.ScratchBytes).DefaultIfEmpty().Max()) + 4096;

    /// <inheritdoc/>
    internal override void Place(Session known, IReadOnlyList<FrameSource> frames)
    {
        foreach (FrameKernel kernel in _program.Steps.Select(s => s.Kernel).OfType<FrameKernel>())
        {
            (Node node, FramePlace[] places) = frames[kernel.Slot];
            kernel.Place(((CpuSession)known).BlockedActivation(node), places);
        }
    }

    protected override void RunForward(ReadOnlySpan<float> input, CancellationToken cancel)
    {
        _ran = false;
        ForgetBlockedInput();
        Prepare(ref _forwardPrepared, backward: false, cancel);
        Borrow();
        int each = input.Length / _groups;
        fixed (float* start = input)
        {
            float* images = start;
            ForEachGroup((lane, group) => lane.Forward(new ReadOnlySpan<float>(images + (nint)group * each, each), cancel));
        }

        _ran = true;
    }

    protected override void RunBackward(ReluRule rule, ReadOnlySpan<Seed> seeds, CancellationToken cancel)
    {
        if (NeedsForward)
        {
            throw new InvalidOperationException("a backward pass needs a completed forward pass");
        }

        Prepare(ref _backwardPrepared, backward: true, cancel);
        Borrow();
        Seed[] placed = [.. seeds];
        ForEachGroup((lane, group) =>
        {
            lane.Backward(rule, placed, group, cancel);
            Volatile.Write(ref _reached, lane); // Any: all groups reach the same nodes.
        });
    }

    protected override void ReadActivation(Node node, Span<float> destination)
    {
        if (!_ran)
        {
            throw new InvalidOperationException("an activation can be read after a completed forward pass");
        }

        CpuValue value = _program.ValueOf(node);
        int each = destination.Length / _groups;
        for (int group = 0; group < _groups; group++)
        {
            Span<float> part = destination.Slice(group * each, each);
            var from = (float*)Find(value.ActivationPlace, group);
            if (value.IsDense)
            {
                new ReadOnlySpan<float>(from, each).CopyTo(part);
            }
            else
            {
                value.Shape.Unpack(from, part, _backend.Pool);
            }
        }
    }

    protected override void ReadGradient(Node node, Span<float> destination)
    {
        if (_reached is not { } reached || !reached.HasGradient(node))
        {
            destination.Clear();
            return;
        }

        CpuValue value = _program.ValueOf(node);
        int each = destination.Length / _groups;
        for (int group = 0; group < _groups; group++)
        {
            value.Shape.Unpack((float*)Find(value.GradientPlace, group), destination.Slice(group * each, each), _backend.Pool);
        }
    }

    protected override void Dispose(bool disposing)
    {
        _ran = false;
        _arena?.Dispose();
        _scratch?.Dispose();
        ForgetBlockedInput();
    }

    private void ForgetBlockedInput()
    {
        _blockedInput?.Dispose();
        _blockedInput = null;
    }

    /// <summary>A kept node's activation, in the blocked layout also where it lies dense.</summary>
    private float* BlockedActivation(Node node)
    {
        CpuValue value = _program.ValueOf(node);
        var activation = (float*)Find(value.ActivationPlace, 0);
        if (!value.IsDense)
        {
            return activation;
        }

        if (_blockedInput is null)
        {
            _blockedInput = new NativeBuffer(value.Shape.Bytes);
            value.Shape.Pack(new ReadOnlySpan<float>(activation, (int)(value.ActivationBytes / sizeof(float))),
                (float*)_blockedInput.Address);
        }

        return (float*)_blockedInput.Address;
    }

    /// <summary>Where what lasts of a group lies.</summary>
    private nint Find(MemoryPlan.Buffer? buffer, int group) => _program.Plan.Find(buffer, Lasting(group), 0);

    private nint Lasting(int group) => _base + (nint)(group * _program.Plan.LastingBytes);

    private void ForEachGroup(Action<CpuLane, int> pass)
    {
        if (_groups == 1)
        {
            Run(0, 0);
        }
        else
        {
            _backend.Pool.Run(_groups, Run);
        }

        void Run(int group, int worker)
        {
            int own = _lanes.Length == _groups ? group : worker; // Fewer groups than threads have a lane each.
            CpuLane lane = _lanes[own];
            lane.Turn(Lasting(group), Lasting(_groups) + (nint)(own * _program.Plan.PassingBytes));
            pass(lane, group);
        }
    }

    private void Prepare(ref bool prepared, bool backward, CancellationToken cancel)
    {
        if (prepared)
        {
            return;
        }

        foreach (CpuStep step in _program.Steps)
        {
            cancel.ThrowIfCancellationRequested();
            step.Kernel.Prepare(_backend.Pool, backward);
        }

        AllocateScratch();
        prepared = true;
    }

    /// <summary>Takes the memory that is lent to several sessions, which may lie elsewhere by now.</summary>
    private void Borrow()
    {
        if (Options.Memory is not { } memory)
        {
            return;
        }

        (long bytes, long each) = ScratchSize();
        nint at = memory.Take(this, OwnBytes + bytes);
        if (at != _base)
        {
            _base = at;
            SetScratch((byte*)at + OwnBytes, each);
        }
    }

    private void AllocateScratch()
    {
        if (_scratch is null && _arena is not null)
        {
            (long bytes, long each) = ScratchSize();
            _scratch = new NativeBuffer(bytes);
            SetScratch((byte*)_scratch.Address, each);
        }
    }

    /// <summary>Gives each lane its working memory: a part for each of its threads, and one for all of them.</summary>
    private void SetScratch(byte* start, long each)
    {
        for (int i = 0; i < _lanes.Length; i++, start += each)
        {
            byte*[] parts = new byte*[LaneThreads];
            for (int part = 0; part < parts.Length; part++)
            {
                parts[part] = start + part * ThreadScratch;
            }

            _lanes[i].Use(new Scratch(parts, start + parts.Length * ThreadScratch));
        }
    }

    /// <summary>A network whose layers all hand on their input, such as a pool of 7×7 to 7×7 on its own, has no steps.</summary>
    private (long Bytes, long EachLane) ScratchSize()
    {
        long shared = _program.Steps.Select(s => s.Kernel.SharedBytes).DefaultIfEmpty().Max();
        long each = ThreadScratch * LaneThreads + CpuPlan.ToPage(shared);
        return (each * _lanes.Length, each);
    }
}
