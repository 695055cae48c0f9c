using Interp.Engine.Attribution;
using Interp.Engine.Evidence;
using Interp.Engine.Evidence.Numerics;

namespace Interp.Engine.Adversarial;

/// <summary>How alike two maps of the same method are, such as those of an image before and after an attack.</summary>
/// <param name="Spearman">Rank correlation of the sizes of their values, a value a pixel; NaN if one of them is constant.</param>
/// <param name="Ssim">Structural similarity of the sizes, each map scaled to 0…1.</param>
public sealed record MapChange(double Spearman, double Ssim)
{
    /// <summary>The likeness of two maps of one size.</summary>
    public static MapChange Of(AttributionResult before, AttributionResult after)
    {
        float[] a = MapPlane.Of(before), b = MapPlane.Of(after);
        return new MapChange(MapSimilarity.Spearman(a, b), MapSimilarity.Ssim(a, b, (before.Shape[1], before.Shape[2])));
    }
}
