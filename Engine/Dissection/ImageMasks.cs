using System.Numerics;

namespace Interp.Engine.Dissection;

/// <summary>
/// The masks of a layer's units in one image: of each unit that has one, the words of the label grid in which it has places.
/// </summary>
/// <param name="Units">The units with a mask, in order.</param>
/// <param name="Starts">Where the words of each begin, and behind them where those of the last end.</param>
/// <param name="At">The words' places in the grid.</param>
/// <param name="Words">The words.</param>
internal sealed record ImageMasks(int[] Units, int[] Starts, ushort[] At, ulong[] Words)
{
    /// <summary>Bytes that they take, with what the runtime adds to each object.</summary>
    internal long Bytes => 144 + (4L * Units.Length) + (4L * Starts.Length) + (2L * At.Length) + (8L * Words.Length);

    /// <summary>Places of the mask of the i-th unit that has one.</summary>
    internal int Count(int i)
    {
        int count = 0;
        for (int w = Starts[i]; w < Starts[i + 1]; w++)
        {
            count += BitOperations.PopCount(Words[w]);
        }

        return count;
    }

    /// <summary>How many places of the mask of the i-th unit that has one are among others.</summary>
    internal int Common(int i, PlaneBits places)
    {
        int from = Starts[i], to = Starts[i + 1], first = places.First, count = 0;
        ulong[] others = places.Words;
        if (At[from] >= places.End || At[to - 1] < first)
        {
            return 0;
        }

        for (int w = from; w < to; w++)
        {
            int at = At[w] - first;
            if ((uint)at < (uint)others.Length)
            {
                count += BitOperations.PopCount(Words[w] & others[at]);
            }
        }

        return count;
    }

    /// <summary>The mask of a unit, all words of the grid; empty where it has none.</summary>
    internal ulong[] Of(int unit, int words)
    {
        var mask = new ulong[words];
        int i = Array.BinarySearch(Units, unit);
        for (int w = i < 0 ? 0 : Starts[i]; i >= 0 && w < Starts[i + 1]; w++)
        {
            mask[At[w]] = Words[w];
        }

        return mask;
    }

    /// <summary>Puts together masks of neighbouring units that were made apart.</summary>
    internal static ImageMasks Joined(IReadOnlyList<(int Unit, ushort[] At, ulong[] Words)> masks)
    {
        var starts = new int[masks.Count + 1];
        for (int i = 0; i < masks.Count; i++)
        {
            starts[i + 1] = starts[i] + masks[i].At.Length;
        }

        return new ImageMasks(
            [.. masks.Select(m => m.Unit)], starts, [.. masks.SelectMany(m => m.At)], [.. masks.SelectMany(m => m.Words)]);
    }
}
