using Interp.Engine.Statistics;

namespace Interp.Engine.Dissection;

/// <summary>
/// The thresholds of the units of one layer: the value of rank ⌊q·n⌋ + 1 from above among all n of a unit, so that ⌊q·n⌋ values exceed it
/// where none are equal to it (the quantile of rank ⌈(1 − q)·n⌉). Exact: where the largest values of all units fit into memory in one pass
/// over them; else bins are counted first, and a second pass keeps the values of the one bin that matters.
/// </summary>
internal sealed class UnitTails
{
    private readonly int _count;
    private readonly ExactTail[] _exact;
    private readonly TailBins[] _bins;
    private readonly (TailBin Bin, long Above)[] _wanted;
    private readonly List<float>[] _within;

    /// <param name="units">How many units.</param>
    /// <param name="count">The most values that may have to be above a threshold, and one more.</param>
    /// <param name="inMemory">Whether all of those are kept.</param>
    internal UnitTails(int units, int count, bool inMemory)
    {
        (_count, InMemory) = (count, inMemory);
        _exact = inMemory ? [.. Enumerable.Range(0, units).Select(_ => new ExactTail(count))] : [];
        _bins = inMemory ? [] : [.. Enumerable.Range(0, units).Select(_ => new TailBins(count))];
        _wanted = new (TailBin, long)[_bins.Length];
        _within = [.. _bins.Select(_ => new List<float>())];
    }

    /// <summary>Whether one pass is enough.</summary>
    internal bool InMemory { get; }

    /// <summary>Bytes that tails of so many values take.</summary>
    internal static long Bytes(int units, long count) => 8 * units * count;

    /// <summary>⌊q·n⌋ + 1, with q as it is written in decimal.</summary>
    internal static long Rank(double quantile, long values) => (long)decimal.Floor((decimal)quantile * values) + 1;

    /// <summary>Takes values of a unit; different units may be given by several threads.</summary>
    internal void Add(int unit, ReadOnlySpan<float> values)
    {
        if (InMemory)
        {
            _exact[unit].Add(values);
        }
        else
        {
            _bins[unit].Add(values);
        }
    }

    /// <summary>A value that no threshold of the unit will be below, whatever comes.</summary>
    internal float Bound(int unit) => InMemory ? _exact[unit].Limit : float.NegativeInfinity;

    /// <summary>Between two passes: looks where the thresholds are.</summary>
    /// <returns>Whether a second pass is needed.</returns>
    internal bool Locate(long rank)
    {
        for (int u = 0; u < _bins.Length; u++)
        {
            _wanted[u] = _bins[u].Find(rank);
            _within[u].Clear();
        }

        return _wanted.Any(w => w.Bin.Least < w.Bin.Most);
    }

    /// <summary>Takes values in the second pass.</summary>
    internal void Refine(int unit, ReadOnlySpan<float> values)
    {
        if (InMemory || _wanted[unit].Bin.Least == _wanted[unit].Bin.Most)
        {
            return;
        }

        foreach (float value in values)
        {
            if (ValueSketch.KeyOf(value) == _wanted[unit].Bin.Key)
            {
                _within[unit].Add(value);
            }
        }
    }

    /// <summary>The threshold of a unit.</summary>
    internal float Threshold(int unit, long rank)
    {
        if (InMemory)
        {
            return _exact[unit].Largest[^(int)rank];
        }

        (TailBin bin, long above) = _wanted[unit];
        if (bin.Least == bin.Most)
        {
            return bin.Least + 0f;
        }

        List<float> within = _within[unit];
        within.Sort();
        return within[^(int)(rank - above)] + 0f;
    }

    /// <summary>Lets go of all values.</summary>
    internal void Clear()
    {
        Array.Clear(_exact);
        Array.Clear(_bins);
        Array.Clear(_within);
    }

    internal void Write(BinaryWriter writer)
    {
        foreach (ExactTail tail in _exact)
        {
            writer.Write(tail.Seen);
            StateFile.WriteArray(writer, tail.Largest);
        }

        foreach (TailBins bins in _bins)
        {
            TailBin[] all = [.. bins.Bins];
            writer.Write(all.Length);
            foreach (TailBin bin in all)
            {
                writer.Write(bin.Key);
                writer.Write(bin.Count);
                writer.Write(bin.Least);
                writer.Write(bin.Most);
            }
        }
    }

    internal void Read(BinaryReader reader)
    {
        for (int u = 0; u < _exact.Length; u++)
        {
            long seen = reader.ReadInt64();
            _exact[u] = new ExactTail(_count, StateFile.ReadArray<float>(reader), seen);
        }

        for (int u = 0; u < _bins.Length; u++)
        {
            for (int n = reader.ReadInt32(); n > 0; n--)
            {
                _bins[u].Add(new TailBin(reader.ReadInt32(), reader.ReadInt64(), reader.ReadSingle(), reader.ReadSingle()));
            }
        }
    }
}
