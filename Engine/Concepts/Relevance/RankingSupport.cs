using System.Collections.Immutable;
using Interp.Engine.Statistics;

namespace Interp.Engine.Concepts.Relevance;

/// <summary>
/// What the most relevant channels of one image are worth, by photos that had no part in choosing them: how often each is among the most
/// relevant of photos of the same class, and of other classes. A channel that is relevant whatever the class says little about this
/// decision; one at random would be among the t most relevant of C in t/C of the photos.
/// </summary>
/// <param name="Same">Photos of the same class.</param>
/// <param name="Others">Photos of other classes.</param>
/// <param name="Channels">Each of the channels.</param>
/// <param name="SameOverlap">Channels that a photo of the same class has in common with the image among the most relevant, on average; NaN
/// without such photos.</param>
/// <param name="OtherOverlap">The same of other classes.</param>
/// <param name="ChanceOverlap">What two rankings at random have in common: t²/C.</param>
public sealed record RankingSupport(
    int Same, int Others, ImmutableArray<ChannelSupport> Channels, double SameOverlap, double OtherOverlap, double ChanceOverlap)
{
    /// <summary>Counts.</summary>
    /// <param name="ranking">The image's channels, the most relevant first: the t that are looked at.</param>
    /// <param name="channels">C, how many the layer has.</param>
    /// <param name="same">The t most relevant channels of each photo of the same class.</param>
    /// <param name="others">The same of other classes.</param>
    public static RankingSupport Of(
        IReadOnlyList<int> ranking, int channels, IReadOnlyList<IReadOnlyList<int>> same, IReadOnlyList<IReadOnlyList<int>> others)
    {
        HashSet<int>[] inSame = [.. same.Select(s => s.ToHashSet())], inOthers = [.. others.Select(s => s.ToHashSet())];
        return new RankingSupport(
            same.Count,
            others.Count,
            [.. ranking.Select(k => Support(inSame.Count(s => s.Contains(k)), inOthers.Count(s => s.Contains(k))))],
            Overlap(inSame),
            Overlap(inOthers),
            (double)ranking.Count * ranking.Count / channels);

        double Overlap(HashSet<int>[] photos) =>
            photos.Length == 0 ? double.NaN : photos.Average(p => (double)ranking.Count(p.Contains));

        ChannelSupport Support(int hitsSame, int hitsOther) => new(
            hitsSame,
            hitsOther,
            same.Count == 0 || others.Count == 0 ? double.NaN
                : Hypergeometric.AtLeast(hitsSame, same.Count, hitsSame + hitsOther, same.Count + others.Count));
    }
}

/// <summary>How often a channel is among the most relevant ones of photos.</summary>
/// <param name="Same">Of how many photos of the same class.</param>
/// <param name="Others">Of how many photos of other classes.</param>
/// <param name="P">Fisher's exact test, one-sided, that it is so more often in the same class; NaN without photos of both kinds.</param>
public sealed record ChannelSupport(int Same, int Others, double P);
