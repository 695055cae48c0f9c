using Interp.Engine.Imaging;
using Interp.Engine.Statistics;

namespace Interp.Engine.Evidence.Numerics;

/// <summary>How alike two maps are, by the size of their values.</summary>
internal static class MapSimilarity
{
    /// <summary>
    /// Spearman's rank correlation of |a| and |b|: the correlation of the ranks, equal values sharing their mean rank. −1 to 1; NaN if one
    /// of the maps is constant.
    /// </summary>
    public static double Spearman(ReadOnlySpan<float> a, ReadOnlySpan<float> b) =>
        Correlation.Spearman(Array.ConvertAll(Sizes(a), v => (double)v), Array.ConvertAll(Sizes(b), v => (double)v));

    /// <summary>Structural similarity (<see cref="StructuralSimilarity"/>) of |a| and |b|, each scaled to 0…1.</summary>
    /// <param name="a">A map, <c>[H,W]</c>.</param>
    /// <param name="b">The other.</param>
    /// <param name="size">H and W.</param>
    public static double Ssim(ReadOnlySpan<float> a, ReadOnlySpan<float> b, (int Height, int Width) size) =>
        StructuralSimilarity.Of(MapPlane.Unit(Sizes(a)), MapPlane.Unit(Sizes(b)), size);

    private static float[] Sizes(ReadOnlySpan<float> values) => Array.ConvertAll(values.ToArray(), Math.Abs);
}
