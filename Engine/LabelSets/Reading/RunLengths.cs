using System.Text.Json;
using Interp.Engine.Common;

namespace Interp.Engine.LabelSets.Reading;

/// <summary>
/// COCO's run lengths: pixels outside and inside in turn, down the columns, as a list of numbers or as its compressed string: 5 bits a
/// character from 48 on, the sign in bit 4, more to come in bit 5; from the third number on the difference to the one two before.
/// </summary>
internal static class RunLengths
{
    private const int MostBits = 35;

    /// <summary>Labels what a mask of run lengths takes.</summary>
    /// <param name="rle">An object with <c>size</c> [height, width] and <c>counts</c>.</param>
    /// <param name="canvas">Where to.</param>
    /// <param name="category">The label's category.</param>
    /// <param name="label">The label.</param>
    /// <param name="where">The place in a file, for messages.</param>
    /// <exception cref="InputException">It has another size than the image, or its counts do not add up to it.</exception>
    public static void Fill(JsonElement rle, LabelCanvas canvas, string category, ushort label, string where)
    {
        long?[] size = [.. JsonText.List(rle, "size").Select(JsonText.Whole)];
        if (size is not [{ } height, { } width])
        {
            throw new InputException($"{where}: run lengths without a size, expected \"size\": [height, width]");
        }

        if (height != canvas.Height || width != canvas.Width)
        {
            throw new InputException($"{where}: run lengths of {width}x{height} pixels, but the image is {canvas.Width}x{canvas.Height}; "
                + "they are never scaled");
        }

        JsonElement counts = rle.TryGetProperty("counts", out JsonElement c) ? c : default;
        List<long> runs = counts.ValueKind == JsonValueKind.Array
            ? [.. counts.EnumerateArray().Select(v => JsonText.Whole(v) ?? -1)] : Decode(JsonText.Of(counts) ?? "", where);
        Check(runs, height * width, where);
        long at = 0;
        for (int i = 0; i < runs.Count; at += runs[i], i++)
        {
            if (i % 2 == 1)
            {
                canvas.RunDown(category, label, at, runs[i]);
            }
        }
    }

    /// <summary>The runs of a compressed string.</summary>
    /// <exception cref="InputException">It has other characters, or ends within a number.</exception>
    public static List<long> Decode(string text, string where)
    {
        var runs = new List<long>();
        for (int at = 0; at < text.Length;)
        {
            (long value, int shift, bool more) = (0, 0, true);
            while (more)
            {
                int code = at < text.Length ? text[at++] - 48 : -1;
                if (code is < 0 or > 63 || shift >= MostBits)
                {
                    throw new InputException($"{where}: the compressed run lengths are cut off or damaged at character {at}");
                }

                value |= (long)(code & 31) << shift;
                (shift, more) = (shift + 5, (code & 32) != 0);
                value |= !more && (code & 16) != 0 ? -1L << shift : 0;
            }

            runs.Add(value + (runs.Count > 2 ? runs[^2] : 0));
        }

        return runs;
    }

    private static void Check(List<long> runs, long pixels, string where)
    {
        long sum = 0;
        foreach (long run in runs)
        {
            if (run < 0 || run > pixels)
            {
                throw new InputException($"{where}: a run of {run} pixels, expected 0 to {pixels}");
            }

            sum += run;
            if (sum > pixels)
            {
                break;
            }
        }

        if (sum != pixels)
        {
            string found = sum > pixels ? $"more than {pixels}" : $"{sum}";
            throw new InputException($"{where}: the runs have {found} pixels, the image {pixels}");
        }
    }
}
