using System.Numerics;

namespace Interp.Engine.Dissection;

/// <summary>Places of a grid, a bit each, row-major; the words before the first and behind the last that holds a place are not
/// kept.</summary>
/// <param name="first">The first word's place among the grid's words.</param>
/// <param name="words">The words.</param>
internal sealed class PlaneBits(int first, ulong[] words)
{
    internal int First => first;

    internal int End => first + words.Length;

    internal ulong[] Words => words;

    internal long Count { get; } = words.Sum(w => (long)BitOperations.PopCount(w));

    internal static int WordsOf(int places) => (places + 63) / 64;

    internal static PlaneBits Of(ReadOnlySpan<ulong> all)
    {
        int first = all.IndexOfAnyExcept(0UL);
        return first < 0 ? new PlaneBits(0, []) : new PlaneBits(first, all[first..(all.LastIndexOfAnyExcept(0UL) + 1)].ToArray());
    }

    internal bool Has(int place)
    {
        int word = (place >> 6) - first;
        return (uint)word < (uint)words.Length && ((words[word] >> (place & 63)) & 1) != 0;
    }

    /// <summary>The same places moved down and right, those that leave the grid coming in at the other side.</summary>
    internal PlaneBits Rolled(int height, int width, int down, int right, Span<ulong> buffer)
    {
        buffer.Clear();
        for (int y = First * 64 / width; y < height && y * width < End * 64; y++)
        {
            int to = (y + down) % height * width;
            Copy(y * width, width - right, buffer, to + right);
            Copy((y * width) + width - right, right, buffer, to);
        }

        return Of(buffer);
    }

    private void Copy(int from, int count, Span<ulong> target, int to)
    {
        while (count > 0)
        {
            int n = Math.Min(count, 64 - (to & 63));
            ulong bits = Read(from) & (n == 64 ? ulong.MaxValue : (1UL << n) - 1);
            target[to >> 6] |= bits << (to & 63);
            (from, to, count) = (from + n, to + n, count - n);
        }
    }

    /// <summary>64 places from one on.</summary>
    private ulong Read(int place)
    {
        int word = (place >> 6) - first, shift = place & 63;
        ulong low = At(word);
        return shift == 0 ? low : (low >> shift) | (At(word + 1) << (64 - shift));
    }

    private ulong At(int word) => (uint)word < (uint)words.Length ? words[word] : 0;
}
