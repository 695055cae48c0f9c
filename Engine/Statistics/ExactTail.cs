using Interp.Engine.Common;

namespace Interp.Engine.Statistics;

/// <summary>
/// The k largest of any number of values that come in any order, exactly, in 2k floats of memory: the threshold that a share of them lies
/// above. Their number need not be known, k = ⌈share · number⌉ must be. The result depends on the values alone, not on their order or on
/// how they are cut into batches. Not for several threads at once; one for each unit.
/// </summary>
public sealed class ExactTail
{
    private readonly float[] _kept;
    private readonly int _count;
    private int _filled;
    private float _limit = float.NegativeInfinity;
    private bool _isFull;

    /// <summary>Of no values.</summary>
    /// <param name="count">k, at least 1.</param>
    public ExactTail(int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        (_count, _kept) = (count, new float[checked(2 * count)]);
    }

    /// <summary>Goes on from where <see cref="Largest"/> and <see cref="Seen"/> were taken.</summary>
    /// <param name="count">k.</param>
    /// <param name="largest">The largest values so far, at most k.</param>
    /// <param name="seen">How many there were.</param>
    /// <exception cref="ArgumentException">More than k values, or more than were seen.</exception>
    /// <exception cref="InputException">A value is NaN.</exception>
    public ExactTail(int count, ReadOnlySpan<float> largest, long seen)
        : this(count)
    {
        if (largest.Length != Math.Min(count, seen))
        {
            throw new ArgumentException($"{largest.Length} largest of {seen} values, expected {Math.Min(count, seen)}", nameof(largest));
        }

        Add(largest);
        Seen = seen;
    }

    /// <summary>How many values there were.</summary>
    public long Seen { get; private set; }

    /// <summary>The k-th largest value; −∞ where there were fewer than k. At most k − 1 values lie above it.</summary>
    public float Threshold
    {
        get
        {
            Prune();
            return _filled < _count ? float.NegativeInfinity : _kept[0];
        }
    }

    /// <summary>A value that <see cref="Threshold"/> is not below, and will not be; found without sorting.</summary>
    internal float Limit => _limit;

    /// <summary>The k largest values, or all where there were fewer, ascending.</summary>
    public ReadOnlySpan<float> Largest
    {
        get
        {
            Prune();
            return _kept.AsSpan(0, _filled);
        }
    }

    /// <summary>Takes values; of another tail it may be <see cref="Largest"/>, which joins the two (but for <see cref="Seen"/>).</summary>
    /// <param name="values">Any number of values.</param>
    /// <exception cref="InputException">A value is NaN.</exception>
    public void Add(ReadOnlySpan<float> values)
    {
        foreach (float value in values)
        {
            if (_isFull && value <= _limit)
            {
                continue;
            }

            if (float.IsNaN(value))
            {
                throw new InputException("an activation is NaN, expected numbers; look for NaN in the weights");
            }

            _kept[_filled++] = value + 0f; // -0 becomes 0: equal values have the same bits
            if (_filled == _kept.Length)
            {
                Prune();
            }
        }

        Seen += values.Length;
    }

    /// <summary>Leaves the k largest, ascending, at the front.</summary>
    private void Prune()
    {
        Array.Sort(_kept, 0, _filled);
        int extra = _filled - _count;
        if (extra >= 0)
        {
            _kept.AsSpan(extra, _count).CopyTo(_kept);
            (_filled, _isFull, _limit) = (_count, true, _kept[0]);
        }
    }
}
