namespace Interp.Engine.Statistics;

/// <summary>
/// The distribution of any number of values in bounded memory: values share a bin if their float32 forms agree in sign, exponent and the
/// first eight bits behind the point, so that a bin is at most 2⁻⁸ of its values wide (the idea of DDSketch: C. Masson, J. Rim, H. Lee,
/// VLDB 2019, with bins that need no logarithm). A bin counts its values and knows their mean: a value that is alone in its bin is kept as
/// it is.
/// </summary>
internal sealed class ValueSketch
{
    private const int DroppedBits = 23 - 8;
    private readonly SortedDictionary<int, (long Count, double Sum)> _bins = [];

    /// <summary>The bins in order of their values.</summary>
    internal IEnumerable<SketchBin> Bins => _bins.Select(b => new SketchBin(b.Key, b.Value.Count, b.Value.Sum));

    internal static ValueSketch Of(IEnumerable<SketchBin> bins)
    {
        var sketch = new ValueSketch();
        foreach (SketchBin bin in bins)
        {
            sketch._bins.Add(bin.Key, (bin.Count, bin.Sum));
        }

        return sketch;
    }

    /// <summary>The bin of a value.</summary>
    internal static int KeyOf(float value)
    {
        int bits = BitConverter.SingleToInt32Bits(value);
        int ordered = bits >= 0 ? bits : int.MinValue - bits; // in the order of the values; -0 is 0
        return ordered >> DroppedBits;
    }

    internal void Add(float value)
    {
        int key = KeyOf(value);
        (long count, double sum) = _bins.GetValueOrDefault(key);
        _bins[key] = (count + 1, sum + value);
    }

    /// <summary>The value of a rank, 1 for the least.</summary>
    internal double AtRank(long rank)
    {
        foreach ((long count, double sum) in _bins.Values)
        {
            rank -= count;
            if (rank <= 0)
            {
                return sum / count;
            }
        }

        return double.NaN;
    }
}

/// <summary>Values that agree in their first bits.</summary>
/// <param name="Key">Those bits, as a number in the order of the values.</param>
/// <param name="Count">How many values there are.</param>
/// <param name="Sum">Their sum.</param>
public readonly record struct SketchBin(int Key, long Count, double Sum);
