using Interp.Engine.Common;

namespace Interp.Engine.Models;

/// <summary>
/// The filter with which an image is resized, as Pillow has it: a function h(x) of the distance in pixels of the source, widened by the
/// reduction where the image becomes smaller, so that every source pixel counts. A new one is one line below.
/// </summary>
public sealed class Interpolation
{
    private readonly Func<double, double> _weight;

    private Interpolation(string name, double support, Func<double, double> weight) => (Name, Support, _weight) = (name, support, weight);

    /// <summary>The triangle h(x) = 1 − |x| for |x| &lt; 1.</summary>
    public static Interpolation Bilinear { get; } = new("bilinear", 1, x => Math.Max(1 - Math.Abs(x), 0));

    /// <summary>
    /// R. Keys's cubic convolution (IEEE Transactions on Acoustics, Speech, and Signal Processing 29, 1981) with a = −1/2:
    /// (a+2)|x|³ − (a+3)|x|² + 1 for |x| &lt; 1, and a|x|³ − 5a|x|² + 8a|x| − 4a for |x| &lt; 2.
    /// </summary>
    public static Interpolation Bicubic { get; } = new("bicubic", 2, Cubic);

    /// <summary>All by name.</summary>
    public static Catalog<Interpolation> All { get; } = new("interpolation", i => i.Name, Bilinear, Bicubic);

    /// <summary>The name in <c>model.json</c> and on the command line.</summary>
    public string Name { get; }

    /// <summary>The distance from which on h is 0, in pixels of the source, before it is widened.</summary>
    internal double Support { get; }

    /// <inheritdoc/>
    public override string ToString() => Name;

    /// <summary>h(x).</summary>
    internal double Weight(double x) => _weight(x);

    /// <summary>In the order of operations that Pillow has, since the last bit decides how a half is rounded.</summary>
    private static double Cubic(double x)
    {
        const double A = -0.5;
        x = Math.Abs(x);
        return x < 1 ? ((((A + 2) * x) - (A + 3)) * x * x) + 1
            : x < 2 ? (((((x - 5) * x) + 8) * x) - 4) * A
            : 0;
    }
}
