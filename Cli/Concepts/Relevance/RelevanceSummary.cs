using Interp.Cli.Output;

namespace Interp.Cli.Concepts.Relevance;

/// <summary>What is said of one result: a table of its channels, and what chance gives.</summary>
internal static class RelevanceSummary
{
    internal static void Show(Invocation run, string folder, RelevanceManifest m)
    {
        bool photos = m.Photos is not null, concepts = m.Channels.Any(c => c.Concept is not null);
        run.WriteLine($"{Readable.Path(m.Image)}: {m.TargetDescription}{(m.Label is { } l ? $", {TargetWords.Short(l)}" : "")}, "
            + $"{Readable.Number(m.Score)}; {Readable.Number(m.LayerRelevance)} of it arrives at {m.Layer}");
        var table = new TextTable(
            ["channel#", "share#", "relevance#", .. photos ? (string[])["same class#", "others#", "p#"] : [],
                .. concepts ? (string[])["concept"] : [], "map"]);
        foreach (ChannelLine c in m.Channels)
        {
            table.Add(
            [
                $"{c.Channel}", Readable.Percent(c.Share), Readable.Number(c.Relevance),
                .. m.Photos is { } p
                    ? (string[])[$"{c.SamePhotos}/{p.Same}", $"{c.OtherPhotos}/{p.Others}", c.PCorrected is { } q ? Readable.Number(q) : ""]
                    : [],
                .. concepts ? (string[])[c.Concept?.Words ?? ""] : [],
                Readable.Path(Path.Combine(folder, c.Heatmap)),
            ]);
        }

        run.Write(table);
        foreach (string line in Chance(m))
        {
            run.Note(line);
        }
    }

    /// <summary>Whether it all adds up, and what chance gives.</summary>
    internal static IEnumerable<string> Chance(RelevanceManifest m)
    {
        int n = m.Channels.Count;
        yield return $"sums: the maps of these {n} channels and of all others add up to that of the layer within {m.Residual:0.0e+0} of it"
            + (m.PathsAround ? $"; paths lead around {m.Layer}, and what they carry is left out" : "");
        yield return $"these {n} channels carry {Readable.Percent(m.TopShare)} of Σ|R|; {n} at random would carry "
            + $"{Readable.Percent(m.ChanceShare)}";
        if (m.OtherClasses is { } o)
        {
            yield return $"explained for {o.Classes.Count} other classes, the same photo has {o.Overlap:0.0} of these {n} among its first "
                + $"{n}: so much is the photo's, whatever the class (at random {o.Chance:0.00})";
        }

        if (m.Photos is { Count: 0 })
        {
            yield return "the photos hold nothing but the image itself: nothing was compared";
        }
        else if (m.Photos is { } p)
        {
            yield return $"{p.Count} photos have of these {n} among their first {n}: {Overlap(p.SameOverlap)} where the class is the same "
                + $"({p.Same} photos), {Overlap(p.OtherOverlap)} where it is another ({p.Others}), at random {p.Chance:0.00}";
        }

        static string Overlap(double? value) => value is { } v ? $"{v:0.0}" : "none known";
    }
}
