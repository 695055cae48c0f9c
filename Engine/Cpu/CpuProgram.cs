using Interp.Engine.Backends;
using Interp.Engine.Cpu.Convolution;
using Interp.Engine.Cpu.Kernels;
using Interp.Engine.Graph;
using Interp.Engine.Layers;
using Interp.Engine.Tensors;

namespace Interp.Engine.Cpu;

/// <summary>
/// What a session runs: a list of kernel calls, and where each value lies in one block of memory. Step s of the forward pass is at time s,
/// its backward
/// pass at time 2S − 1 − s; lifetimes in that time decide which buffers share memory.
/// </summary>
internal sealed class CpuProgram
{
    private readonly CpuBackend _backend;
    private readonly SessionOptions _options;
    private readonly ConvPlan _convolutions;
    private readonly Func<Node, Blocked> _shapeOf;
    private readonly HashSet<int> _kept;
    private readonly GraphReaders _readers;
    private readonly CpuValue?[] _values; // by node id; null inside a fused step
    private readonly HashSet<int> _inside = []; // nodes that a fused step covers

    public CpuProgram(CpuBackend backend, Network network, SessionOptions options, Func<Node, Shape> shapeOf, Func<Node, bool> isKept)
    {
        _backend = backend;
        _options = options;
        _convolutions = backend.Convolutions(options.Backward);
        _shapeOf = node => new Blocked(shapeOf(node));
        _kept = [.. network.Nodes.Where(isKept).Select(n => n.Id)];
        _readers = new GraphReaders(network, isKept);
        _values = new CpuValue?[network.Nodes.Length];
        _values[0] = new CpuValue(-1, _shapeOf(network.Input));
        foreach (Node node in network.Nodes.Skip(1).Where(n => !_inside.Contains(n.Id)))
        {
            AddStep(node);
        }

        foreach (int id in _kept)
        {
            _values[id]!.Kept = true;
        }

        ReadInputDense();
        PlanActivations();
        if (options.Backward)
        {
            PassGates();
            PlanGradients();
        }

        Plan.Place();
    }

    /// <summary>The kernel calls in order.</summary>
    public List<CpuStep> Steps { get; } = [];

    /// <summary>The places of everything.</summary>
    public MemoryPlan Plan { get; } = new();

    /// <summary>Where seeds, and gradients of values with several readers, are made before they are added.</summary>
    public MemoryPlan.Buffer? SumPlace { get; private set; }

    /// <summary>All values.</summary>
    public IEnumerable<CpuValue> Values => _values.OfType<CpuValue>().Distinct();

    /// <summary>The value that holds a kept node's output.</summary>
    public CpuValue ValueOf(Node node) => _values[node.Id]!;

    private void AddStep(Node node)
    {
        CpuValue[] inputs = [.. node.Inputs.Select(i => _values[i]!)];
        Blocked output = _shapeOf(node);
        if (PassesOn(node.Layer, inputs[0].Shape, output) && _readers.IsReadOnce(node.Inputs[0]))
        {
            // The input's own readers would need the gradients apart, so only an input without others is shared.
            _values[node.Id] = inputs[0];
            return;
        }

        foreach (CpuValue input in inputs)
        {
            input.LastReader = Steps.Count;
        }

        (Gate gate, Node last) = node.Layer is Conv2d ? Fuse(node, output) : (Gate.None, node);
        CpuKernel kernel = node.Layer is Conv2d
            ? _backend.Kernels.Create(node, inputs[0].Shape, output, gate, _convolutions)
            : _backend.Kernels.Create(node, [.. inputs.Select(i => i.Shape)], output, _options.Backward);
        var value = new CpuValue(Steps.Count, gate.Output(output));
        _values[last.Id] = value;
        var run = new KernelRun(_backend.Pool, inputs.Length) { GatedShape = kernel.GatedShape };
        Steps.Add(new CpuStep(node, kernel, inputs, value, run));
    }

