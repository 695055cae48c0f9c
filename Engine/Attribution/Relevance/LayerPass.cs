using System.Collections.Immutable;
using Interp.Engine.Attribution.Relevance.Parts;
using Interp.Engine.Graph;
using Interp.Engine.Tensors;

namespace Interp.Engine.Attribution.Relevance;

/// <summary>What a rule sees of its layer.</summary>
/// <param name="Request">The image and what is explained.</param>
/// <param name="Node">The layer's node.</param>
/// <param name="Shapes">The shapes of all nodes' outputs for one image.</param>
/// <param name="Image">Activations on the image.</param>
/// <param name="Reference">Activations on the input that it is compared with, for rules that compare.</param>
/// <param name="Conservation">Told what biases take.</param>
internal sealed record LayerPass(
    AttributionRequest Request, Node Node, ImmutableArray<Shape> Shapes, Activations Image, Activations? Reference, Conservation Conservation)
{
    /// <summary>Shape of an input.</summary>
    public Shape InputShape(int i = 0) => Shapes[Node.Inputs[i]];

    /// <summary>An input's activation on the image.</summary>
    public float[] Input(int i = 0) => Image[Request.Network.Nodes[Node.Inputs[i]]];

    /// <summary>The output on the image.</summary>
    public float[] Output => Image[Node];

    /// <summary>The input's activation on the reference.</summary>
    public float[] ReferenceInput => Reference![Request.Network.Nodes[Node.Inputs[0]]];

    /// <summary>The output on the reference.</summary>
    public float[] ReferenceOutput => Reference![Node];

    /// <summary>A part of the first input; null if it is zero everywhere.</summary>
    public float[]? Part(InputPart part)
    {
        float[] x = part.Of(Input(), Shapes[0], Request.Network.Preprocessing);
        return x.AsSpan().IndexOfAnyExcept(0f) < 0 ? null : x;
    }

    /// <summary>The layer on its own.</summary>
    /// <param name="weights">What becomes of its weights.</param>
    /// <param name="bias">Whether it adds its biases, of which the same becomes.</param>
    public PartRun Open(WeightPart weights, bool bias)
    {
        LayerParts parts = Request.Explainer.Own(() => new LayerParts(Request.Explainer.Backend));
        return parts.Open(Node, InputShape(), weights, bias, Request.Cancel);
    }

    /// <summary>The layer on its own, as it is.</summary>
    public PartRun Open() => Open(WeightPart.Own, bias: true);
}
