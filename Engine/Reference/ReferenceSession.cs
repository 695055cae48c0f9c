using Interp.Engine.Backends;
using Interp.Engine.Graph;
using Interp.Engine.Layers;
using Interp.Engine.Reference.Kernels;
using Interp.Engine.Rules;
using Interp.Engine.Tensors;

namespace Interp.Engine.Reference;

/// <summary>
/// A float64 run of a network. It keeps every activation and gradient, and can take over another session's ReLU and max-pool decisions: a
/// float32 backend rightly decides a few near-ties the other way, after which exact gradients could no longer be compared.
/// </summary>
internal sealed class ReferenceSession : Session
{
    private NodeState[] _nodes;
    private bool _hasActivations;
    private bool _hasGradients;

    /// <summary>Prepares a run of the network.</summary>
    /// <exception cref="Common.ModelException">The input size does not fit the network.</exception>
    public ReferenceSession(Network network, SessionOptions options) : base(network, options) =>
        _nodes = [.. network.Nodes.Select(n => new NodeState(n, ShapeOf(n), options.Backward))];

    /// <inheritdoc/>
    public override long Bytes => Network.Nodes.Sum(n => ShapeOf(n).Count) * sizeof(double) * (Options.Backward ? 2 : 1);

    /// <summary><see cref="Session.Forward"/> from a float64 input.</summary>
    /// <exception cref="ArgumentException">The input is not as long as its shape says.</exception>
    public void ForwardExact(ReadOnlySpan<double> input, CancellationToken cancel = default)
    {
        if (input.Length != InputShape.Count)
        {
            string found = $"expected {InputShape.Count} values for an input of shape {InputShape}, found {input.Length}";
            throw new ArgumentException(found, nameof(input));
        }

        ObjectDisposedException.ThrowIf(_nodes.Length == 0, this);
        input.CopyTo(_nodes[0].Activation.Values);
        RunForward(cancel);
    }

    /// <summary>Any node's output after a forward pass, unrounded.</summary>
    public double[] ActivationExact(Node node) => [.. ActivationOf(node).Values];

    /// <summary>The gradient at any node's output after a backward pass, unrounded; zeros where nothing flows.</summary>
    public double[] GradientExact(Node node) => [.. GradientOf(node).Values];

    /// <summary>Makes backward passes take these decisions [x &gt; 0] at a ReLU until other ones are imposed.</summary>
    /// <exception cref="ArgumentException">The node is not a ReLU, or it has another number of outputs.</exception>
    public void ImposeRelu(Node node, bool[] active) => State<ReLU>(node, active.Length).ImposedActive = active;

    /// <summary>
    /// Makes backward passes take these switches at a max pool until other ones are imposed: for each output the place row·width + column
    /// in its input plane, or −1 for none.
    /// </summary>
    /// <exception cref="ArgumentException">
    /// The node is not a max pool, it has another number of outputs, or a place does not exist.
    /// </exception>
    public void ImposePool(Node node, int[] switches)
    {
        NodeState state = node.Layer is AdaptiveMaxPool2d ? State<AdaptiveMaxPool2d>(node, switches.Length)
            : State<MaxPool2d>(node, switches.Length);
        Shape input = ShapeOf(Network.Nodes[node.Inputs[0]]);
        if (Array.Exists(switches, place => place < -1 || place >= input[2] * input[3]))
        {
            throw new ArgumentException($"node '{node.Name}': a switch lies outside the input plane {input[2]}x{input[3]}",
                nameof(switches));
        }

        state.ImposedSwitches = switches;
    }

    /// <summary>
    /// Makes backward passes take the slopes of an activation, where its input lies on another piece of the function than here, at these
    /// inputs, until other ones are imposed: for ReLU6, PReLU and their like, which decide as a ReLU does.
    /// </summary>
    /// <exception cref="ArgumentException">The node is not an activation, or it has another number of outputs.</exception>
    public void ImposePieces(Node node, double[] inputs)
    {
        NodeState state = node.Layer is PReLU ? State<PReLU>(node, inputs.Length) : State<Activation>(node, inputs.Length);
        double[] own = _nodes[node.Inputs[0]].Activation.Values;
        double[] at = own;
        if (LayerKernels.Pieces(node.Layer) is { } piece)
        {
            // As close to a kink as a value may lie, the slope is taken where the other session's lies.
            at = [.. own.Select((x, i) => piece(x) == piece(inputs[i]) ? x : inputs[i])];
        }

        (state.ImposedInputs, state.ImposedSlopes) = (inputs, LayerKernels.Slopes(state, at));
    }

    /// <summary>
    /// Imposes the decisions that another session of the same network made, read from its kept activations of every ReLU, every max
    /// pool's input and the input of every activation with kinks.
    /// </summary>
    /// <returns>The number of decisions that differ from this session's own.</returns>
    /// <exception cref="InvalidOperationException">
    /// One of these nodes is not kept there, or either session has not completed a forward pass.
    /// </exception>
    public int ImposeDecisions(Session other)
    {
        foreach (NodeState state in _nodes)
        {
            if (state.Node.Layer is ReLU)
            {
                ImposeRelu(state.Node, [.. other.Activation(state.Node).Select(y => y > 0)]);
            }
            else if (LayerKernels.Pieces(state.Node.Layer) is not null)
            {
                ImposePieces(state.Node, [.. other.Activation(Network.Nodes[state.Node.Inputs[0]]).Select(x => (double)x)]);
            }
            else if (state.Node.Layer is MaxPool2d or AdaptiveMaxPool2d)
            {
                Node source = Network.Nodes[state.Node.Inputs[0]];
                MaxPool2d pool = MaxPool2d.Of(state.Node.Layer, ShapeOf(source))!;
                var x = new Tensor64(ShapeOf(source));
                Widen(other.Activation(source), x.Values);
                ImposePool(state.Node, MaxPool2dKernel.Forward(pool, x, new Tensor64(ShapeOf(state.Node))));
            }
        }

        return ImposedDifferences();
    }

