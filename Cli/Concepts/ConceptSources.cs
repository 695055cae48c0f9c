using Interp.Cli.Output;
using Interp.Engine.Common;
using Interp.Engine.Concepts;
using Interp.Engine.Graph;
using Interp.Engine.Imaging;
using Interp.Engine.LabelSets;
using Interp.Engine.LabelSets.Patterns;

namespace Interp.Cli.Concepts;

/// <summary>The images of a concept test: what was given, and what was assumed.</summary>
/// <param name="Concepts">Images of each concept.</param>
/// <param name="Classes">Photos of each class.</param>
/// <param name="Random">Images of anything else, or null where concepts are told apart from each other.</param>
/// <param name="RandomSource">Where those are from, in words.</param>
internal sealed record ConceptSources(
    IReadOnlyList<ImageSet> Concepts, IReadOnlyList<ClassPhotos> Classes, ImageSet? Random, string RandomSource)
{
    /// <summary>What was assumed, one line each.</summary>
    internal required IReadOnlyList<string> Remarks { get; init; }

    /// <summary>Finds the images that the options name.</summary>
    /// <exception cref="InputException">There are none.</exception>
    internal static ConceptSources Read(Invocation run, Network network, int[] classes)
    {
        var remarks = new List<string>();
        ulong seed = run.Get(SharedOptions.Seed);
        IReadOnlyList<ImageSet> concepts = ReadConcepts(run, network, remarks);
        foreach (string photo in run.Get(ConceptTestFlags.Map) ?? [])
        {
            _ = NetworkInput.Read(photo, network, run.Cancel); // Read again in the end: now it is known that it can be.
        }

        ClassFolderList? images = run.Get(ConceptTestFlags.Images) is { Length: > 0 } given ? ClassFolderList.Of(given, network) : null;
        ClassFolderList? random = run.Get(ConceptTestFlags.Random) is { } folder ? ClassFolderList.Of([folder], network) : null;
        ClassPhotos[] photos = [.. classes.Select(c => new ClassPhotos(c, PhotosOf(run, network, c, classes.Length, images, random,
            remarks)))];
        (ImageSet? pool, string source) = Pool(run, network, classes, concepts, images, random, remarks);
        return new ConceptSources(concepts, photos, pool?.AtMost(run.Get(ConceptTestFlags.RandomCount), seed),
            source) { Remarks = remarks };
    }

    private static IReadOnlyList<ImageSet> ReadConcepts(Invocation run, Network network, List<string> remarks)
    {
        string source = run.Get(ConceptTestFlags.Concepts);
        string[] only = run.Get(ConceptTestFlags.Only)?.Split(',',
            StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [];
        if (source == ConceptTestFlags.Generated)
        {
            Concept[] all = [.. GeneratedImages.Concepts];
            Concept[] taken = [.. Chosen(all, c => [c.Name, c.Category], only)];
            if (network.InputChannels == 1 && only.Length == 0)
            {
                taken = [.. taken.Where(c => c.Category != "color")];
                remarks.Add($"colours are left out, since {network.Name} sees grey");
            }

            return [.. taken.Select(c => ImageSet.Generated(c.Name, network, run.Get(ConceptTestFlags.Count),
                run.Get(SharedOptions.Seed)))];
        }

        if (!Directory.Exists(source))
        {
            throw new InputException(
                $"{ConceptTestFlags.Concepts.Name} {source}: there is no such folder, expected one with a folder of images for "
                + $"each concept, or '{ConceptTestFlags.Generated}'");
        }

        string[] folders = [.. Directory.EnumerateDirectories(source).Where(f =>
            !Path.GetFileName(f).StartsWith('.')).Order(StringComparer.Ordinal)];
        if (folders.Length == 0)
        {
            folders = [Path.GetFullPath(source).TrimEnd(Path.DirectorySeparatorChar)];
            remarks.Add($"{Readable.Path(source)} holds no folders, and is taken for one concept");
        }

        return [.. Chosen(folders, f => [Path.GetFileName(f)], only).Select(f =>
        {
            ImageList list = ImageList.Of(f);
            remarks.AddRange(new[] { list.Remark, list.Unread }.OfType<string>());
            return ImageSet.OfFiles(Path.GetFileName(f), list.Files, network);
        })];
    }

    private static IEnumerable<T> Chosen<T>(T[] all, Func<T, string[]> names, string[] only)
    {
        if (only.Length == 0)
        {
            return all;
        }

        if (Array.Find(only, o => !all.Any(a => names(a).Contains(o, StringComparer.OrdinalIgnoreCase))) is { } unknown)
        {
            throw new InputException($"{ConceptTestFlags.Only.Name} {unknown}: there is no such concept: expected of "
                + string.Join(", ", all.SelectMany(names).Distinct()));
        }

        return all.Where(a => names(a).Any(n => only.Contains(n, StringComparer.OrdinalIgnoreCase)));
    }

    private static ImageSet PhotosOf(
        Invocation run, Network network, int c, int classes, ClassFolderList? images, ClassFolderList? random, List<string> remarks)
    {
        string label = network.Labels[c];
        IReadOnlyList<string>? files = images?.FilesOf(c);
        if (files is null && images is { HasClasses: false } && classes == 1)
        {
            files = images.Files;
        }

        if (files is null && images is null && random?.FilesOf(c) is { } inside)
        {
            files = inside;
            remarks.Add($"photos of {TargetWords.Short(label)} are those in {Readable.Path(random.Source)}, since "
                + $"{ConceptTestFlags.Images.Name} names none");
        }

        return files is null
            ? throw new InputException(images is null
                ? $"{ConceptTestFlags.Images.Name}: photos of '{label}' are needed, 20 or more; name their folder, or one with a "
                    + "folder for each class"
                : $"{ConceptTestFlags.Images.Name} {images.Source}: no folder in it is called by '{label}', its id or its WordNet id")
            : ImageSet.OfFiles(label, files, network).AtMost(run.Get(ConceptTestFlags.Count), run.Get(SharedOptions.Seed));
    }

    /// <summary>Where negatives and random concepts come from: photos, or else the other concepts, or else noise.</summary>
    private static (ImageSet? Pool, string Source) Pool(
        Invocation run, Network network, int[] classes, IReadOnlyList<ImageSet> concepts, ClassFolderList? images, ClassFolderList? random,
        List<string> remarks)
    {
        bool drawn = concepts[0].IsGenerated;
        bool relative = ConceptTestFlags.Relative(run)
            ?? (random is null && concepts.Count > 1 && (drawn || images is not { HasClasses: true }));
        if (relative)
        {
            remarks.Add($"each concept is told from the other {concepts.Count - 1} concepts"
                + (drawn ? ", as patterns are drawings: beside photos, a direction would mostly say 'drawing'" : "")
                + "; another concept changes all scores; --relative no compares with random images");
            return (null, "other concepts");
        }

        (IEnumerable<string> files, string source) = random is not null
            ? (random.Except(classes), Readable.Path(random.Source))
            : images is { HasClasses: true } && !drawn ? (images.Except(classes),
                $"other classes of {Readable.Path(images.Source)}") : ([], "noise");
        string[] all = [.. files];
        if (all.Length > 0)
        {
            remarks.Add($"random images are {source}{(random is { HasClasses: true } ? ", the tested classes left out" : "")}: "
                + $"{Math.Min(all.Length, run.Get(ConceptTestFlags.RandomCount))} of {all.Length}");
            return (ImageSet.OfFiles("random images", all, network), source);
        }

        if (random is not null)
        {
            throw new InputException($"{ConceptTestFlags.Random.Name} {random.Source}: holds photos of the tested classes only");
        }

        remarks.Add(drawn
            ? "random images are generated noise"
            : $"random images are generated noise, since {ConceptTestFlags.Random.Name} names none: a direction will mostly say 'photo', "
                + "so name 200 or more photos of other things");
        return (ImageSet.Noise(network, run.Get(ConceptTestFlags.RandomCount), run.Get(SharedOptions.Seed)), source);
    }
}
