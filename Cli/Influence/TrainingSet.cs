using Interp.Cli.Output;
using Interp.Cli.Training;
using Interp.Engine.Common;
using Interp.Engine.Graph;
using Interp.Engine.Influence;
using Interp.Engine.Models;
using Interp.Engine.Training;

namespace Interp.Cli.Influence;

/// <summary>The training images that could be read, with their features and classes.</summary>
internal sealed class TrainingSet
{
    private readonly FeatureStore _store;

    private TrainingSet(FeatureStore store, string folder, ClassFolders folders, KnownImage[] images, int[] classes, InputList inputs)
    {
        _store = store;
        Folder = folder;
        Names = folders.Names;
        Labels = FolderClasses.LabelsOf(folders.Names);
        NetworkClasses = [.. Names.Select(n => store.Network.Classes > 0 ? FolderClasses.ClassOf(n, store.Network.Labels) : null)];
        Images = images;
        Classes = classes;
        Skipped = inputs.Files.Count - images.Length;
        ExitCode = inputs.ExitCode;
        Data = new LabelledFeatures(store.Features, Names.Count, [.. images.SelectMany(i => store[i.Hash].Features)], [.. classes]);
    }

    /// <summary>The folder, as it was named.</summary>
    internal string Folder { get; }

    /// <summary>The class folders' names, by class.</summary>
    internal IReadOnlyList<string> Names { get; }

    /// <summary>Their labels.</summary>
    internal Labels Labels { get; }

    /// <summary>The network's class that each folder is called by, or null.</summary>
    internal IReadOnlyList<int?> NetworkClasses { get; }

    /// <summary>The images.</summary>
    internal IReadOnlyList<KnownImage> Images { get; }

    /// <summary>Their classes.</summary>
    internal IReadOnlyList<int> Classes { get; }

    /// <summary>Their features.</summary>
    internal LabelledFeatures Data { get; }

    /// <summary>Files that could not be read.</summary>
    internal int Skipped { get; }

    /// <summary>What the command ends with if nothing else goes wrong.</summary>
    internal int ExitCode { get; }

    /// <summary>What the network gives for an image.</summary>
    internal float[] Output(int image) => _store[Images[image].Hash].Output;

    /// <summary>What the result depends on: each image's content and class.</summary>
    internal IEnumerable<string> Settings => [_store.Settings, .. Names, .. Images.Zip(Classes, (i, c) => $"{c} {i.Hash}")];

    /// <summary>An image's path below the folder.</summary>
    internal string NameOf(int image) => $"{Names[Classes[image]]}/{Path.GetFileName(Images[image].Path)}";

    /// <summary>Reads the images of a folder's class folders.</summary>
    /// <exception cref="InputException">There are not two classes with images.</exception>
    internal static TrainingSet Of(Invocation run, FeatureStore store, string folder, ClassFolders folders)
    {
        var classOf = new Dictionary<string, int>(StringComparer.Ordinal);
        for (int c = 0; c < folders.Names.Length; c++)
        {
            foreach (string file in folders.Files[c])
            {
                classOf.TryAdd(file, c);
            }
        }

        var inputs = new InputList(run, [.. folders.Names.Select(n => Path.Combine(folder, n))]);
        IReadOnlyList<KnownImage> images = store.Read(inputs, $"features of {Readable.Path(folder)}");
        int[] classes = [.. images.Select(i => classOf[i.Path])];
        int filled = classes.Distinct().Count();
        if (filled < 2)
        {
            throw new InputException(
                $"{folder}: images of {filled} {(filled == 1 ? "class" : "classes")} could be read, expected at least two");
        }

        var set = new TrainingSet(store, folder, folders, [.. images], classes, inputs);
        set.NoteTwice(run);
        return set;
    }

    /// <summary>Says of images that lie in the folders of two classes that they do.</summary>
    private void NoteTwice(Invocation run)
    {
        var twice = Enumerable.Range(0, Images.Count).GroupBy(i => Images[i].Hash)
            .Where(g => g.Select(i => Classes[i]).Distinct().Count() > 1).ToArray();
        if (twice.Length > 0)
        {
            int[] one = [.. twice[0]];
            run.Note($"{twice.Length} {(twice.Length == 1 ? "image lies" : "images lie")} in folders of different classes, such as "
                + $"{NameOf(one[0])} and {NameOf(one[1])}");
        }
    }

    /// <summary>The images that are held out to measure heads, none where the options say so, and the rest.</summary>
    internal (int[] Kept, int[] Held) Split(InfluenceOptions options)
    {
        bool[] held = options.Validation > 0
            ? HeadTrainer.HoldOut(Data.Labels, null, options.Validation, options.Seed) : new bool[Data.Count];
        ILookup<bool, int> images = Enumerable.Range(0, held.Length).ToLookup(i => held[i]);
        return ([.. images[false]], [.. images[true]]);
    }

    /// <summary>The class that a user means: a folder's name, its number, its label or part of one.</summary>
    /// <exception cref="InputException">There is none, or several.</exception>
    internal int Find(string text, string option)
    {
        int exact = Names.ToList().IndexOf(text);
        try
        {
            return exact >= 0 ? exact : Labels.Find(text);
        }
        catch (InputException e)
        {
            throw new InputException($"{option} {text}: not among the folders of {Folder}: {e.Message}", e);
        }
    }

    /// <summary>The network's own probabilities of the folders' classes for its output, as shares of their sum; null where the network does
    /// not know all of them, or has no classes that exclude one another.</summary>
    internal double[]? Probabilities(Network network, float[] output)
    {
        if (network.Classes < 2 || NetworkClasses.Any(c => c is null) || NetworkClasses.Distinct().Count() < Names.Count)
        {
            return null;
        }

        double[] all = network.OutputActivation.Probabilities(output);
        double[] own = [.. NetworkClasses.Select(c => all[c!.Value])];
        double sum = own.Sum();
        return sum > 0 ? [.. own.Select(p => p / sum)] : null;
    }
}
