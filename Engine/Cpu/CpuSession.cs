using Interp.Engine.Backends;
using Interp.Engine.Cpu.Kernels;
using Interp.Engine.Graph;
using Interp.Engine.Rules;
using Interp.Engine.Tensors;

namespace Interp.Engine.Cpu;

/// <summary>A run on the CPU: kernel calls over one block of memory, both fixed when the session opens.</summary>
internal sealed unsafe class CpuSession : Session
{
    private readonly CpuBackend _backend;
    private readonly CpuProgram _program;
    private readonly CpuValue _input;
    private readonly NativeBuffer? _arena; // none where the memory is lent
    private readonly bool _isLinear;
    private nint _base;
    private float* _sum;
    private NativeBuffer? _scratch;
    private NativeBuffer? _blockedInput; // of the last forward pass, where it is asked for
    private bool _forwardPrepared;
    private bool _backwardPrepared;
    private bool _ran;

    public CpuSession(CpuBackend backend, Network network, SessionOptions options) : base(network, options)
    {
        _backend = backend;
        _program = new CpuProgram(backend, network, options, ShapeOf, IsKept);
        _input = _program.ValueOf(network.Input);
        _isLinear = _program.Steps.TrueForAll(
            s => s.Kernel is { BackwardReadsInputs: false, BackwardReadsOutput: false, RecordBytes: 0 });
        if (options.Memory is null)
        {
            _arena = new NativeBuffer(Math.Max(64, _program.Plan.Bytes));
            _base = _arena.Address;
            Bind();
        }
    }

    /// <inheritdoc/>
    internal override bool NeedsForward => Options.Memory is { } lent ? !_isLinear && !(_ran && lent.IsHeldBy(this)) : !_ran;

    /// <summary>The kernel calls in order, for timing them one by one.</summary>
    internal IReadOnlyList<CpuStep> Steps => _program.Steps;

    public override long Bytes => _arena is null ? 0 : _arena.Bytes + ScratchSize().Bytes;

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
        WriteInput(input);
        foreach (CpuStep step in _program.Steps)
        {
            cancel.ThrowIfCancellationRequested();
            step.Kernel.Forward(step.Run);
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
        foreach (CpuValue value in _program.Values)
        {
            value.HasGradient = false;
        }

        foreach (CpuStep step in _program.Steps)
        {
            step.GateApplied = false;
        }

        for (int s = _program.Steps.Count - 1; s >= 0; s--)
        {
            cancel.ThrowIfCancellationRequested();
            CpuStep step = _program.Steps[s];
            PlantSeeds(step.Output, seeds);
            if (step.Output.HasGradient)
            {
                if (step.Kernel.GatedShape is not null && !step.GateApplied)
                {
                    step.Kernel.ApplyGate(step.Run, rule);
                }

                RunStepBackward(step, rule);
            }
        }

        PlantSeeds(_input, seeds);
    }

    protected override void ReadActivation(Node node, Span<float> destination)
    {
        if (!_ran)
        {
            throw new InvalidOperationException("an activation can be read after a completed forward pass");
        }

        CpuValue value = _program.ValueOf(node);
        if (value.IsDense)
        {
            new ReadOnlySpan<float>(value.Activation, destination.Length).CopyTo(destination);
        }
        else
        {
            value.Shape.Unpack(value.Activation, destination, _backend.Pool);
        }
    }

