namespace Interp.Engine.Imaging;

/// <summary>Colours as people tell them apart: CIE 1976 L*a*b* under the white of sRGB, D65 (IEC 61966-2-1; CIE 15).</summary>
internal static class CieLab
{
    private const double Delta = 6.0 / 29;
    private static readonly double[] s_linear = [.. Enumerable.Range(0, 256).Select(v => Linear(v / 255.0))];

    /// <summary>A colour of 8-bit sRGB values: L in 0…100, a and b in about −110…110.</summary>
    public static (double L, double A, double B) Of(byte red, byte green, byte blue)
    {
        (double r, double g, double b) = (s_linear[red], s_linear[green], s_linear[blue]);
        double x = Root(((0.4124564 * r) + (0.3575761 * g) + (0.1804375 * b)) / 0.95047);
        double y = Root((0.2126729 * r) + (0.7151522 * g) + (0.0721750 * b));
        double z = Root(((0.0193339 * r) + (0.1191920 * g) + (0.9503041 * b)) / 1.08883);
        return ((116 * y) - 16, 500 * (x - y), 200 * (y - z));
    }

    private static double Linear(double v) => v <= 0.04045 ? v / 12.92 : Math.Pow((v + 0.055) / 1.055, 2.4);

    private static double Root(double t) => t > Delta * Delta * Delta ? Math.Cbrt(t) : (t / (3 * Delta * Delta)) + (4.0 / 29);
}
