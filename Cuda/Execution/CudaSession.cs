using Interp.Cuda.Driver;
using Interp.Cuda.Images;
using Interp.Cuda.Profiling;
using Interp.Engine.Arithmetic;
using Interp.Engine.Backends;
using Interp.Engine.Graph;
using Interp.Engine.Rules;

namespace Interp.Cuda.Execution;

/// <summary>
/// A run on the device. All of its memory is one block, taken when the session opens. A pass that has run once is recorded into a graph
/// when it comes again,
/// and from then on launched as one. Calls return when the device is done.
/// </summary>
internal sealed class CudaSession : Session
{
    private readonly CudaBackend _backend;
    private readonly CudaProgram _program;
    private readonly DeviceMemory _arena;
    private readonly RecordedPasses _passes;
    private readonly BackwardQueue _backward;
    private bool _ran;
    private bool _disposed;

    internal CudaSession(CudaBackend backend, Network network, SessionOptions options) : base(network, options)
    {
        _backend = backend;
        _program = new CudaProgram(backend, network, options, ShapeOf, IsKept);
        try
        {
            _arena = CudaContext.Allocate(_program.Plan.Bytes, $"a session of {network.Name} with batch {options.Batch}");
        }
        catch
        {
            _program.Dispose();
            throw;
        }

        _passes = new RecordedPasses(backend.Stream);
        _backward = new BackwardQueue(backend, _program, _program.ValueOf(network.Input), At(_program.SumPlace));
        Bind();
    }

    public override long Bytes => _arena.Bytes + _program.Values.Sum(v => v.Seed?.Bytes ?? 0);

    internal override HeldValues HeldInputs => new DeviceArray(_program.ValueOf(Network.Input).Activation, InputShape.Count);

    internal override HeldValues HeldGradients()
    {
        lock (_backend.Gate)
        {
            Enter();
            DeviceValue value = _program.ValueOf(Network.Input);
            if (!value.HasGradient)
            {
                _backend.Stream.Clear(value.Gradient, value.Bytes);
            }

            return new DeviceArray(value.Gradient, InputShape.Count);
        }
    }

    protected override void RunForward(ReadOnlySpan<float> input, CancellationToken cancel)
    {
        lock (_backend.Gate)
        {
            Enter();
            _ran = false;
            cancel.ThrowIfCancellationRequested();
            _backend.Stream.Upload(input, _program.ValueOf(Network.Input).Activation);
            RunForwardHeld(cancel);
        }
    }

    private protected override void RunForwardHeld(CancellationToken cancel)
    {
        lock (_backend.Gate)
        {
            Enter();
            _ran = false;
            cancel.ThrowIfCancellationRequested();
            _passes.Run("forward", () => QueueForward(cancel));
            _backend.Stream.Synchronize();
            _ran = true;
        }
    }

    protected override void RunBackward(ReluRule rule, ReadOnlySpan<Seed> seeds, CancellationToken cancel)
    {
        lock (_backend.Gate)
        {
            Enter();
            RequireRun();
            cancel.ThrowIfCancellationRequested();
            DeviceValue[] seeded = UploadSeeds(seeds);
            string smooth = rule.IncludesSmooth ? " with smooth" : "";
            string key = $"{rule.Name}{smooth} from {string.Join(',', seeded.Select(v => v.Producer))}";
            foreach (DeviceValue value in _program.Values)
            {
                value.HasGradient = false;
            }

            _passes.Run(key, () => _backward.Queue(rule, seeded, cancel));
            _backward.MarkReached(seeded);
            _backend.Stream.Synchronize();
        }
    }

    protected override void ReadActivation(Node node, Span<float> destination)
    {
        lock (_backend.Gate)
        {
            Enter();
            RequireRun();
            _backend.Stream.Download(_program.ValueOf(node).Activation, destination);
        }
    }

    protected override void ReadGradient(Node node, Span<float> destination)
    {
        lock (_backend.Gate)
        {
            Enter();
            DeviceValue value = _program.ValueOf(node);
            if (value.HasGradient)
            {
                _backend.Stream.Download(value.Gradient, destination);
            }
            else
            {
                destination.Clear();
            }
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (_disposed)
        {
            return;
        }

        lock (_backend.Gate)
        {
            _disposed = true;
            _ran = false;
            _backend.Context.MakeCurrentToClean();
            _passes.Dispose();
            foreach (DeviceValue value in _program.Values)
            {
                value.Seed?.Dispose();
            }

            _program.Dispose();
            _arena.Dispose();
        }
    }

    private void Enter()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        _backend.Context.MakeCurrent();
    }

    private void RequireRun()
    {
        if (!_ran)
        {
            throw new InvalidOperationException("this needs a completed forward pass");
        }
    }

    private ulong At(MemoryPlan.Buffer? place) => place is null ? 0 : _arena.Address + (ulong)place.Offset;

    private void Bind()
    {
        foreach (DeviceValue value in _program.Values)
        {
            value.Activation = At(value.ActivationPlace);
            value.Gradient = At(value.GradientPlace);
        }

        foreach (CudaStep step in _program.Steps)
        {
            for (int i = 0; i < step.Inputs.Length; i++)
            {
                step.Run.Inputs[i] = step.Inputs[i].Activation;
            }

            step.Run.Output = step.Output.Activation;
            step.Run.OutputGradient = step.GatedPlace is null ? step.Output.Gradient : At(step.GatedPlace);
            step.Run.Record = At(step.RecordPlace);
            step.Run.Workspace = At(_program.WorkspacePlace);
        }
    }

    private void QueueForward(CancellationToken cancel)
    {
        foreach (CudaStep step in _program.Steps)
        {
            cancel.ThrowIfCancellationRequested();
            using (Nvtx.Range(step.Node.Name))
            {
                step.Layer.Forward(step.Run);
            }
        }
    }

    /// <summary>Brings each value's seeds, added up, to where the backward pass finds them.</summary>
    private DeviceValue[] UploadSeeds(ReadOnlySpan<Seed> seeds)
    {
        var sums = new Dictionary<DeviceValue, float[]>();
        foreach (Seed seed in seeds)
        {
            DeviceValue value = _program.ValueOf(seed.Node);
            if (sums.TryGetValue(value, out float[]? sum))
            {
                ReadOnlySpan<float> more = seed.Gradient.Span;
                for (int i = 0; i < sum.Length; i++)
                {
                    sum[i] += more[i];
                }
            }
            else
            {
                sums.Add(value, seed.Gradient.ToArray());
            }
        }

        foreach ((DeviceValue value, float[] sum) in sums)
        {
            value.Seed ??= CudaContext.Allocate(value.Bytes, "seeds of a backward pass");
            _backend.Stream.Upload(sum, value.Seed.Address);
        }

        return [.. sums.Keys.OrderBy(v => v.Producer)];
    }
}