    /// <summary>The number of imposed decisions that differ from those of the last forward pass.</summary>
    public int ImposedDifferences()
    {
        RequireActivations();
        return _nodes.Sum(s =>
            Differences(s.ImposedActive, s.Active) + Differences(s.ImposedSwitches, s.Switches) + DifferentPieces(s));
    }

    /// <inheritdoc/>
    internal override void Place(Session known, IReadOnlyList<FrameSource> frames)
    {
        foreach (NodeState state in _nodes)
        {
            if (state.Node.Layer is Frame frame)
            {
                state.Known = ((ReferenceSession)known).ActivationOf(frames[frame.Slot].Known);
                state.Places = frames[frame.Slot].Places;
            }
        }
    }

    /// <inheritdoc/>
    protected override void RunForward(ReadOnlySpan<float> input, CancellationToken cancel)
    {
        ObjectDisposedException.ThrowIf(_nodes.Length == 0, this);
        Widen(input, _nodes[0].Activation.Values);
        RunForward(cancel);
    }

    /// <inheritdoc/>
    protected override void RunBackward(ReluRule rule, ReadOnlySpan<Seed> seeds, CancellationToken cancel)
    {
        RequireActivations();
        _hasGradients = false;
        foreach (NodeState state in _nodes)
        {
            Array.Clear(state.Gradient!.Values);
        }

        foreach (Seed seed in seeds)
        {
            double[] gradient = _nodes[seed.Node.Id].Gradient!.Values;
            for (int i = 0; i < gradient.Length; i++)
            {
                gradient[i] += seed.Gradient.Span[i];
            }
        }

        for (int id = _nodes.Length - 1; id > 0; id--)
        {
            cancel.ThrowIfCancellationRequested();
            LayerKernels.Backward(_nodes[id], InputsOf(_nodes[id]), rule);
        }

        _hasGradients = true;
    }

    /// <inheritdoc/>
    protected override void ReadActivation(Node node, Span<float> destination) => Round(ActivationOf(node).Values, destination);

    /// <inheritdoc/>
    protected override void ReadGradient(Node node, Span<float> destination) => Round(GradientOf(node).Values, destination);

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        _nodes = [];
        _hasActivations = _hasGradients = false;
    }

    private static void Widen(ReadOnlySpan<float> source, double[] destination)
    {
        for (int i = 0; i < source.Length; i++)
        {
            destination[i] = source[i];
        }
    }

    private static void Round(double[] source, Span<float> destination)
    {
        for (int i = 0; i < source.Length; i++)
        {
            destination[i] = (float)source[i];
        }
    }

    private static int Differences<T>(T[]? imposed, T[]? own) =>
        imposed is null ? 0 : imposed.Zip(own!).Count(p => !p.First!.Equals(p.Second));

    private int DifferentPieces(NodeState state)
    {
        return state.ImposedInputs is { } imposed && LayerKernels.Pieces(state.Node.Layer) is { } piece
            ? _nodes[state.Node.Inputs[0]].Activation.Values.Where((x, i) => piece(x) != piece(imposed[i])).Count()
            : 0;
    }

    private void RunForward(CancellationToken cancel)
    {
        _hasActivations = _hasGradients = false;
        foreach (NodeState state in _nodes.AsSpan(1))
        {
            cancel.ThrowIfCancellationRequested();
            LayerKernels.Forward(state, InputsOf(state));
        }

        _hasActivations = true;
    }

    private NodeState[] InputsOf(NodeState state) => [.. state.Node.Inputs.Select(i => _nodes[i])];

    private NodeState State<TLayer>(Node node, int length) where TLayer : Layer => node.Layer is TLayer && length == ShapeOf(node).Count
        ? _nodes[node.Id]
        : throw new ArgumentException(
            $"node '{node.Name}' is a {node.Layer.Kind} of shape {ShapeOf(node)}: "
            + $"{length} decisions of a {typeof(TLayer).Name} do not fit");

    private Tensor64 ActivationOf(Node node)
    {
        RequireActivations();
        return _nodes[node.Id].Activation;
    }

    private Tensor64 GradientOf(Node node)
    {
        ObjectDisposedException.ThrowIf(_nodes.Length == 0, this);
        return _hasGradients
            ? _nodes[node.Id].Gradient!
            : throw new InvalidOperationException("no backward pass was completed since the last forward pass");
    }

    private void RequireActivations()
    {
        ObjectDisposedException.ThrowIf(_nodes.Length == 0, this);
        if (!_hasActivations)
        {
            throw new InvalidOperationException("no forward pass was completed");
        }
    }
}