    protected override void ReadGradient(Node node, Span<float> destination)
    {
        CpuValue value = _program.ValueOf(node);
        if (value.HasGradient)
        {
            value.Shape.Unpack(value.Gradient, destination, _backend.Pool);
        }
        else
        {
            destination.Clear();
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
        if (!value.IsDense)
        {
            return value.Activation;
        }

        if (_blockedInput is null)
        {
            _blockedInput = new NativeBuffer(value.Shape.Bytes);
            value.Shape.Pack(new ReadOnlySpan<float>(value.Activation, (int)(value.ActivationBytes / sizeof(float))),
                (float*)_blockedInput.Address);
        }

        return (float*)_blockedInput.Address;
    }

    private void WriteInput(ReadOnlySpan<float> input)
    {
        if (_input.IsDense)
        {
            input.CopyTo(new Span<float>(_input.Activation, input.Length));
        }
        else
        {
            _input.Shape.Pack(input, _input.Activation, _backend.Pool);
        }
    }

    private byte* At(MemoryPlan.Buffer? place) => place is null ? null : (byte*)_base + place.Offset;

    private void Bind()
    {
        _sum = (float*)At(_program.SumPlace);
        foreach (CpuValue value in _program.Values)
        {
            value.Activation = (float*)At(value.ActivationPlace);
            value.Gradient = (float*)At(value.GradientPlace);
        }

        foreach (CpuStep step in _program.Steps)
        {
            for (int i = 0; i < step.Inputs.Length; i++)
            {
                step.Run.Inputs[i] = step.Inputs[i].Activation;
            }

            step.Run.Output = step.Output.Activation;
            step.Run.OutputGradient = step.Output.Gradient;
            step.Run.GatedGradient = (float*)At(step.GatedPlace);
            step.Run.Record = At(step.RecordPlace);
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

        long own = (_program.Plan.Bytes + 4095) / 4096 * 4096;
        (long bytes, long each) = ScratchSize();
        nint at = memory.Take(this, own + bytes);
        if (at != _base)
        {
            _base = at;
            Bind();
            SetScratch((byte*)at + own, each);
        }
    }

    private void RunStepBackward(CpuStep step, ReluRule rule)
    {
        HandOn(step);
        if (step.Kernel.AddsToGradients)
        {
            for (int i = 0; i < step.Inputs.Length; i++)
            {
                CpuValue input = step.Inputs[i];
                step.Run.InputGradients[i] = input.Gradient;
                step.Run.Adds[i] = input.HasGradient;
                input.HasGradient = true;
            }

            step.Run.ScaledNow = step.Scales is { Output.HasGradient: true };
            step.Kernel.Backward(step.Run, rule);
            step.AppliesGateOf?.GateApplied = true;
            return;
        }

        int[] own = [.. Enumerable.Range(0, step.Inputs.Length)
            .Where(i => !step.Kernel.PassesOn(i) && !(i == 0 && step.ScaledBy is not null))];
        if (own.Any(i => step.Inputs[i].HasGradient) || step.Inputs.Distinct().Count() != step.Inputs.Length)
        {
            // One input at a time, so that one buffer serves: computed apart, then added to what other readers left.
            foreach (int i in own)
            {
                CpuValue input = step.Inputs[i];
                Array.Clear(step.Run.InputGradients);
                step.Run.InputGradients[i] = input.HasGradient ? _sum : input.Gradient;
                step.Kernel.Backward(step.Run, rule);
                AddIfNeeded(input);
            }

            return;
        }

        foreach (int i in own)
        {
            step.Run.InputGradients[i] = step.Inputs[i].Gradient;
            step.Inputs[i].HasGradient = true;
        }

        if (own.Length > 0)
        {
            step.Kernel.Backward(step.Run, rule);
        }
    }

    /// <summary>Gives inputs whose gradient is that behind the step's gate theirs, which may lie there already.</summary>
    private void HandOn(CpuStep step)
    {
        float* upstream = step.Kernel.GatedShape is null ? step.Run.OutputGradient : step.Run.GatedGradient;
        for (int i = 0; i < step.Inputs.Length; i++)
        {
            CpuValue input = step.Inputs[i];
            if (!step.Kernel.PassesOn(i))
            {
                continue;
            }

            if (input.HasGradient)
            {
                _backend.Kernels.AddTo(_backend.Pool, input.Shape.Vectors, input.Gradient, upstream);
            }
            else if (input.Gradient != upstream)
            {
                Elementwise.Copy(_backend.Pool, input.Shape.Vectors, input.Gradient, upstream);
            }

            input.HasGradient = true;
        }
    }

    private void PlantSeeds(CpuValue value, ReadOnlySpan<Seed> seeds)
    {
        foreach (Seed seed in seeds)
        {
            if (_program.ValueOf(seed.Node) == value)
            {
                value.Shape.Pack(seed.Gradient.Span, value.HasGradient ? _sum : value.Gradient, _backend.Pool);
                AddIfNeeded(value);
            }
        }
    }

    /// <summary>A gradient that is already there gets what was made apart added to it.</summary>
    private void AddIfNeeded(CpuValue value)
    {
        if (value.HasGradient)
        {
            _backend.Kernels.AddTo(_backend.Pool, value.Shape.Vectors, value.Gradient, _sum);
        }

        value.HasGradient = true;
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

    private void SetScratch(byte* start, long each)
    {
        byte*[] ofWorker = new byte*[_backend.Pool.Threads];
        for (int i = 0; i < ofWorker.Length; i++)
        {
            ofWorker[i] = start + i * each;
        }

        var scratch = new Scratch(ofWorker, start + ofWorker.Length * each);
        foreach (CpuStep step in _program.Steps)
        {
            step.Run.Scratch = scratch;
        }
    }

    /// <summary>A network whose layers all hand on their input, such as a pool of 7×7 to 7×7 on its own, has no steps.</summary>
    private (long Bytes, long EachWorker) ScratchSize()
    {
        long own = 0, shared = 0;
        foreach (CpuStep step in _program.Steps)
        {
            own = Math.Max(own, step.Kernel.ScratchBytes);
            shared = Math.Max(shared, step.Kernel.SharedBytes);
        }

        long each = (own + 4095) / 4096 * 4096 + 4096;
        return (each * _backend.Pool.Threads + shared, each);
    }
}
