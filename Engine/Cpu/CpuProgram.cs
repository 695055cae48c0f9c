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
    private readonly KernelFactory _kernels;
    private readonly Network _network;
    private readonly SessionOptions _options;
    private readonly ConvPlan _convolutions;
    private readonly Func<Node, Blocked> _shapeOf;
    private readonly HashSet<int> _kept;
    private readonly GraphReaders _readers;
    private readonly ChannelMoves _moves;
    private CpuValue?[] _values; // by node id; null inside a fused step and where nothing is made
    private readonly HashSet<int> _inside = []; // nodes that a fused step covers

    /// <param name="kernels">Makes the kernels.</param>
    /// <param name="convolutions">How convolutions are computed.</param>
    /// <param name="network">The network.</param>
    /// <param name="options">What the session is prepared for.</param>
    /// <param name="shapeOf">Shapes for the images that the program takes at once.</param>
    /// <param name="isKept">Whether a node's activation and gradient stay readable.</param>
    /// <param name="plan">Where everything will lie.</param>
    public CpuProgram(KernelFactory kernels, ConvPlan convolutions, Network network, SessionOptions options, Func<Node, Blocked> shapeOf,
        Func<Node, bool> isKept, CpuPlan plan)
    {
        _kernels = kernels;
        _network = network;
        _options = options;
        _convolutions = convolutions;
        _shapeOf = shapeOf;
        Plan = plan;
        _kept = [.. network.Nodes.Where(isKept).Select(n => n.Id)];
        _readers = new GraphReaders(network, isKept);
        _moves = new ChannelMoves(network, _readers, isKept);
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
            SumPlace = new GradientPlan(Steps, [.. Values], Plan).SumPlace;
        }

        Plan.Place();
    }

    /// <summary>The kernel calls in order.</summary>
    public List<CpuStep> Steps { get; private set; } = [];

    /// <summary>The places of everything.</summary>
    public CpuPlan Plan { get; }

    /// <summary>Where seeds, and gradients of values with several readers, are made before they are added.</summary>
    public MemoryPlan.Buffer? SumPlace { get; }

    /// <summary>All values.</summary>
    public IEnumerable<CpuValue> Values => _values.OfType<CpuValue>().Distinct();

    /// <summary>The value that holds a kept node's output.</summary>
    public CpuValue ValueOf(Node node) => _values[node.Id]!;

    /// <summary>The same kernels and places for another thread, which computes other images meanwhile.</summary>
    public CpuProgram Copy()
    {
        var copy = (CpuProgram)MemberwiseClone();
        Dictionary<CpuValue, CpuValue> values = Values.ToDictionary(v => v, v => v.Copy());
        Dictionary<CpuStep, CpuStep> steps = Steps.ToDictionary(s => s, s => s.Copy(values));
        Dictionary<KernelRun, KernelRun> runs = Steps.ToDictionary(s => s.Run, s => steps[s].Run);
        foreach ((CpuStep step, CpuStep copied) in steps)
        {
            copied.Connect(step, steps, runs);
        }

        copy._values = [.. _values.Select(v => v is null ? null : values[v])];
        copy.Steps = [.. Steps.Select(s => steps[s])];
        return copy;
    }

    private void AddStep(Node node)
    {
        bool moves = _moves.Is(node);
        if (moves && _moves.Skips(node, _values))
        {
            return;
        }

        (CpuValue[] inputs, ChannelSource[] channels) = moves ? _moves.Sources(node, _values)
            : ([.. node.Inputs.Select(i => _values[i]!)], []);
        Blocked output = _shapeOf(node);
        if (PassesOn(node.Layer, inputs[0].Shape, output) && _readers.IsReadOnce(node.Inputs[0]))
        {
            // The input's own readers would need the gradients apart, so only an input without others is shared.
            _values[node.Id] = inputs[0];
            return;
        }

        (ConvTail tail, Node last) = (default, node);
        Node? affine = null;
        if (node.Layer is Conv2d)
        {
            (tail, last, Node? added) = Fuse(node, output);
            inputs = added is null ? inputs : [.. inputs, _values[added.Id]!];
        }
        else if ((node.Layer is Concat && _readers.SoleReader(node) is { Layer: ChannelAffine } follows ? follows : node)
            is { Layer: ChannelAffine } scaled)
        {
            affine = scaled;
            MarkInside(node, affine);
            (tail, last) = FuseGate(affine, default);
        }

        foreach (CpuValue input in inputs)
        {
            input.LastReader = Steps.Count;
        }

        Blocked[] shapes = [.. inputs.Select(i => i.Shape)];
        CpuKernel kernel = moves ? _kernels.CreateMove(shapes, output, channels)
            : affine is not null ? _kernels.CreateAffine(affine, shapes, output, tail, _options.Backward)
            : node.Layer is Conv2d ? _kernels.Create(node, shapes[0], output, tail, _convolutions)
            : _kernels.Create(node, shapes, output, _options.Backward);
        var value = new CpuValue(Steps.Count, tail.Output(output));
        _values[last.Id] = value;
        var run = new KernelRun(inputs.Length) { Tail = kernel.Tail, GatedShape = kernel.GatedShape };
        Steps.Add(new CpuStep(node, kernel, inputs, value, run));
    }

    /// <summary>
    /// Takes what follows a convolution into its step, if nothing else reads or keeps what lies between: the sum with a map that is there
    /// already, an activation, and the pool behind a ReLU.
    /// </summary>
    private (ConvTail Tail, Node Last, Node? Added) Fuse(Node conv, Blocked output)
    {
        Node last = conv;
        Node? added = null;
        if (_readers.SoleReader(conv) is { Layer: Add, Inputs.Length: 2 } sum && Other(conv, sum) is { } other)
        {
            MarkInside(last, sum);
            (last, added) = (sum, other);
        }

        (ConvTail tail, Node gate) = FuseGate(last, new ConvTail(Adds: added is not null));
        if (tail == new ConvTail(Gate.Activation) && _readers.SoleReader(gate) is { Layer: MaxPool2d pool } pooled
            && ConvTail.CanFuse(pool, output) && ((Conv2d)conv.Layer).Window.Kernel != Size2.Square(1))
        {
            MarkInside(gate, pooled);
            return (new ConvTail(Gate.ReluPool), pooled, null);
        }

        return (tail, gate, added);
    }

    /// <summary>Takes an activation into the step that ends in a node so far.</summary>
    private (ConvTail Tail, Node Last) FuseGate(Node last, ConvTail tail)
    {
        if (_readers.SoleReader(last) is not { Layer: ReLU or Activation } gate)
        {
            return (tail, last);
        }

        MarkInside(last, gate);
        return (tail with { Gate = Gate.Activation, Function = (gate.Layer as Activation)?.F }, gate);
    }

    /// <summary>What a sum adds to a convolution's output, if that has been computed before; the convolution's own value is not yet
    /// there.</summary>
    private Node? Other(Node conv, Node sum)
    {
        Node[] others = [.. sum.Inputs.Select(i => _network.Nodes[i]).Where(n => n.Id < conv.Id && _values[n.Id] is not null)];
        return others is [var one] ? one : null;
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
}
