using System.Runtime.InteropServices;
using Interp.Engine.Backends;
using Interp.Engine.Cpu.Kernels;
using Interp.Engine.Graph;
using Interp.Engine.Layers;
using Interp.Engine.Rules;
using Interp.Engine.Tensors;

namespace Interp.Engine.Cpu;

/// <summary>
/// A run on the CPU: a list of kernel calls over one block of memory, both fixed when the session opens. Step s of the forward pass is at time s, its
/// backward pass at time 2S − 1 − s; lifetimes in that time decide which buffers share memory.
/// </summary>
internal sealed unsafe class CpuSession : Session
{
    private readonly CpuBackend _backend;
    private readonly CpuValue[] _values; // by node id
    private readonly List<CpuStep> _steps = [];
    private readonly MemoryPlan _plan = new();
    private readonly NativeBuffer _arena;
    private readonly MemoryPlan.Buffer? _sumPlace;
    private NativeBuffer? _scratch;
    private bool _backwardPrepared;
    private bool _ran;

    public CpuSession(CpuBackend backend, Network network, SessionOptions options) : base(network, options)
    {
        _backend = backend;
        _values = new CpuValue[network.Nodes.Length];
        _values[0] = new CpuValue(-1, new Blocked(InputShape));
        int[] readers = new int[network.Nodes.Length];
        foreach (int input in network.Nodes.SelectMany(n => n.Inputs))
        {
            readers[input]++;
        }

        foreach (Node node in network.Nodes.Skip(1))
        {
            AddStep(node, readers);
        }

        foreach (Node node in network.Nodes.Where(IsKept))
        {
            _values[node.Id].Kept = true;
        }

        PlanActivations();
        if (options.Backward)
        {
            _sumPlace = PlanGradients();
        }

        _plan.Place();
        _arena = new NativeBuffer(Math.Max(64, _plan.Bytes));
        Bind();
    }

    protected override void RunForward(ReadOnlySpan<float> input, CancellationToken cancel)
    {
        _ran = false;
        EnsureScratch();
        _values[0].Shape.Pack(input, _values[0].Activation);
        foreach (CpuStep step in _steps)
        {
            cancel.ThrowIfCancellationRequested();
            step.Kernel.Forward(step.Run);
        }

        _ran = true;
    }

    protected override void RunBackward(ReluRule rule, ReadOnlySpan<Seed> seeds, CancellationToken cancel)
    {
        if (!_ran)
        {
            throw new InvalidOperationException("a backward pass needs a completed forward pass");
        }

        if (!_backwardPrepared)
        {
            foreach (CpuStep step in _steps)
            {
                cancel.ThrowIfCancellationRequested();
                step.Kernel.PrepareBackward(_backend.Pool);
            }

            _backwardPrepared = true;
            EnsureScratch();
        }

        foreach (CpuValue value in _values)
        {
            value.HasGradient = false;
        }

        for (int s = _steps.Count - 1; s >= 0; s--)
        {
            cancel.ThrowIfCancellationRequested();
            CpuStep step = _steps[s];
            PlantSeeds(step.Output, seeds);
            if (step.Output.HasGradient)
            {
                RunStepBackward(step, rule);
            }
        }

        PlantSeeds(_values[0], seeds);
    }

    protected override void ReadActivation(Node node, Span<float> destination)
    {
        if (!_ran)
        {
            throw new InvalidOperationException("an activation can be read after a completed forward pass");
        }

        CpuValue value = _values[node.Id];
        value.Shape.Unpack(value.Activation, destination);
    }

    protected override void ReadGradient(Node node, Span<float> destination)
    {
        CpuValue value = _values[node.Id];
        if (value.HasGradient)
        {
            value.Shape.Unpack(value.Gradient, destination);
        }
        else
        {
            destination.Clear();
        }
    }

    protected override void Dispose(bool disposing)
    {
        _arena.Dispose();
        _scratch?.Dispose();
    }

    /// <summary>
    /// A node that only passes its input on shares the input's value, unless the input has other readers, whose gradients must stay apart from this node's.
    /// </summary>
    private void AddStep(Node node, int[] readers)
    {
        CpuValue[] inputs = [.. node.Inputs.Select(i => _values[i])];
        var output = new Blocked(ShapeOf(node));
        if (PassesOn(node.Layer, inputs[0].Shape, output) && readers[node.Inputs[0]] == 1)
        {
            _values[node.Id] = inputs[0];
            return;
        }

        int index = _steps.Count;
        foreach (CpuValue input in inputs)
        {
            input.LastReader = index;
        }

        CpuKernel kernel = _backend.Kernels.Create(node, [.. inputs.Select(i => i.Shape)], output, _backend.Choice, _backend.Filters, _backend.Pool);
        _values[node.Id] = new CpuValue(index, output);
        _steps.Add(new CpuStep(node, kernel, inputs, _values[node.Id], new KernelRun(_backend.Pool, inputs.Length)));
    }

    private static bool PassesOn(Layer layer, Blocked input, Blocked output) => layer switch
    {
        Dropout or Identity => true,
        AdaptiveAvgPool2d => input == output,
        Flatten => input is { H: 1, W: 1 },
        _ => false,
    };

    private int BackwardTime(int step) => 2 * _steps.Count - 1 - step;

