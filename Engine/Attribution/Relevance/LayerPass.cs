using System.Collections.Immutable;
using Interp.Engine.Attribution.Relevance.Parts;
using Interp.Engine.Graph;
using Interp.Engine.Tensors;

namespace Interp.Engine.Attribution.Relevance;

/// <summary>
/// What a rule sees of its layer: the layer itself, and what goes into it and comes out of it for one image. Arrays must not be changed.
/// </summary>
public sealed class LayerPass
{
    private readonly AttributionRequest _request;
    private readonly ImmutableArray<Shape> _shapes;
    private readonly Activations _image;
    private readonly Activations? _reference;
    private readonly Dictionary<InputPart, float[]?> _parts = [];
    private readonly LayerParts _layers;
    private readonly Dictionary<(WeightPart Weights, bool Bias), PartRun>? _shared;
    private readonly List<float[]> _made = [];
    private bool? _isNegative;

    /// <param name="request">What is explained.</param>
    /// <param name="node">The layer's node.</param>
    /// <param name="shapes">The shapes of all nodes for one image.</param>
    /// <param name="image">What they give for the image.</param>
    /// <param name="reference">What they give for the reference, or null.</param>
    /// <param name="isShared">Whether more than one relevance will be handed down through the layer: runs of it are then kept until <see
    /// cref="Close"/>.</param>
    internal LayerPass(
        AttributionRequest request,
        Node node,
        ImmutableArray<Shape> shapes,
        Activations image,
        Activations? reference,
        bool isShared)
    {
        (_request, Node, _shapes) = (request, node, shapes);
        _layers = LayerParts.Of(request.Explainer);
        (_image, _reference, _shared) = (image, reference, isShared ? [] : null);
    }

    /// <summary>The network.</summary>
    public Network Network => _request.Network;

    /// <summary>The layer's node.</summary>
    public Node Node { get; }

    /// <summary>The output's shape, <c>[1,C,H,W]</c> or <c>[1,C]</c>.</summary>
    public Shape OutputShape => _shapes[Node.Id];

    /// <summary>The output on the image.</summary>
    /// <exception cref="InvalidOperationException">The rule does not say that it reads it.</exception>
    public float[] Output => _image[Node];

    /// <summary>The same, or null where the layer's rule does not say that it reads it.</summary>
    internal float[]? KeptOutput => _image.Find(Node);

    /// <summary>Told what biases take.</summary>
    internal Conservation Conservation { get; set; } = new();

    /// <summary>The output on the reference.</summary>
    internal float[] ReferenceOutput => _reference![Node];

    /// <summary>An input's shape.</summary>
    /// <param name="i">Which of the layer's inputs.</param>
    public Shape InputShape(int i = 0) => _shapes[Node.Inputs[i]];

    /// <summary>An input's activation on the image.</summary>
    /// <param name="i">Which of the layer's inputs.</param>
    /// <exception cref="InvalidOperationException">The rule says that it does not read inputs.</exception>
    public float[] Input(int i = 0) => _image[Network.Nodes[Node.Inputs[i]]];

    /// <summary>An input's activation on the reference, for rules that compare.</summary>
    internal float[] ReferenceInput(int i = 0) => _reference![Network.Nodes[Node.Inputs[i]]];

    /// <summary>Arrays, and arithmetic on them.</summary>
    internal ArrayWork Work => _layers.Work;

    /// <summary>A part of the first input; null if it is zero everywhere. The input itself is its positive part where nothing is below
    /// zero.</summary>
    internal float[]? Part(InputPart part)
    {
        if (!_parts.TryGetValue(part, out float[]? known))
        {
            known = Make(part);
            _parts.Add(part, known);
        }

        return known;
    }

    /// <summary>The layer on its own.</summary>
    /// <param name="weights">What becomes of its weights.</param>
    /// <param name="bias">Whether it adds its biases, of which the same becomes.</param>
    internal PartRun Open(WeightPart weights, bool bias)
    {
        if (_shared is not null && _shared.TryGetValue((weights, bias), out PartRun? open))
        {
            return open;
        }

        PartRun run = _layers.Open(Node, InputShape(), weights, bias, _shared is not null, _request.Cancel);
        _shared?.Add((weights, bias), run);
        return run;
    }

    /// <summary>The layer on its own, as it is.</summary>
    internal PartRun Open() => Open(WeightPart.Own, bias: true);

    /// <summary>Closes the runs that were kept, and gives back arrays.</summary>
    internal void Close()
    {
        foreach (PartRun run in _shared?.Values ?? Enumerable.Empty<PartRun>())
        {
            run.Close();
        }

        _shared?.Clear();
        _made.ForEach(Work.Return);
        _made.Clear();
        _parts.Clear();
    }

    private float[]? Make(InputPart part)
    {
        if (part is InputPart.Own or InputPart.Positive or InputPart.Negative)
        {
            float[] input = Input();
            if (part == InputPart.Own || !(_isNegative ??= Work.AnyNegative(input)))
            {
                return part == InputPart.Negative || input.AsSpan().IndexOfAnyExcept(0f) < 0 ? null : input;
            }

            float[] half = Work.Half(input, part == InputPart.Positive);
            _made.Add(half);
            return half.AsSpan().IndexOfAnyExcept(0f) < 0 ? null : half;
        }

        if (part == InputPart.Ones)
        {
            float[] ones = Work.Keep((int)InputShape().Count);
            _made.Add(ones);
            Array.Fill(ones, 1f);
            return ones;
        }

        float[] bound = PixelBounds.At(Network, Network.Nodes[Node.Inputs[0]], _shapes[0], highest: part == InputPart.Highest);
        return bound.AsSpan().IndexOfAnyExcept(0f) < 0 ? null : bound;
    }
}
