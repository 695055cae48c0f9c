using Interp.Engine.Common;

namespace Interp.Engine.Imaging;

/// <summary>√Σ_i d_i².</summary>
internal sealed class L2Norm : PixelNorm
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

        if (!(squares > 0 && double.IsFinite(squares)))
        {
            direction.Clear();
            return;
        }

        double scale = 1 / Math.Sqrt(squares);
        for (int i = 0; i < gradient.Length; i++)
        {
            direction[i] = (float)(gradient[i] * scale);
        }
    }

    /// <summary>Rounds |d| up from a fraction on that is the same for all values, and the least that makes the change no longer: a
    /// threshold of one half would lose a change whose values are all below it.</summary>
    public override void Snap(ReadOnlySpan<float> center, double radius, Span<float> x)
    {
        const int Halvings = 24;
        double room = Math.Min(radius, Distance(center, x));
        double low = 0, high = 1;
        for (int i = 0; i < Halvings; i++)
        {
            double middle = (low + high) / 2, squares = 0;
            for (int j = 0; j < x.Length; j++)
            {
                double d = Steps(center[j], x[j], middle);
                squares += d * d;
            }

            (low, high) = squares <= room * room * (1 + 1e-12) ? (low, middle) : (middle, high);
        }

        for (int j = 0; j < x.Length; j++)
        {
            double steps = Steps(center[j], x[j], high);
            x[j] = (float)(center[j] + (x[j] < center[j] ? -steps : steps));
        }
    }

    internal override void Noise(Rng random, Span<float> change)
    {
        random.Gaussians(change);
        Steepest(change, change);
    }

    internal override void Inside(Rng random, double radius, bool whole, Span<float> change)
    {
        Noise(random, change);
        double r = radius * Math.Pow(random.Uniform(ulong.MaxValue), 1.0 / change.Length);
        for (int i = 0; i < change.Length; i++)
        {
            change[i] = (float)(change[i] * r);
        }
    }

    private static double Steps(float center, float x, double threshold) =>
        Math.Floor(Math.Abs((double)x - center) + 1 - threshold);
}
