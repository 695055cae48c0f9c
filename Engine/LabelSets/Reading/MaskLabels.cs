using Interp.Engine.Common;
using Interp.Engine.Imaging.Decoding;

namespace Interp.Engine.LabelSets.Reading;

/// <summary>Turns a mask's numbers or colours into labels. What has no meaning is unknown, named and counted.</summary>
/// <param name="table">The labels of numbers.</param>
/// <param name="colors">The labels of colours (R·65536 + G·256 + B); null where masks hold numbers.</param>
/// <param name="indexed">Whether a palette is for looking at alone: its numbers are the concepts'.</param>
internal sealed class MaskLabels(ConceptTable table, IReadOnlyDictionary<int, ushort>? colors = null, bool indexed = false)
{
    /// <summary>Draws a mask on the canvas.</summary>
    /// <param name="mask">The mask, of the image's size.</param>
    /// <param name="canvas">The canvas.</param>
    /// <param name="file">Its name, for messages.</param>
    /// <exception cref="InputException">It has colours where numbers are expected, or the other way about.</exception>
    public void Draw(IndexPng mask, LabelCanvas canvas, string file)
    {
        Func<int, ushort?> labelOf;
        Func<int, string> nameOf;
        Func<int, int> valueOf;
        if (colors is not null && (mask.Channels >= 3 || (mask.Palette is not null && !indexed)))
        {
            valueOf = ColorOf(mask);
            labelOf = v => v < 0 ? (ushort)0 : colors.TryGetValue(v, out ushort label) ? label : null;
            nameOf = v => $"the colour {v >> 16},{(v >> 8) & 255},{v & 255}";
        }
        else
        {
            RequireGrey(mask, file);
            valueOf = i => mask.Samples[i * mask.Channels];
            labelOf = v => table.Of(v);
            nameOf = v => $"the number {v}";
        }

        Paint(canvas, valueOf, labelOf, nameOf);
    }

    /// <summary>Labels each pixel by a value.</summary>
    /// <param name="canvas">The canvas.</param>
    /// <param name="valueOf">A pixel's value.</param>
    /// <param name="labelOf">A value's label; null if it has no meaning.</param>
    /// <param name="nameOf">What to call a value.</param>
    public void Paint(LabelCanvas canvas, Func<int, int> valueOf, Func<int, ushort?> labelOf, Func<int, string> nameOf)
    {
        string main = table.CategoryOf(0);
        var planes = table.Concepts.Select(c => c.Category).Append(main).Distinct()
            .ToDictionary(c => c, canvas.Plane, StringComparer.Ordinal);
        ushort[] plane = planes[main];
        var unknown = new Dictionary<int, long>();
        (int last, ushort label) = (int.MinValue, 0);
        for (int i = 0; i < plane.Length; i++)
        {
            int value = valueOf(i);
            if (value != last)
            {
                last = value;
                ushort? found = labelOf(value);
                label = found ?? LabelPlane.Void;
                plane = planes[table.CategoryOf(label)];
                if (found is null)
                {
                    unknown.TryAdd(value, 0);
                }
            }

            plane[i] = label;
            if (label == LabelPlane.Void && unknown.TryGetValue(value, out long count))
            {
                unknown[value] = count + 1;
            }
        }

        const int MostNamed = 1000;
        foreach ((int value, long count) in unknown.OrderByDescending(u => u.Value).ThenBy(u => u.Key).Take(MostNamed))
        {
            canvas.Unknown(nameOf(value), count);
        }
    }

    /// <summary>The colour at a pixel; −1 where it is transparent.</summary>
    private static Func<int, int> ColorOf(IndexPng mask)
    {
        byte[]? palette = mask.Palette;
        return palette is not null
            ? i => mask.Samples[i] is var p && (3 * p) + 2 < palette.Length
                ? (palette[3 * p] << 16) | (palette[(3 * p) + 1] << 8) | palette[(3 * p) + 2] : 0
            : i => i * mask.Channels is var at && mask.Channels == 4 && mask.Byte(at + 3) == 0 ? -1
                : (mask.Byte(at) << 16) | (mask.Byte(at + 1) << 8) | mask.Byte(at + 2);
    }

    /// <summary>Checks that a mask stored in colours is grey all the same: any of its channels holds the numbers.</summary>
    private static void RequireGrey(IndexPng mask, string file)
    {
        for (int i = 0; mask.Channels >= 3 && i < mask.Samples.Length; i += mask.Channels)
        {
            if (mask.Samples[i] != mask.Samples[i + 1] || mask.Samples[i] != mask.Samples[i + 2])
            {
                throw new InputException($"{file}: the mask holds colours and the list of concepts has none: add them "
                    + "(classes.tsv: id, name, r, g, b), or save masks of numbers");
            }
        }
    }
}