    private void PlanActivations()
    {
        foreach (CpuValue value in _values.Distinct())
        {
            bool stays = value.Kept || (value.Producer >= 0 && Options.Backward && _steps[value.Producer].Kernel.BackwardReadsOutput);
            value.ActivationPlace = _plan.Add(value.Shape.Bytes, Math.Max(0, value.Producer), stays ? MemoryPlan.Forever : value.LastReader);
        }

        if (Options.Backward)
        {
            foreach (CpuStep step in _steps.Where(s => s.Kernel.RecordBytes > 0))
            {
                step.RecordPlace = _plan.Add(step.Kernel.RecordBytes, step.Output.Producer, MemoryPlan.Forever);
            }
        }
        else
        {
            // Kernels record in any case; without a backward pass the record lives for its own step only.
            foreach (CpuStep step in _steps.Where(s => s.Kernel.RecordBytes > 0))
            {
                step.RecordPlace = _plan.Add(step.Kernel.RecordBytes, step.Output.Producer, step.Output.Producer);
            }
        }
    }

    /// <summary>A gradient lives from the backward pass of its value's last reader to that of its producer; a kept one until the next run.</summary>
    private MemoryPlan.Buffer PlanGradients()
    {
        long largest = 64;
        var readers = _steps.SelectMany(s => s.Inputs).CountBy(v => v).ToDictionary();
        foreach (CpuValue value in _values.Distinct())
        {
            int first = BackwardTime(value.LastReader < 0 ? _steps.Count - 1 : value.LastReader);
            value.GradientPlace = _plan.Add(value.Shape.Bytes, first, value.Kept ? MemoryPlan.Forever : BackwardTime(value.Producer));
            if (value.Kept || readers.GetValueOrDefault(value) > 1)
            {
                largest = Math.Max(largest, value.Shape.Bytes);
            }
        }

        // Seeds, and gradients of values with several readers, are made here before they are added.
        return _plan.Add(largest, _steps.Count, MemoryPlan.Forever);
    }

    private void Bind()
    {
        byte* start = (byte*)_arena.Address;
        foreach (CpuValue value in _values)
        {
            value.Activation = (float*)(start + value.ActivationPlace!.Offset);
            value.Gradient = value.GradientPlace is null ? null : (float*)(start + value.GradientPlace.Offset);
        }

        foreach (CpuStep step in _steps)
        {
            for (int i = 0; i < step.Inputs.Length; i++)
            {
                step.Run.Inputs[i] = step.Inputs[i].Activation;
            }

            step.Run.Output = step.Output.Activation;
            step.Run.OutputGradient = step.Output.Gradient;
            step.Run.Record = step.RecordPlace is null ? null : start + step.RecordPlace.Offset;
        }
    }

    private void RunStepBackward(CpuStep step, ReluRule rule)
    {
        float* sum = (float*)((byte*)_arena.Address + _sumPlace!.Offset);
        if (step.Inputs.Any(i => i.HasGradient) || step.Inputs.Distinct().Count() != step.Inputs.Length)
        {
            // One input at a time, so that one buffer serves: computed apart, then added to what other readers left.
            for (int i = 0; i < step.Inputs.Length; i++)
            {
                CpuValue input = step.Inputs[i];
                Array.Clear(step.Run.InputGradients);
                step.Run.InputGradients[i] = input.HasGradient ? sum : input.Gradient;
                step.Kernel.Backward(step.Run, rule);
                AddIfNeeded(input, sum);
            }

            return;
        }

        for (int i = 0; i < step.Inputs.Length; i++)
        {
            step.Run.InputGradients[i] = step.Inputs[i].Gradient;
        }

        step.Kernel.Backward(step.Run, rule);
        foreach (CpuValue input in step.Inputs)
        {
            input.HasGradient = true;
        }
    }

    private void PlantSeeds(CpuValue value, ReadOnlySpan<Seed> seeds)
    {
        float* sum = (float*)((byte*)_arena.Address + _sumPlace!.Offset);
        foreach (Seed seed in seeds)
        {
            if (_values[seed.Node.Id] == value)
            {
                value.Shape.Pack(seed.Gradient.Span, value.HasGradient ? sum : value.Gradient);
                AddIfNeeded(value, sum);
            }
        }
    }

    private void AddIfNeeded(CpuValue value, float* sum)
    {
        if (value.HasGradient)
        {
            _backend.Kernels.AddTo(_backend.Pool, value.Shape.Vectors, value.Gradient, sum);
        }

        value.HasGradient = true;
    }

    private void EnsureScratch()
    {
        long each = (_steps.Max(s => s.Kernel.ScratchBytes) + 4095) / 4096 * 4096 + 4096;
        long shared = _steps.Max(s => s.Kernel.SharedBytes);
        long bytes = each * _backend.Pool.Threads + shared;
        if (_scratch is null || _scratch.Bytes < bytes)
        {
            _scratch?.Dispose();
            _scratch = new NativeBuffer(bytes);
        }

        byte*[] ofWorker = new byte*[_backend.Pool.Threads];
        for (int i = 0; i < ofWorker.Length; i++)
        {
            ofWorker[i] = (byte*)_scratch.Address + i * each;
        }

        var scratch = new Scratch(ofWorker, (byte*)_scratch.Address + ofWorker.Length * each);

        foreach (CpuStep step in _steps)
        {
            step.Run.Scratch = scratch;
        }
    }
}
