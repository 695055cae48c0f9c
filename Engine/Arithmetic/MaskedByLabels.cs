namespace Interp.Engine.Arithmetic;

/// <summary>fill + w (image − fill), w the weight of each pixel's label: superpixels that stay or go, cells that are dimmed.</summary>
/// <param name="image">The image, <c>[C,H,W]</c>.</param>
/// <param name="fill">As large.</param>
/// <param name="labels">The label of each pixel, from 0.</param>
/// <param name="weights">An image's weights by label, 0 … 1; all have the same number.</param>
internal sealed class MaskedByLabels(float[] image, float[] fill, int[] labels, Func<int, float[]> weights) : MaskedImages(image)
{
    private readonly LabelRuns _runs = new(labels);

    /// <summary>What stands where the weight is 0.</summary>
    internal float[] Fill => fill;

    /// <summary>The label of each pixel.</summary>
    internal int[] Labels => labels;

    /// <summary>An image's weights by label.</summary>
    internal float[] Weights(int index) => weights(index);

    /// <inheritdoc/>
    internal override void Make(int index, Span<float> input) => _runs.Blend(weights(index), Image, fill, input);
}
