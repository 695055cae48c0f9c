using Interp.Engine.Arithmetic;
using Interp.Engine.Attribution;
using Interp.Engine.Backends;
using Interp.Engine.Common;
using Interp.Engine.Graph;
using Interp.Engine.Imaging;
using Interp.Engine.Rules;
using Interp.Engine.Tensors;

namespace Interp.Engine.Concepts;

/// <summary>Where in one photo a class depends on a concept.</summary>
/// <param name="Concept">The concept.</param>
/// <param name="Sensitivity">S = ⟨∇z_c, v⟩, the sum over the layer's places.</param>
/// <param name="Height">Height of the layer's maps.</param>
/// <param name="Width">Their width.</param>
/// <param name="Values">At each place Σ_k ∂z_c/∂a_k·v_k, <c>[h,w]</c>; of pooled features v is the same at all places.</param>
/// <param name="Enlarged">The same at the image's size, bilinearly.</param>
public sealed record ConceptMap(string Concept, double Sensitivity, int Height, int Width, float[] Values, float[] Enlarged)
{
    /// <summary>The maps of some concepts on a photo, from one backward pass.</summary>
    /// <param name="explainer">The network, and where it runs.</param>
    /// <param name="layer">The layer of the directions, one with maps.</param>
    /// <param name="input">The photo, of the network's own size.</param>
    /// <param name="target">The class.</param>
    /// <param name="concepts">The directions.</param>
    /// <param name="cancel">Checked before each layer.</param>
    /// <exception cref="InputException">The layer has no maps, or the directions are of another layer or size.</exception>
    public static IReadOnlyList<ConceptMap> Of(
        Explainer explainer, Node layer, NetworkInput input, ClassTarget target, IReadOnlyList<ConceptVector> concepts,
        CancellationToken cancel = default)
    {
        Session session = explainer.Forward(input, [layer], cancel);
        Shape shape = session.ShapeOf(layer);
        if (shape.Rank != 4)
        {
            throw new InputException($"layer {layer.Name}: it gives {shape}, expected a layer with maps [N,C,H,W] to show places of");
        }

        session.Backward(ReluRules.Vanilla, cancel, target.Seed(session));
        float[] gradient = session.Gradient(layer);
        return [.. concepts.Select(c => Map(c, gradient, shape, input.Image))];
    }

    private static ConceptMap Map(ConceptVector concept, float[] gradient, Shape shape, RgbImage image)
    {
        (int channels, int height, int width) = (shape[1], shape[2], shape[3]);
        int places = height * width;
        bool each = concept.Values.Length == gradient.Length;
        if (!each && concept.Values.Length != channels)
        {
            throw new InputException($"concept {concept.Concept}: its direction has {concept.Values.Length} values, expected {channels} or "
                + $"{gradient.Length} at this layer and image size");
        }

        var sums = new double[places];
        for (int k = 0; k < channels; k++)
        {
            for (int p = 0; p < places; p++)
            {
                sums[p] += (double)gradient[(k * places) + p] * concept.Values[each ? (k * places) + p : k];
            }
        }

        float[] values = Array.ConvertAll(sums, s => (float)s);
        return new ConceptMap(concept.Concept, sums.Sum(), height, width, values,
            Bilinear.Resize(values, (height, width), (image.Height, image.Width)));
    }
}
