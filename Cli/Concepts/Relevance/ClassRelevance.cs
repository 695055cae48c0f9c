using Interp.Engine.Statistics;

namespace Interp.Cli.Concepts.Relevance;

/// <summary>Which channels of a layer the classes use, and what chance gives.</summary>
/// <param name="manifest">How it was measured.</param>
/// <param name="shares">Mean shares of the class's logit, <c>[classes,channels]</c>.</param>
/// <param name="hits">Photos that have the channel among their most relevant ones, <c>[classes,channels]</c>.</param>
internal sealed class ClassRelevance(ClassRelevanceManifest manifest, float[] shares, float[] hits)
{
    private readonly int _all = manifest.Photos.Sum();

    internal ClassRelevanceManifest Manifest => manifest;

    /// <summary>Classes that are the top class of a photo.</summary>
    internal IEnumerable<int> Classes => Enumerable.Range(0, manifest.Photos.Count).Where(c => manifest.Photos[c] > 0);

    /// <summary>The channels that a class's photos rely on most, p corrected over all channels (Holm).</summary>
    internal IReadOnlyList<ClassUse> OfClass(int c, int count) => manifest.Photos[c] == 0 ? []
        : Best([.. Enumerable.Range(0, manifest.Channels).Select(k => Use(c, k))], count);

    /// <summary>The classes whose photos rely on a channel most, p corrected over all classes with photos (Holm).</summary>
    internal IReadOnlyList<ClassUse> OfChannel(int channel, int count) => Best([.. Classes.Select(c => Use(c, channel))], count);

    private static IReadOnlyList<ClassUse> Best(ClassUse[] uses, int count)
    {
        double[] p = [.. uses.Select(u => u.P)];
        double[] corrected = p.Any(double.IsNaN) ? p : Multiplicity.Holm(p);
        return [.. uses.Select((u, i) => u with { P = corrected[i] }).Where(u => u.Share > 0).OrderByDescending(u => u.Share).Take(count)];
    }

    /// <summary>One class and channel; P by Fisher's exact test, one-sided, not corrected.</summary>
    private ClassUse Use(int c, int channel)
    {
        int own = manifest.Photos[c], others = _all - own, hit = (int)At(hits, c, channel);
        int hitsOfOthers = Classes.Sum(d => d == c ? 0 : (int)At(hits, d, channel));
        double otherShare = others == 0 ? double.NaN
            : Classes.Sum(d => d == c ? 0 : (double)At(shares, d, channel) * manifest.Photos[d]) / others;
        return new ClassUse(
            c, channel, At(shares, c, channel), otherShare, hit, own, hitsOfOthers, others,
            others == 0 ? double.NaN : Hypergeometric.AtLeast(hit, own, hit + hitsOfOthers, _all));
    }

    private float At(float[] values, int c, int channel) => values[(c * manifest.Channels) + channel];
}

/// <param name="Class">The class.</param>
/// <param name="Channel">The channel.</param>
/// <param name="Share">Its mean share of the class's logit in photos of the class.</param>
/// <param name="OtherShare">Its mean share of their own class's logit in photos of other classes; NaN without such photos.</param>
/// <param name="Hits">Photos of the class that have it among their most relevant channels.</param>
/// <param name="Photos">Of how many.</param>
/// <param name="OtherHits">Photos of other classes.</param>
/// <param name="OtherPhotos">Of how many.</param>
/// <param name="P">Fisher's exact test, one-sided, that it is so more often in the class.</param>
internal sealed record ClassUse(
    int Class, int Channel, double Share, double OtherShare, int Hits, int Photos, int OtherHits, int OtherPhotos, double P);
