using Interp.Cli.Concepts.Relevance;
using Interp.Cli.Dissection;
using Interp.Cli.Examples;
using Interp.Cli.Reporting;
using Interp.Cli.Visualization;
using Interp.Engine.Graph;
using Interp.Engine.Tensors;

namespace Interp.Cli.Site;

/// <summary>A unit and what is known of it; null is what has not been made.</summary>
internal sealed record SiteUnit(int Channel, UnitLabel? Label)
{
    internal VisualizeLine? Positive { get; init; }

    internal VisualizeLine? Negative { get; init; }

    /// <summary>The photos that excite it most, and its distribution.</summary>
    internal UnitLine? Photos { get; init; }

    internal RemovalLine? Removal { get; init; }

    /// <summary>For each class the mean change of its logit without the unit; empty where that is not known.</summary>
    internal float[] Changes { get; init; } = [];

    /// <summary>Its label in few words.</summary>
    internal string Words => Label is null ? "" : Label.Label is null ? "never active" : $"{Label.Label} ({Label.Category})";

    /// <summary>Whether its label may be chance.</summary>
    internal bool IsDoubtful => Label is { Label: not null, Significant: false };
}

/// <summary>A layer with its units.</summary>
/// <param name="Node">The layer.</param>
/// <param name="Name">What its pages are called; no other layer's are called so.</param>
/// <param name="Shape">The shape of its output.</param>
/// <param name="Field">What one position sees.</param>
/// <param name="Units">Its units that have pages.</param>
internal sealed record SiteLayer(Node Node, string Name, Shape Shape, FieldLine Field, IReadOnlyList<SiteUnit> Units)
{
    internal DissectionSummary? Summary { get; init; }

    internal UnitLabels? Labels { get; init; }

    internal TopImagesManifest? Photos { get; init; }

    /// <summary>The folder of the cut-outs.</summary>
    internal string PhotosFolder { get; init; } = "";

    internal ClassRelevance? Relevance { get; init; }

    internal RemovalManifest? Removal { get; init; }

    internal SiteUnit? Find(int channel) => Units.FirstOrDefault(u => u.Channel == channel);
}

/// <summary>A class with what is known of it.</summary>
/// <param name="Id">The class.</param>
/// <param name="Label">Its label.</param>
/// <param name="Photos">The photos that have it as their top class, the surest first.</param>
internal sealed record SiteClass(int Id, string Label, IReadOnlyList<PhotoClass> Photos)
{
    internal VisualizeLine? Image { get; init; }
}

/// <summary>Everything that a site shows.</summary>
internal sealed record SiteContent(Network Network, IReadOnlyList<SiteLayer> Layers, IReadOnlyList<SiteClass> Classes)
{
    /// <summary>Photos that could be read.</summary>
    internal required IReadOnlyList<PhotoClass> Photos { get; init; }

    /// <summary>Remarks: what is missing and why.</summary>
    internal required IReadOnlyList<string> Remarks { get; init; }

    /// <summary>How it was made, by option.</summary>
    internal required IReadOnlyList<KeyValuePair<string, string>> Options { get; init; }

    internal SiteClass? Find(int c) => Classes.FirstOrDefault(k => k.Id == c);
}
