using Interp.Engine.Common;

namespace Interp.Engine.Imaging;

/// <summary>max_i |d_i|.</summary>
internal sealed class LInfNorm : PixelNorm
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

    public override void Snap(ReadOnlySpan<float> center, double radius, Span<float> x)
    {
        float r = (float)Math.Floor(radius);
        for (int i = 0; i < x.Length; i++)
        {
            x[i] = Math.Clamp(MathF.Round(x[i]), center[i] - r, center[i] + r);
        }
    }

    internal override void Noise(Rng random, Span<float> change)
    {
        for (int i = 0; i < change.Length; i++)
        {
            change[i] = random.Uniform((ulong)i) < 0.5 ? -1 : 1;
        }
    }

    internal override void Inside(Rng random, double radius, bool whole, Span<float> change)
    {
        double r = whole ? Math.Floor(radius) : radius;
        for (int i = 0; i < change.Length; i++)
        {
            double u = random.Uniform((ulong)i);
            change[i] = (float)(whole ? Math.Floor(u * ((2 * r) + 1)) - r : ((2 * u) - 1) * r);
        }
    }
}
