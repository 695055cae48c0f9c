namespace Interp.Engine.Examples;

/// <summary>What orders images by how much they excite a channel.</summary>
public enum ExampleRank
{
    /// <summary>The largest activation of the map, for the least the smallest; among equal ones the mean.</summary>
    Max,

    /// <summary>The mean of the map; among equal ones the largest or smallest activation.</summary>
    Mean,

    /// <summary>The channel's share of each image's own decision, the sum of its relevance over the map, of which <see
    /// cref="Concepts.Relevance.ConceptRelevance.Shares"/> gives the values; ordered by their mean, as <see cref="Mean"/>.</summary>
    Relevance,
}

/// <summary>An image, and the place in it where a channel is most or least active.</summary>
/// <param name="Image">The file.</param>
/// <param name="Part">Its place among several inputs of one file, or null.</param>
/// <param name="Value">The activation at the place.</param>
/// <param name="Mean">The mean of the channel's map.</param>
/// <param name="Y">Row in the map.</param>
/// <param name="X">Column in the map.</param>
public sealed record UnitExample(string Image, int? Part, float Value, double Mean, int Y, int X);

/// <summary>
/// The images that excite a channel most, or least, with one place in each: where the activation is largest, or smallest. Holds no more
/// than the wanted number at any time; among equals the image that came first stands first.
/// </summary>
/// <param name="count">How many are wanted.</param>
/// <param name="least">Whether those with the smallest values are wanted.</param>
/// <param name="rank">What orders them.</param>
public sealed class TopExamples(int count, bool least, ExampleRank rank)
{
    private readonly List<UnitExample> _best = new(count + 1);

    /// <summary>The images so far, best first.</summary>
    public IReadOnlyList<UnitExample> Best => _best;

    /// <summary>Takes one image, and forgets the last one if there are too many.</summary>
    public void Offer(string image, int? part, in UnitReading reading)
    {
        (float value, (int y, int x)) = least ? (reading.Smallest, reading.SmallestAt) : (reading.Largest, reading.LargestAt);
        Offer(new UnitExample(image, part, value, reading.Mean, y, x));
    }

    /// <summary>Takes one image that was read earlier.</summary>
    public void Offer(UnitExample example)
    {
        (double, double) key = KeyOf(example);
        int at = _best.FindIndex(e => key.CompareTo(KeyOf(e)) > 0);
        _best.Insert(at < 0 ? _best.Count : at, example);
        if (_best.Count > count)
        {
            _best.RemoveAt(count);
        }
    }

    private (double First, double Second) KeyOf(UnitExample e)
    {
        int sign = least ? -1 : 1;
        return rank == ExampleRank.Max ? (sign * e.Value, sign * e.Mean) : (sign * e.Mean, sign * e.Value);
    }
}
