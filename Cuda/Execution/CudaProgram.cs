using Interp.Cuda.Layers;
using Interp.Engine.Backends;
using Interp.Engine.Graph;
using Interp.Engine.Layers;
using Interp.Engine.Tensors;

namespace Interp.Cuda.Execution;

/// <summary>
/// What a session runs: steps in order, and where each tensor lies in one block of device memory. Step s of the forward pass is at time s,
/// its backward pass
/// at time 2S − 1 − s; lifetimes in that time decide which tensors share memory.
/// </summary>
internal sealed class CudaProgram : IDisposable
{
    private readonly CudaBackend _backend;
    private readonly SessionOptions _options;
    private readonly Func<Node, Shape> _shapeOf;
    private readonly GraphReaders _readers;
    private readonly DeviceValue?[] _values; // by node id; null inside a fused step
    private readonly HashSet<int> _inside = []; // nodes that a fused step covers

    internal CudaProgram(CudaBackend backend, Network network, SessionOptions options, Func<Node, Shape> shapeOf, Func<Node, bool> isKept)
    {
        (_backend, _options, _shapeOf) = (backend, options, shapeOf);
        _readers = new GraphReaders(network, isKept);
        _values = new DeviceValue?[network.Nodes.Length];
        _values[0] = new DeviceValue(-1, shapeOf(network.Input));
        try
        {
            foreach (Node node in network.Nodes.Skip(1).Where(n => !_inside.Contains(n.Id)))
            {
                AddStep(node);
            }
        }
        catch
        {
            Dispose();
            throw;
        }

        foreach (Node node in network.Nodes.Where(isKept))
        {
            _values[node.Id]!.Kept = true;
        }

        Values = [.. _values.OfType<DeviceValue>().Distinct()];
        PlanActivations();
        if (options.Backward)
        {
            PlanGradients();
        }

        WorkspacePlace = Plan.Add(Math.Max(256, Steps.Select(s => s.Layer.WorkspaceBytes).DefaultIfEmpty().Max()), 0, MemoryPlan.Forever);
        Plan.Place();
    }

    internal List<CudaStep> Steps { get; } = [];

    internal MemoryPlan Plan { get; } = new();

    /// <summary>Where gradients of values with several readers are made before they are added.</summary>
    internal MemoryPlan.Buffer? SumPlace { get; private set; }

    internal MemoryPlan.Buffer WorkspacePlace { get; }

    internal IReadOnlyList<DeviceValue> Values { get; }

    /// <summary>The value that holds a kept node's output.</summary>
    internal DeviceValue ValueOf(Node node) => _values[node.Id]!;

    public void Dispose()
    {
        foreach (CudaStep step in Steps)
        {
            step.Layer.Dispose();
        }
    }

    private void AddStep(Node node)
    {
        DeviceValue[] inputs = [.. node.Inputs.Select(i => _values[i]!)];
        Shape output = _shapeOf(node);
        if (PassesOn(node.Layer, inputs[0].Shape, output) && _readers.IsReadOnce(node.Inputs[0]))
        {
            // The input's own readers would need the gradients apart, so only an input without others is shared.
            _values[node.Id] = inputs[0];
            return;
        }

        foreach (DeviceValue input in inputs)
        {
            input.LastReader = Steps.Count;
        }

        Node last = node;
        bool rectified = CudaLayer.CanRectify(node.Layer) && _readers.SoleReader(node) is { Layer: ReLU };
        if (rectified)
        {
            last = _readers.SoleReader(node)!;
            _inside.UnionWith(_readers.Between(node, last).Select(n => n.Id));
        }

        CudaLayer layer = CudaLayer.Create(_backend, node, [.. inputs.Select(i => i.Shape)], output, rectified, _options);
        var value = new DeviceValue(Steps.Count, output);
        _values[last.Id] = value;
        Steps.Add(new CudaStep(node, layer, inputs, value, rectified));
    }

    private static bool PassesOn(Layer layer, Shape input, Shape output) =>
        layer is Dropout or Identity or Flatten || (layer is AdaptiveAvgPool2d && input == output);

    private int BackwardTime(int step) => (2 * Steps.Count) - 1 - step;

    private void PlanActivations()
    {
        var readAgain = Steps.Where(s => s.Layer.BackwardReadsInputs).SelectMany(s => s.Inputs).ToHashSet();
        foreach (DeviceValue value in Values)
        {
            bool isRead = readAgain.Contains(value)
                || (value.Producer >= 0 && (Steps[value.Producer].Layer.BackwardReadsOutput || Steps[value.Producer].Rectified));
            bool stays = value.Kept || (_options.Backward && isRead);
            value.ActivationPlace = Plan.Add(
                value.Bytes, Math.Max(0, value.Producer), stays ? MemoryPlan.Forever : Math.Max(value.Producer, value.LastReader));
        }

        foreach (CudaStep step in Steps.Where(s => s.Layer.RecordBytes > 0))
        {
            // Kernels record in any case; without a backward pass the record lives for its own step only.
            step.RecordPlace = Plan.Add(
                step.Layer.RecordBytes, step.Output.Producer, _options.Backward ? MemoryPlan.Forever : step.Output.Producer);
        }
    }

    /// <summary>A gradient lives from the backward pass of its value's last reader to that of its producer; a kept one until the next
    /// run.</summary>
    private void PlanGradients()
    {
        long sum = 256;
        var readers = Steps.SelectMany(s => s.Inputs).CountBy(v => v).ToDictionary();
        foreach (DeviceValue value in Values)
        {
            int first = BackwardTime(value.LastReader < 0 ? Steps.Count - 1 : value.LastReader), last = BackwardTime(value.Producer);
            value.GradientPlace = Plan.Add(value.Bytes, first, value.Kept ? MemoryPlan.Forever : last);
            if (value.Kept && value.Producer >= 0 && Steps[value.Producer].Rectified)
            {
                Steps[value.Producer].GatedPlace = Plan.Add(value.Bytes, last, last);
            }

            sum = value.Kept || readers.GetValueOrDefault(value) > 1 ? Math.Max(sum, value.Bytes) : sum;
        }

        SumPlace = Plan.Add(sum, Steps.Count, MemoryPlan.Forever);
    }
}
