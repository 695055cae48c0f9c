using Interp.Engine.Arithmetic;
using Interp.Engine.Common;

namespace Interp.Engine.Attribution.Perturbation;

/// <summary>
/// RISE's random masks: s×s cells, each 1 with probability p and else 0, enlarged bilinearly (half-pixel centres) to (s+1)·⌈H/s⌉ ×
/// (s+1)·⌈W/s⌉, of which H×W are cut out at a random offset below ⌈H/s⌉, ⌈W/s⌉. Mask i depends on (seed, i) alone.
/// </summary>
/// <param name="seed">The seed.</param>
/// <param name="cells">s.</param>
/// <param name="keep">p.</param>
/// <param name="size">H and W.</param>
internal sealed class RiseMasks(ulong seed, int cells, double keep, (int Height, int Width) size)
{
    /// <summary>A mask, <c>[H,W]</c> with values in 0…1.</summary>
    internal float[] this[int index]
    {
        get
        {
            var rng = new Rng(seed, (ulong)index);
            int count = cells * cells;
            float[] grid = [.. Enumerable.Range(0, count).Select(k => rng.Uniform((ulong)k) < keep ? 1f : 0f)];
            (int cellHeight, int cellWidth) = ((size.Height + cells - 1) / cells, (size.Width + cells - 1) / cells);
            (int top, int left) = ((int)(rng.Uniform((ulong)count) * cellHeight), (int)(rng.Uniform((ulong)count + 1) * cellWidth));
            (int Height, int Width) large = ((cells + 1) * cellHeight, (cells + 1) * cellWidth);
            float[] enlarged = Bilinear.Resize(grid, (cells, cells), large);
            var mask = new float[size.Height * size.Width];
            for (int y = 0; y < size.Height; y++)
            {
                enlarged.AsSpan(((top + y) * large.Width) + left, size.Width).CopyTo(mask.AsSpan(y * size.Width));
            }

            return mask;
        }
    }
}
