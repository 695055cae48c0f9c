using System.CommandLine;
using Interp.Cli.LabelSets;
using Interp.Cli.Visualization;
using Interp.Engine.Attribution;
using Interp.Engine.Common;
using Interp.Engine.Dissection;
using Interp.Engine.Graph;
using Interp.Engine.LabelSets;

namespace Interp.Cli.Dissection;

/// <summary>Which units are dissected, with which labels, and how.</summary>
internal static class DissectFlags
{
    internal const string Patterns = "patterns";
    private static readonly DissectionOptions s_usual = new();

    internal static readonly Option<string> Layer = new("--layer")
    {
        Description = "Layers, all of which take one pass together",
        HelpName = "NAME[,NAME...]",
        Required = true,
    };

    internal static readonly Option<string> Labels = new("--labels")
    {
        Description = "Folder of labelled images (see 'labels DIR'), or generated patterns",
        HelpName = "DIR|patterns",
        DefaultValueFactory = _ => Patterns,
    };

    internal static readonly Option<string> Layout = TypedOption.Text(
        "--layout", "The labels' layout, as 'labels' calls it [default: recognised]", "NAME");

    internal static readonly Option<string> Channels = new("--channel")
    {
        Description = "Channels: numbers and ranges such as 0-15,264, or 'all'",
        HelpName = "K[,K...]|all",
        DefaultValueFactory = _ => "all",
    };

    internal static readonly Option<double> Quantile = TypedOption.Real(
        "--quantile", "Share of all activations of a unit that its mask takes", s_usual.Quantile, 1e-6, 0.5);

    internal static readonly Option<double> Threshold = TypedOption.Real(
        "--threshold", "IoU above which a unit counts as a detector", s_usual.Threshold, 0, 1);

    internal static readonly Option<int> LabelSize = TypedOption.Whole(
        "--label-size", "Points along the longer side of the grid on which labels are compared", s_usual.LabelSize, 1,
        DissectionOptions.MostLabelSize);

    internal static readonly Option<int> MinImages = TypedOption.Whole(
        "--min-images", "Leave out concepts in fewer images", s_usual.MinImages, 1, int.MaxValue);

    internal static readonly Option<int> Permutations = TypedOption.Whole(
        "--permutations", "How often labels are exchanged, and shifted, to see what chance gives", s_usual.Permutations, 0, 100_000);

    internal static readonly Option<double> Alpha = TypedOption.Real(
        "--alpha", "False discovery rate at which units count as significant", s_usual.Alpha, 0, 1);

    internal static readonly Option<string> Denominator = TypedOption.Choice(
        "--denominator", "Images whose masks count: those with a label of the category, or all", "category", "category", "all");

    internal static readonly Option<string> Upsample = TypedOption.Choice(
        "--upsample", "Place map positions by their receptive fields, or evenly", "rf", "rf", "bilinear");

    internal static readonly Option<string> Score = TypedOption.Choice(
        "--score", "What decides a unit's label", s_usual.Score.Name, [.. DissectionScore.All.Names]);

    internal static readonly Option<int> Count = TypedOption.Whole(
        "--count", "Images to show of each unit; 0 for none", s_usual.Examples, 0, 100);

    internal static readonly Option<long> CacheSize = TypedOption.Bytes(
        "--cache-size", "Largest temporary file of maps, which saves running images twice", "4G");

    internal static readonly Option<string> Ablate = TypedOption.Text(
        "--ablate", "Folder of class folders: what classes lose without units", "DIR");

    internal static readonly Option<int> AblateImages = TypedOption.Whole(
        "--ablate-images", "Photos of each class: half rank units, half test them", 20, 2, int.MaxValue);

    internal static readonly Option<string> Out = TypedOption.Folder("Folder of the results; what is there is not made again");

    internal static IEnumerable<Option> Masks => [Quantile, LabelSize, Upsample, Denominator, Score];

    internal static IEnumerable<Option> Statistics => [Threshold, MinImages, Permutations, Alpha, SharedOptions.Seed];

    /// <summary>The layers, each once.</summary>
    /// <exception cref="InputException">One does not exist, or is the image itself.</exception>
    internal static Node[] LayersOf(Invocation run, Network network, string names, string option)
    {
        Node[] layers = [.. names.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Select(name => run.FindLayer(network, name)).Distinct().OrderBy(l => l.Id)];
        return layers.Length == 0 ? throw new InputException($"{option} '{names}': expected names of layers")
            : layers.FirstOrDefault(l => l.Id == 0) is { } input
            ? throw new InputException($"{option} {input.Name}: that is the image itself; name a layer behind it, 'layers' lists them")
            : layers;
    }

    /// <summary>The labels; generated patterns of the network's own size where nothing else is asked for.</summary>
    /// <exception cref="InputException">There are none, or of no known layout.</exception>
    internal static LabelSet OpenLabels(Invocation run, Network network) =>
        run.Get(Labels) == Patterns && run.Get(Layout) is null && run.Get(LabelFlags.Images) is null
            ? DissectPlan.Generated(network)
            : LabelLayouts.Open(run.Get(Labels), run.Get(Layout), LabelFlags.Read(run));

    /// <summary>The channels of a layer.</summary>
    internal static IReadOnlyList<int>? ChannelsOf(Invocation run, Network network, IEnumerable<Node> layers) => run.Get(Channels) == "all"
        ? null
        : [.. UnitList.Numbers(run.Get(Channels), layers.Min(l => network.OwnShapes[l.Id][1]), Channels.Name).Order()];

    internal static DissectionOptions Options(Invocation run)
    {
        ExplainerOptions memory = MemoryFlags.Read(run);
        long half = HalfOf(memory);
        return new DissectionOptions
        {
            Quantile = run.Get(Quantile),
            Threshold = run.Get(Threshold),
            LabelSize = run.Get(LabelSize),
            MinImages = run.Get(MinImages),
            Permutations = run.Get(Permutations),
            Alpha = run.Get(Alpha),
            Denominator = run.Get(Denominator) == "all" ? MaskShare.All : MaskShare.Category,
            Enlargement = run.Get(Upsample) == "rf" ? Enlargement.Field : Enlargement.HalfPixel,
            Score = DissectionScore.All.Find(run.Get(Score)),
            Examples = run.Get(Count),
            Seed = run.Get(SharedOptions.Seed),
            Batch = memory.Batch,
            Threads = run.Get(SharedOptions.Threads),
            MemoryLimit = half,
            MaskLimit = half,
            CacheSize = run.Get(CacheSize),
        };
    }

    /// <summary>Half of the memory limit: what the engine may take, and as much for tails and masks.</summary>
    internal static long HalfOf(ExplainerOptions memory) =>
        memory.MemoryLimit == long.MaxValue ? long.MaxValue : memory.MemoryLimit / 2;

    /// <summary>What is dissected, and how, from the options.</summary>
    internal static DissectPlan Plan(Invocation run, Network network)
    {
        Node[] layers = LayersOf(run, network, run.Get(Layer), Layer.Name);
        return new DissectPlan(
            layers, OpenLabels(run, network), Options(run) with { Channels = ChannelsOf(run, network, layers) }, run.Get(Out))
        {
            ChannelText = run.Get(Channels),
            PolygonRule = run.Get(LabelFlags.PolygonRule),
        };
    }
}
