using System.Collections.Immutable;
using Interp.Engine.Imaging;

namespace Interp.Engine.LabelSets.Patterns;

/// <summary>
/// The 11 basic colour terms (B. Berlin, P. Kay, Basic Color Terms, 1969) by a rule: a colour bears the name of the nearest of 70 published
/// prototypes (R. Munroe's colour survey, 2010), by Euclidean distance in CIE L*a*b* under D65. It works on photos as on generated images.
/// </summary>
/// <remarks>The conversion takes a power and a cube root, which machines may round differently in the last of 53 bits; a name depends on it
/// only where two distances are equal to 15 digits, and <see cref="Plane"/> leaves such places out.</remarks>
public static class ColorNames
{
    /// <summary>By how much the nearest prototype of another name must be farther off, in units of L*a*b*, for a colour to be sure of its
    /// name.</summary>
    public const double Margin = 4;

    private static readonly (double L, double A, double B)[][] s_prototypes =
        [.. ColorPrototypes.All.Select(c => c.Prototypes.Select(p => CieLab.Of((byte)(p >> 16), (byte)(p >> 8), (byte)p)).ToArray())];

    /// <summary>The names: black, blue, brown, green, grey, orange, pink, purple, red, white, yellow.</summary>
    public static ImmutableArray<string> All { get; } = [.. ColorPrototypes.All.Select(c => c.Name)];

    /// <summary>The name of a colour of 8-bit sRGB values.</summary>
    public static string Of(byte red, byte green, byte blue) => All[Nearest(red, green, blue).Name];

    /// <summary>
    /// The colours of an image's pixels, for any photo: labels of the category <c>color</c>, <see cref="LabelPlane.Void"/> where a colour
    /// lies within <see cref="Margin"/> of two names.
    /// </summary>
    /// <param name="image">The image.</param>
    /// <param name="first">The place of <see cref="All"/>'s first name in the label set's concepts; the others follow it.</param>
    public static LabelPlane Plane(RgbImage image, int first = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(first);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(first, LabelPlane.MostConcepts - All.Length);
        var labels = new ushort[image.Width * image.Height];
        for (int i = 0; i < labels.Length; i++)
        {
            (int name, double margin) = Nearest(image.Pixels[3 * i], image.Pixels[(3 * i) + 1], image.Pixels[(3 * i) + 2]);
            labels[i] = margin < Margin ? LabelPlane.Void : (ushort)(first + name + 1);
        }

        return new LabelPlane("color", image.Width, image.Height, labels);
    }

    /// <summary>A colour's name by place, and how much farther off the nearest prototype of another name is.</summary>
    internal static (int Name, double Margin) Nearest(byte red, byte green, byte blue)
    {
        (double l, double a, double b) = CieLab.Of(red, green, blue);
        (double best, double second, int name) = (double.PositiveInfinity, double.PositiveInfinity, 0);
        for (int i = 0; i < s_prototypes.Length; i++)
        {
            double own = double.PositiveInfinity;
            foreach ((double pl, double pa, double pb) in s_prototypes[i])
            {
                own = Math.Min(own, ((l - pl) * (l - pl)) + ((a - pa) * (a - pa)) + ((b - pb) * (b - pb)));
            }

            (best, second, name) = own < best ? (own, best, i) : (best, Math.Min(second, own), name);
        }

        return (name, Math.Sqrt(second) - Math.Sqrt(best));
    }
}
