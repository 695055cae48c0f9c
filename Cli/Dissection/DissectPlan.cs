using Interp.Cli.Output;
using Interp.Engine.Attribution;
using Interp.Engine.Dissection;
using Interp.Engine.Graph;
using Interp.Engine.LabelSets;
using Interp.Engine.LabelSets.Patterns;

namespace Interp.Cli.Dissection;

/// <summary>What is dissected, and how.</summary>
/// <param name="Layers">The layers, in the network's order.</param>
/// <param name="Labels">The labels.</param>
/// <param name="Options">How it is done.</param>
/// <param name="Out">Folder of all results.</param>
internal sealed record DissectPlan(Node[] Layers, LabelSet Labels, DissectionOptions Options, string Out)
{
    /// <summary>The channels, as they were asked for.</summary>
    internal string ChannelText { get; init; } = "all";

    /// <summary>How outlines are read.</summary>
    internal string PolygonRule { get; init; } = "edge";

    /// <summary>Generated patterns of the network's own size.</summary>
    internal static LabelSet Generated(Network network) =>
        new PatternSet(network.Preprocessing.Height, network.Preprocessing.Width, grey: network.InputChannels == 1);

    /// <summary>For each layer what its results depend on: network, layer, labels with every file's size and time, all options.</summary>
    internal string[] Settings(Invocation run, Explainer explainer)
    {
        string[] images = [.. Enumerable.Range(0, Labels.Count).Select(Labels.NameOf), .. Labels.Files.Select(SettingsHash.OfFile)];
        string denominator = Options.Denominator == MaskShare.All ? "all" : "category";
        string upsample = Options.Enlargement == Enlargement.Field ? "rf" : "bilinear";
        return [.. Layers.Select(layer => SettingsHash.Of(
        [
            explainer.Network.Name, explainer.Network.Hash, layer.Name, ChannelText, Labels.Layout, Labels.Source, PolygonRule,
            $"{Options.Quantile:R} {Options.Threshold:R} {Options.LabelSize} {Options.MinImages} {Options.Permutations}",
            $"{Options.Alpha:R}",
            $"{denominator} {upsample} {Options.Score.Name} {Options.Examples} {Options.Seed}",
            .. SettingsHash.Engine(run, explainer.Backend.Info),
            .. images,
        ]))];
    }
}
