using Interp.Engine.Arithmetic;

namespace Interp.Engine.Attribution.Perturbation;

/// <summary>The image behind each of RISE's masks.</summary>
/// <param name="masks">The masks.</param>
/// <param name="image">The image, <c>[C,H,W]</c>.</param>
internal sealed class RiseImages(RiseMasks masks, float[] image) : MaskedByGrids(
    image, (masks.Height, masks.Width), (masks.Cells, masks.Cells), (masks.Down.Length, masks.Across.Length), toOne: false)
{
    /// <inheritdoc/>
    internal override float[] Numbers(int index)
    {
        RiseMask mask = masks[index];
        return [.. mask.Grid.Select(cell => (float)cell), mask.Top, mask.Left];
    }

    /// <inheritdoc/>
    internal override void Make(int index, Span<float> input) => masks.Show(index, Image, input);
}
