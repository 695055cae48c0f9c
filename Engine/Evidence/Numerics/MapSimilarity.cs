using Interp.Engine.Imaging;
using Interp.Engine.Statistics;

namespace Interp.Engine.Evidence.Numerics;

/// <summary>How alike two maps are, by the size of their values.</summary>
internal static class MapSimilarity
{
    private const double Sigma = 1.5;
    private const int Radius = 5;
    private const double C1 = 0.01 * 0.01, C2 = 0.03 * 0.03;

    /// <summary>
    /// Spearman's rank correlation of |a| and |b|: the correlation of the ranks, equal values sharing their mean rank. −1 to 1; NaN if one
    /// of the maps is constant.
    /// </summary>
    public static double Spearman(ReadOnlySpan<float> a, ReadOnlySpan<float> b) =>
        Correlation.Spearman(Array.ConvertAll(Sizes(a), v => (double)v), Array.ConvertAll(Sizes(b), v => (double)v));

    /// <summary>
    /// Structural similarity of |a| and |b|, each scaled to 0…1 (Z. Wang, A. Bovik, H. Sheikh, E. Simoncelli, IEEE TIP 13(4), 2004): the
    /// mean of (2·μ_a·μ_b + C₁)(2·σ_ab + C₂) / ((μ_a² + μ_b² + C₁)(σ_a² + σ_b² + C₂)) over the pixels whose window lies inside, Gaussian
    /// windows of 11×11 and deviation 1.5, C₁ = 0.01², C₂ = 0.03². Maps smaller than the window get a smaller one.
    /// </summary>
    /// <param name="a">A map, <c>[H,W]</c>.</param>
    /// <param name="b">The other.</param>
    /// <param name="size">H and W.</param>
    public static double Ssim(ReadOnlySpan<float> a, ReadOnlySpan<float> b, (int Height, int Width) size)
    {
        int radius = Math.Min(Radius, (Math.Min(size.Height, size.Width) - 1) / 2);
        float[] x = MapPlane.Unit(Sizes(a)), y = MapPlane.Unit(Sizes(b));
        float[] mx = Blur(x, x, false), my = Blur(y, y, false), xx = Blur(x, x, true), yy = Blur(y, y, true), xy = Blur(x, y, true);
        double sum = 0;
        for (int v = radius; v < size.Height - radius; v++)
        {
            for (int u = radius; u < size.Width - radius; u++)
            {
                int i = (v * size.Width) + u;
                double p = mx[i], q = my[i];
                sum += ((2 * p * q) + C1) * ((2 * (xy[i] - (p * q))) + C2)
                    / (((p * p) + (q * q) + C1) * ((xx[i] - (p * p)) + (yy[i] - (q * q)) + C2));
            }
        }

        return sum / ((double)(size.Height - (2 * radius)) * (size.Width - (2 * radius)));

        float[] Blur(float[] left, float[] right, bool product) =>
            GaussianBlur.Apply(product ? [.. left.Zip(right, (l, r) => l * r)] : left, size.Height, size.Width, Sigma, radius);
    }

    private static float[] Sizes(ReadOnlySpan<float> values) => Array.ConvertAll(values.ToArray(), Math.Abs);
}