    /// <summary>
    /// Takes the ReLU behind a convolution, and the pool behind that, into its step, if nothing else reads or keeps what lies between.
    /// </summary>
    private (Gate Gate, Node Last) Fuse(Node conv, Blocked output)
    {
        if (_readers.SoleReader(conv) is not { Layer: ReLU } relu)
        {
            return (Gate.None, conv);
        }

        MarkInside(conv, relu);
        if (_readers.SoleReader(relu) is { Layer: MaxPool2d pool } last && Gates.CanFuse(pool, output)
            && ((Conv2d)conv.Layer).Window.Kernel != Size2.Square(1))
        {
            MarkInside(relu, last);
            return (Gate.ReluPool, last);
        }

        return (Gate.Relu, relu);
    }

    /// <summary>The last of them gets its value with the step.</summary>
    private void MarkInside(Node first, Node last) => _inside.UnionWith(_readers.Between(first, last).Select(n => n.Id));

    private static bool PassesOn(Layer layer, Blocked input, Blocked output) => layer switch
    {
        Dropout or Identity => true,
        AdaptiveAvgPool2d => input == output,
        Flatten => input is { H: 1, W: 1 },
        _ => false,
    };

    /// <summary>Leaves the network's input in the order in which it comes, a fraction of its blocks' size, if all that read it can do with
    /// that.</summary>
    private void ReadInputDense()
    {
        CpuValue input = _values[0]!;
        CpuStep[] readers = [.. Steps.Where(s => s.Inputs.Contains(input))];
        if (readers.Length > 0 && readers.All(s => s.Kernel.CanReadDense))
        {
            input.IsDense = true;
            Array.ForEach(readers, s => s.Kernel.ReadDense());
        }
    }

    private int BackwardTime(int step) => 2 * Steps.Count - 1 - step;

    private void PlanActivations()
    {
        HashSet<CpuValue> readBackward = !_options.Backward ? [] :
        [
            .. Steps.Where(s => s.Kernel.BackwardReadsOutput).Select(s => s.Output),
            .. Steps.Where(s => s.Kernel.BackwardReadsInputs).SelectMany(s => s.Inputs),
        ];
        foreach (CpuValue value in Values)
        {
            bool stays = value.Kept || readBackward.Contains(value);
            value.ActivationPlace = Plan.Add(
                value.ActivationBytes, Math.Max(0, value.Producer), stays ? MemoryPlan.Forever : value.LastReader);
        }

        foreach (CpuStep step in Steps.Where(s => s.Kernel.RecordBytes > 0))
        {
            // Kernels record in any case; without a backward pass the record lives for its own step only.
            int last = _options.Backward ? MemoryPlan.Forever : step.Output.Producer;
            step.RecordPlace = Plan.Add(step.Kernel.RecordBytes, step.Output.Producer, last);
        }
    }

    /// <summary>Lets the only reader of a gated kernel's output apply the gate in its backward pass, where it can.</summary>
    private void PassGates()
    {
        foreach (CpuStep step in Steps.Where(s => s.Kernel.GatedShape is not null && !s.Output.Kept))
        {
            CpuStep[] readers = [.. Steps.Where(s => s.Inputs.Contains(step.Output))];
            if (readers is [{ Kernel.CanApplyInputGate: true, Inputs.Length: 1 } reader])
            {
                step.GateAppliedBy = reader;
                reader.Run.InputGate = step.Run;
            }
        }
    }

    /// <summary>A gradient lives from the backward pass of its value's last reader to that of its producer; a kept one until the next
    /// run.</summary>
    private void PlanGradients()
    {
        long sum = 64;
        var readers = Steps.SelectMany(s => s.Inputs).CountBy(v => v).ToDictionary();
        foreach (CpuValue value in Values)
        {
            CpuStep? producer = value.Producer < 0 ? null : Steps[value.Producer];
            int first = BackwardTime(value.LastReader < 0 ? Steps.Count - 1 : value.LastReader);
            int last = BackwardTime(value.Producer);
            if (producer?.Kernel.GatedShape is { } gated)
            {
                producer.GatedPlace = Plan.Add(gated.Bytes, producer.GateAppliedBy is null ? last : first, last);
            }

            if (producer?.GateAppliedBy is null)
            {
                value.GradientPlace = Plan.Add(value.Shape.Bytes, first, value.Kept ? MemoryPlan.Forever : last);
                sum = value.Kept || readers.GetValueOrDefault(value) > 1 ? Math.Max(sum, value.Shape.Bytes) : sum;
            }
        }

        SumPlace = Plan.Add(sum, Steps.Count, MemoryPlan.Forever);
    }
}
