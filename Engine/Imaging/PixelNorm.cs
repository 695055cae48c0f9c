using Interp.Engine.Common;

namespace Interp.Engine.Imaging;

/// <summary>How far a change of an image reaches: a norm over all of its values, and what follows from it for ascent and projection.
/// Sums are in float64 in the order of the values, so the same values give the same bits.</summary>
public abstract class PixelNorm
{
    /// <summary>max_i |d_i|: no value changes by more.</summary>
    public static PixelNorm LInf { get; } = new LInfNorm();

    /// <summary>√Σ_i d_i².</summary>
    public static PixelNorm L2 { get; } = new L2Norm();

    /// <summary>All norms, by name.</summary>
    public static Catalog<PixelNorm> All { get; } = new("norm", n => n.Name, LInf, L2);

    /// <summary>Its name on the command line: <c>linf</c>.</summary>
    public abstract string Name { get; }

    /// <summary>The norm of b − a.</summary>
    public abstract double Distance(ReadOnlySpan<float> a, ReadOnlySpan<float> b);

    /// <summary>Moves x to the nearest point whose distance to the center is at most the radius.</summary>
    public abstract void Project(ReadOnlySpan<float> center, double radius, Span<float> x);

    /// <summary>The direction d of unit norm with the largest ⟨gradient, d⟩: sign(g), or g/‖g‖₂; zeros where the gradient is
    /// zero.</summary>
    public abstract void Steepest(ReadOnlySpan<float> gradient, Span<float> direction);

    private sealed class LInfNorm : PixelNorm
    {
        public override string Name => "linf";

        public override double Distance(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
        {
            double most = 0;
            for (int i = 0; i < a.Length; i++)
            {
                most = Math.Max(most, Math.Abs((double)b[i] - a[i]));
            }

            return most;
        }

        public override void Project(ReadOnlySpan<float> center, double radius, Span<float> x)
        {
            float r = (float)radius;
            for (int i = 0; i < x.Length; i++)
            {
                x[i] = Math.Clamp(x[i], center[i] - r, center[i] + r);
            }
        }

        public override void Steepest(ReadOnlySpan<float> gradient, Span<float> direction)
        {
            for (int i = 0; i < gradient.Length; i++)
            {
                direction[i] = gradient[i] > 0 ? 1 : gradient[i] < 0 ? -1 : 0;
            }
        }
    }

    private sealed class L2Norm : PixelNorm
    {
        public override string Name => "l2";

        public override double Distance(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
        {
            double squares = 0;
            for (int i = 0; i < a.Length; i++)
            {
                double d = (double)b[i] - a[i];
                squares += d * d;
            }

            return Math.Sqrt(squares);
        }

        public override void Project(ReadOnlySpan<float> center, double radius, Span<float> x)
        {
            double distance = Distance(center, x);
            for (int i = 0; distance > radius && i < x.Length; i++)
            {
                x[i] = (float)(center[i] + ((x[i] - center[i]) * (radius / distance)));
            }
        }

        public override void Steepest(ReadOnlySpan<float> gradient, Span<float> direction)
        {
            double squares = 0;
            foreach (float g in gradient)
            {
                squares += (double)g * g;
            }

            double scale = squares > 0 ? 1 / Math.Sqrt(squares) : 0;
            for (int i = 0; i < gradient.Length; i++)
            {
                direction[i] = (float)(gradient[i] * scale);
            }
        }
    }
}
