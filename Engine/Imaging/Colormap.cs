using Interp.Engine.Common;

namespace Interp.Engine.Imaging;

/// <summary>
/// A colour map: 256 colours for values from 0 to 1, linear between a few anchors. Adding one is a line in <see cref="Colormaps"/>.
/// </summary>
public sealed class Colormap
{
    private readonly (byte R, byte G, byte B)[] _table = new (byte, byte, byte)[256];

    /// <summary>A map from its anchors.</summary>
    /// <param name="name">The name used on the command line.</param>
    /// <param name="anchors">Positions from 0 to 255, ascending, with 0 and 255 among them; colours as 0xRRGGBB.</param>
    internal Colormap(string name, params ReadOnlySpan<(double At, int Color)> anchors)
    {
        Name = name;
        for (int i = 0, segment = 0; i < _table.Length; i++)
        {
            while (segment < anchors.Length - 2 && i > anchors[segment + 1].At)
            {
                segment++;
            }

            ((double from, int low), (double to, int high)) = (anchors[segment], anchors[segment + 1]);
            double t = (i - from) / (to - from);
            _table[i] = (Mix(low >> 16, high >> 16, t), Mix(low >> 8, high >> 8, t), Mix(low, high, t));
        }
    }

    /// <summary>The name.</summary>
    public string Name { get; }

    /// <summary>All colour maps.</summary>
    public static Catalog<Colormap> All => Colormaps.All;

    /// <summary>The colour of a value: entry ⌊255·value + 0.5⌋ of the table, values outside 0…1 (and NaN, as 0) clamped.</summary>
    public (byte R, byte G, byte B) Color(double value) => _table[Quantize(value)];

    /// <summary>A value of 0…1 as a byte: ⌊255·value + 0.5⌋, clamped; NaN is 0.</summary>
    internal static byte Quantize(double value) => value > 0 ? (byte)Math.Min((255 * value) + 0.5, 255) : (byte)0;

    private static byte Mix(int low, int high, double t) => (byte)((((low & 255) * (1 - t)) + ((high & 255) * t)) + 0.5);
}
