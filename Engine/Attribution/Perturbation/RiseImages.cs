using Interp.Engine.Arithmetic;

namespace Interp.Engine.Attribution.Perturbation;

/// <summary>The image behind each of RISE's masks.</summary>
/// <param name="masks">The masks.</param>
/// <param name="image">The image, <c>[C,H,W]</c>.</param>
internal sealed class RiseImages(RiseMasks masks, float[] image) : MaskedByGrids(
    image, (masks.Height, masks.Width), (masks.Cells, masks.Cells), (masks.Down.Length, masks.Across.Length), toOne: false)
{
    /// <inheritdoc/>
    internal override (int Top, int Left) Write(int index, Span<float> values)
    {
        RiseMask mask = masks[index];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = (float)mask.Grid[i];
        }

        return (mask.Top, mask.Left);
    }

    /// <inheritdoc/>
    internal override void Make(int index, Span<float> input) => masks.Show(index, Image, input);
}
