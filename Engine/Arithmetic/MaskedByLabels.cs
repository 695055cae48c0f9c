namespace Interp.Engine.Arithmetic;

/// <summary>fill + w (image − fill), w the weight of each pixel's label: superpixels that stay or go, cells that are dimmed. The numbers
/// are the weights by label.</summary>
/// <param name="image">The image, <c>[C,H,W]</c>.</param>
/// <param name="fill">As large.</param>
/// <param name="labels">The label of each pixel, from 0.</param>
/// <param name="weights">An image's weights by label, 0 … 1; all have the same number.</param>
internal sealed class MaskedByLabels(float[] image, float[] fill, int[] labels, Func<int, float[]> weights)
    : MaskedImages(image, fill, labels)
{
    private readonly LabelRuns _runs = new(labels);

    /// <inheritdoc/>
    internal override int Plane => Layout.Length;

    /// <inheritdoc/>
    internal override float[] Numbers(int index) => weights(index);

    /// <inheritdoc/>
    internal override void Make(int index, Span<float> input) => _runs.Blend(weights(index), Image, Fill, input);
}
