using System.Collections.Immutable;
using System.Text;
using Interp.Engine.Common;
using Interp.Engine.Imaging;
using Interp.Engine.LabelSets.Patterns.Shapes;

namespace Interp.Engine.LabelSets.Patterns;

/// <summary>
/// Generated images that show one concept all over, for concept vectors, and images that show none. Each is a function of its arguments:
/// another texture in the catalog changes none of the others' images. The same bits on every machine.
/// </summary>
public static class GeneratedImages
{
    /// <summary>What <see cref="FullFrame"/> paints: all textures, then all colours. Colours mean nothing to a grey network.</summary>
    public static ImmutableArray<Concept> Concepts { get; } =
    [
        .. PatternCatalog.All.Names.Select(n => new Concept(n, "texture")),
        .. ColorNames.All.Select(n => new Concept(n, "color")),
    ];

    /// <summary>An image filled with a texture in two random colours, or with a colour.</summary>
    /// <param name="concept">The name of one of <see cref="Concepts"/> (case is ignored).</param>
    /// <param name="height">Height in pixels.</param>
    /// <param name="width">Width in pixels.</param>
    /// <param name="seed">Another seed makes other images.</param>
    /// <param name="index">Which of the concept's images, from 0.</param>
    /// <exception cref="InputException">There is no such concept; the message lists those there are.</exception>
    public static RgbImage FullFrame(string concept, int height, int width, ulong seed, int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        int color = ColorNames.All.IndexOf(concept, StringComparer.OrdinalIgnoreCase);
        if (!PatternCatalog.All.TryFind(concept, out Pattern? pattern) && color < 0)
        {
            throw new InputException(
                $"unknown generated concept '{concept}': expected one of {string.Join(", ", Concepts.Select(c => c.Name))}");
        }

        ulong own = seed ^ Number(concept);
        var dice = new Dice(own, PatternStreams.FullFrame + (ulong)index);
        var canvas = new PatternCanvas(height, width);
        if (pattern is null)
        {
            canvas.Fill(PatternColor.Named(dice, color));
        }
        else
        {
            double half = Math.Sqrt(((double)height * height) + ((double)width * width)) / 2;
            PatternColor first = PatternColor.Named(dice, dice.Below(ColorNames.All.Length)), second = first.Opposite(dice);
            canvas.Paint(
                new PatternRegion(
                    Everywhere.Shape,
                    pattern,
                    new PatternForm(dice, Math.Max(3, dice.Between(8, 28) * canvas.Scale), half),
                    first,
                    second)
                {
                    X = dice.Between(0.25, 0.75) * width,
                    Y = dice.Between(0.25, 0.75) * height,
                    Radius = 2 * half,
                },
                (_, _) => { });
        }

        canvas.Cloud(dice, 2 + dice.Below(5), 9, 0.2);
        return canvas.Develop(new Rng(own, PatternStreams.FullFrameGrain + (ulong)index), 4);
    }

    /// <summary>An image of soft blots and grain in random colours, of no concept.</summary>
    /// <param name="height">Height in pixels.</param>
    /// <param name="width">Width in pixels.</param>
    /// <param name="seed">Another seed makes other images.</param>
    /// <param name="index">Which of the images, from 0.</param>
    public static RgbImage Noise(int height, int width, ulong seed, int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        var dice = new Dice(seed, PatternStreams.Noise + (ulong)index);
        var canvas = new PatternCanvas(height, width);
        canvas.Fill(new PatternColor(dice.Between(40, 215), dice.Between(40, 215), dice.Between(40, 215)));
        canvas.Cloud(dice, 2 + dice.Below(3), dice.Between(20, 60), dice.Next());
        canvas.Cloud(dice, 5 + dice.Below(12), dice.Between(10, 40), dice.Next());
        return canvas.Develop(new Rng(seed, PatternStreams.NoiseGrain + (ulong)index), dice.Between(2, 12));
    }

    /// <summary>A number of a name, by the hash of G. Fowler, L. Noll and K. Vo (FNV-1a, 64 bits).</summary>
    private static ulong Number(string name) => Encoding.UTF8.GetBytes(name.ToLowerInvariant())
        .Aggregate(0xCBF29CE484222325, (hash, b) => unchecked((hash ^ b) * 0x100000001B3));
}
