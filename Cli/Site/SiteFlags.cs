using System.CommandLine;
using Interp.Cli.Dissection;
using Interp.Engine.Common;
using Interp.Engine.Graph;
using Interp.Engine.LabelSets;

namespace Interp.Cli.Site;

/// <summary>What a site shows, and of what it is made.</summary>
internal static class SiteFlags
{
    internal const string None = "none", All = "all", OfPhotos = "photos", Detectors = "detectors";

    internal static readonly Option<string> Layers = TypedOption.Text(
        "--layers", "Layers, or all activation functions [default: the last one of each of five map sizes]", "NAME[,NAME...]|all");

    internal static readonly Option<string> Units = new("--units")
    {
        Description = "The N most telling of each layer, detectors, all, or channels such as 0-15,264",
        HelpName = "N|detectors|all|LIST",
        DefaultValueFactory = _ => "16",
    };

    internal static readonly Option<string> Classes = new("--classes")
    {
        Description = "Classes with a page: ids, labels, or a file",
        HelpName = "LIST|all|none",
        DefaultValueFactory = _ => OfPhotos,
    };

    internal static readonly Option<string[]> Images = new("--images")
    {
        Description = "Photos: folders, folders of such folders, or files [default: none]",
        HelpName = "DIR...",
        Arity = ArgumentArity.OneOrMore,
        AllowMultipleArgumentsPerToken = true,
    };

    internal static readonly Option<int> Sample = TypedOption.Whole(
        "--sample", "Photos, evenly from all, on which removal and relevance are measured", 16, 1, int.MaxValue);

    internal static readonly Option<int> Count = TypedOption.Whole("--count", "Photos to show that excite a unit most", 6, 1, 16);

    internal static readonly Option<string> Labels = new("--labels")
    {
        Description = "What units are compared with",
        HelpName = "DIR|patterns|none",
        DefaultValueFactory = _ => DissectFlags.Patterns,
    };

    internal static readonly Option<int> Steps = TypedOption.Whole("--steps", "Steps of each optimised image", 128, 1, 1_000_000);

    internal static readonly Option<int?> Size = TypedOption.OptionalWhole(
        "--size", "Shorter side of units' images [default: 128, or the network's input where that is smaller]", 1, 1024);

    internal static readonly Option<string> Out = TypedOption.Folder("Folder of the site; what is there is not made again");

    /// <summary>The labels; null where there are none.</summary>
    /// <exception cref="InputException">There are none, or of no known layout.</exception>
    internal static LabelSet? OpenLabels(Invocation run, Network network)
    {
        string given = run.Get(Labels);
        string? layout = run.Get(DissectFlags.Layout);
        bool read = given is not (None or DissectFlags.Patterns);
        run.NoteIdle(!read, $"with {Labels.Name} {given}", DissectFlags.Layout);
        return given == None ? null : read ? LabelLayouts.Open(given, layout, new LabelOptions()) : DissectPlan.Generated(network);
    }

    /// <summary>The size of units' images.</summary>
    /// <exception cref="InputException">It is too small.</exception>
    internal static int SizeFor(Invocation run, Network network)
    {
        int own = Math.Min(network.Preprocessing.Height, network.Preprocessing.Width), least = Math.Min(32, own);
        int size = run.Get(Size) ?? Math.Min(128, own);
        return size >= least ? size
            : throw new InputException($"{Size.Name} {size}: expected at least {least} for {network.Name}");
    }

    /// <summary>Some of the photos, evenly from all.</summary>
    internal static string[] SampleOf(IReadOnlyList<string> files, int count) => files.Count <= count ? [.. files]
        : [.. Enumerable.Range(0, count).Select(i => files[(int)((((2L * i) + 1) * files.Count) / (2L * count))])];
}
