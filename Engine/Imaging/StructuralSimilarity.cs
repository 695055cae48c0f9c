namespace Interp.Engine.Imaging;

/// <summary>How alike two images look (Z. Wang, A. Bovik, H. Sheikh, E. Simoncelli, IEEE TIP 13(4), 2004).</summary>
public static class StructuralSimilarity
{
    private const double Sigma = 1.5;
    private const int Radius = 5;
    private const double C1 = 0.01 * 0.01, C2 = 0.03 * 0.03;

    /// <summary>
    /// The mean of (2·μ_x·μ_y + C₁)(2·σ_xy + C₂) / ((μ_x² + μ_y² + C₁)(σ_x² + σ_y² + C₂)) over the pixels whose window lies inside,
    /// Gaussian windows of 11×11 and deviation 1.5, C₁ = 0.01², C₂ = 0.03². Planes smaller than the window get a smaller one.
    /// </summary>
    /// <param name="x">A plane of values in 0…1, <c>[H,W]</c>.</param>
    /// <param name="y">The other.</param>
    /// <param name="size">H and W.</param>
    public static double Of(float[] x, float[] y, (int Height, int Width) size)
    {
        int radius = Math.Min(Radius, (Math.Min(size.Height, size.Width) - 1) / 2);
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

    /// <summary>The mean of the colours' similarities, each value of 0…255 as 0…1.</summary>
    /// <exception cref="ArgumentException">The images have different sizes.</exception>
    public static double Of(RgbImage x, RgbImage y)
    {
        if ((x.Width, x.Height) != (y.Width, y.Height))
        {
            throw new ArgumentException($"images of {x.Width}x{x.Height} and {y.Width}x{y.Height}", nameof(y));
        }

        return Enumerable.Range(0, 3).Average(c => Of(Plane(x, c), Plane(y, c), (x.Height, x.Width)));

        static float[] Plane(RgbImage image, int c) =>
            [.. Enumerable.Range(0, image.Width * image.Height).Select(i => image.Pixels[(3 * i) + c] / 255f)];
    }
}
