using Interp.Engine.Common;
using Interp.Engine.Statistics;

namespace Interp.Engine.Dissection;

/// <summary>
/// The upper end of the distribution of any number of values in little memory, in the bins of <see cref="ValueSketch"/>. Bins below the k
/// largest values are forgotten as they are left behind.
/// </summary>
/// <param name="count">k.</param>
internal sealed class TailBins(long count)
{
    private const int MostBins = 1 << 13;
    private readonly Dictionary<int, TailBin> _bins = [];
    private int _lowest = int.MinValue;
    private long _pruneAt = 4 * count;
    private long _held;

    /// <summary>The bins, the largest values first.</summary>
    internal IEnumerable<TailBin> Bins => _bins.Values.OrderByDescending(b => b.Key);

    internal void Add(ReadOnlySpan<float> values)
    {
        foreach (float value in values)
        {
            if (float.IsNaN(value))
            {
                throw new InputException(
                    "a value of which the largest are looked for is NaN, expected numbers; look for NaN in the weights");
            }

            int key = ValueSketch.KeyOf(value);
            if (key >= _lowest)
            {
                Add(new TailBin(key, 1, value, value));
            }
        }
    }

    /// <summary>Takes a whole bin.</summary>
    internal void Add(TailBin bin)
    {
        _bins[bin.Key] = _bins.TryGetValue(bin.Key, out TailBin old)
            ? new TailBin(bin.Key, old.Count + bin.Count, Math.Min(old.Least, bin.Least), Math.Max(old.Most, bin.Most))
            : bin;
        _held += bin.Count;
        if (_held >= _pruneAt || _bins.Count > MostBins)
        {
            Prune();
        }
    }

    /// <summary>The bin of the value of that rank, 1 for the largest, and how many values lie in bins above it.</summary>
    internal (TailBin Bin, long Above) Find(long rank)
    {
        long above = 0;
        foreach (TailBin bin in Bins)
        {
            if (above + bin.Count >= rank)
            {
                return (bin, above);
            }

            above += bin.Count;
        }

        throw new ArgumentOutOfRangeException(nameof(rank), rank, $"there are {above} values");
    }

    private void Prune()
    {
        long above = 0;
        foreach (TailBin bin in Bins.ToArray())
        {
            if (above >= count)
            {
                _bins.Remove(bin.Key);
                continue;
            }

            above += bin.Count;
            _lowest = bin.Key;
        }

        _held = above;
        _pruneAt = Math.Max(above + count, 2 * above); // so that pruning stays rare where one bin holds most values, as zero does
    }
}

/// <summary>Values that agree in their first bits.</summary>
/// <param name="Key">Those bits, as a number in the order of the values.</param>
/// <param name="Count">How many there are.</param>
/// <param name="Least">The smallest.</param>
/// <param name="Most">The largest.</param>
internal readonly record struct TailBin(int Key, long Count, float Least, float Most);
