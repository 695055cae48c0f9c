namespace Interp.Engine.Arithmetic;

/// <summary>
/// From three planes t of any values to colours: rgb = σ(M·t), where M makes planes that vary alone into colours that vary together as
/// photos' colours do.
/// M is lucid's, [[.26,.09,.02],[.27,0,−.05],[.27,−.09,.03]] over its largest column norm; the colours' mean is not added, as in lucid.
/// With decorrelation off, M is the identity.
/// </summary>
/// <param name="decorrelated">Whether M is lucid's.</param>
internal sealed class ColorSpace(bool decorrelated) : IPlaneColors
{
    /// <summary>How near colours may be to 0 and 1 when an image is taken back to planes.</summary>
    internal const double Margin = 1.0 / 512;

    private static readonly double[,] s_identity = { { 1, 0, 0 }, { 0, 1, 0 }, { 0, 0, 1 } };
    private static readonly double[,] s_lucid = Lucid();
    private static readonly double[,] s_inverse = Inverse(s_lucid);

    private readonly double[,] _matrix = decorrelated ? s_lucid : s_identity;

    /// <summary>M in row order.</summary>
    internal float[] Matrix => [.. _matrix.Cast<double>().Select(m => (float)m)];

    /// <summary>Planes <c>[3,H,W]</c> to colours, in place of them.</summary>
    public void Forward(ReadOnlySpan<float> planes, Span<float> colors)
    {
        int n = planes.Length / 3;
        for (int c = 0; c < 3; c++)
        {
            (float a, float b, float d) = ((float)_matrix[c, 0], (float)_matrix[c, 1], (float)_matrix[c, 2]);
            for (int i = 0; i < n; i++)
            {
                float z = (a * planes[i]) + (b * planes[n + i]) + (d * planes[(2 * n) + i]);
                colors[(c * n) + i] = 1 / (1 + MathF.Exp(-z));
            }
        }
    }

    /// <summary>∂F/∂t from ∂F/∂rgb and the colours themselves: σ' = rgb·(1 − rgb).</summary>
    public void Backward(ReadOnlySpan<float> colors, ReadOnlySpan<float> gradient, Span<float> planes)
    {
        int n = planes.Length / 3;
        planes.Clear();
        for (int c = 0; c < 3; c++)
        {
            ReadOnlySpan<float> rgb = colors.Slice(c * n, n), g = gradient.Slice(c * n, n);
            (float a, float b, float d) = ((float)_matrix[c, 0], (float)_matrix[c, 1], (float)_matrix[c, 2]);
            for (int i = 0; i < n; i++)
            {
                float z = g[i] * rgb[i] * (1 - rgb[i]);
                planes[i] += a * z;
                planes[n + i] += b * z;
                planes[(2 * n) + i] += d * z;
            }
        }
    }

    /// <summary>The planes of colours, those near 0 and 1 moved inside.</summary>
    public float[] PlanesOf(ReadOnlySpan<float> colors)
    {
        double[,] inverse = decorrelated ? s_inverse : s_identity;
        int n = colors.Length / 3;
        var planes = new float[colors.Length];
        Span<double> z = stackalloc double[3];
        for (int i = 0; i < n; i++)
        {
            for (int c = 0; c < 3; c++)
            {
                double p = Math.Clamp(colors[(c * n) + i], Margin, 1 - Margin);
                z[c] = Math.Log(p / (1 - p));
            }

            for (int c = 0; c < 3; c++)
            {
                planes[(c * n) + i] = (float)((inverse[c, 0] * z[0]) + (inverse[c, 1] * z[1]) + (inverse[c, 2] * z[2]));
            }
        }

        return planes;
    }

    private static double[,] Lucid()
    {
        double[,] m = { { 0.26, 0.09, 0.02 }, { 0.27, 0.00, -0.05 }, { 0.27, -0.09, 0.03 } };
        double largest = Enumerable.Range(0, 3).Max(c => Math.Sqrt(Enumerable.Range(0, 3).Sum(r => m[r, c] * m[r, c])));
        var scaled = new double[3, 3];
        for (int i = 0; i < 9; i++)
        {
            scaled[i / 3, i % 3] = m[i / 3, i % 3] / largest;
        }

        return scaled;
    }

    /// <summary>The inverse of a 3×3 matrix by its cofactors.</summary>
    private static double[,] Inverse(double[,] m)
    {
        var inverse = new double[3, 3];
        double determinant = 0;
        for (int i = 0; i < 3; i++)
        {
            for (int j = 0; j < 3; j++)
            {
                (int r0, int r1, int c0, int c1) = ((j + 1) % 3, (j + 2) % 3, (i + 1) % 3, (i + 2) % 3);
                inverse[i, j] = (m[r0, c0] * m[r1, c1]) - (m[r0, c1] * m[r1, c0]);
            }

            determinant += m[0, i] * inverse[i, 0];
        }

        for (int i = 0; i < 9; i++)
        {
            inverse[i / 3, i % 3] /= determinant;
        }

        return inverse;
    }
}
