using Interp.Cli.Dissection;
using Interp.Cli.Output;
using Interp.Engine.Common;
using Interp.Engine.Dissection;
using Interp.Engine.Graph;
using Interp.Engine.LabelSets;

namespace Interp.Cli.Site;

/// <summary>What a site is made of.</summary>
/// <param name="Network">The network.</param>
/// <param name="Layers">Its layers that have pages.</param>
/// <param name="Labels">What units are compared with, or null.</param>
/// <param name="Photos">All photos, or null without.</param>
/// <param name="Sample">Those on which removal and relevance are measured, or null without.</param>
/// <param name="Units">Which units, as it was asked.</param>
/// <param name="Classes">Which classes, as it was asked.</param>
/// <param name="Count">Photos to show of each unit.</param>
/// <param name="Steps">Steps of each optimised image.</param>
/// <param name="Size">The shorter side of units' images.</param>
/// <param name="Out">The site's folder.</param>
internal sealed record SitePlan(
    Network Network, Node[] Layers, LabelSet? Labels, InputList? Photos, InputList? Sample, string Units, string Classes, int Count,
    int Steps, int Size, string Out)
{
    /// <summary>Folder of what the pages are made of, as other commands write it.</summary>
    internal string Results => Path.Combine(Out, "results");

    /// <summary>The names of the layers' pages, each once whatever layers are called.</summary>
    internal IReadOnlyList<string> Names { get; } = NamesOf(Layers);

    /// <exception cref="InputException">A layer, unit, class, label set or photo does not exist, or they contradict each other.</exception>
    internal static SitePlan Read(Invocation run)
    {
        Network network = run.LoadModel();
        Node[] layers = SiteLayers.Read(run, network);
        LabelSet? labels = SiteFlags.OpenLabels(run, network);
        string units = run.Get(SiteFlags.Units);
        foreach (Node layer in layers)
        {
            SiteUnits.Check(units, network.OwnShapes[layer.Id][1], labels is not null);
        }

        InputList? photos = run.Get(SiteFlags.Images) is { Length: > 0 } given ? new InputList(run, given) : null;
        InputList? sample = photos is null || network.Classes == 0 ? null
            : new InputList(run, SiteFlags.SampleOf(photos.Files, run.Get(SiteFlags.Sample)));
        run.NoteIdle(photos is null, $"without {SiteFlags.Images.Name}", SiteFlags.Count, SiteFlags.Sample);
        string classes = run.Get(SiteFlags.Classes);
        if (classes is not (SiteFlags.OfPhotos or SiteFlags.None))
        {
            _ = SiteClasses.Of(classes, network, []);
        }

        return new SitePlan(
            network, layers, labels, photos, sample, units, classes, run.Get(SiteFlags.Count), run.Get(SiteFlags.Steps),
            SiteFlags.SizeFor(run, network), run.Get(SiteFlags.Out));
    }

    /// <summary>How its layers are dissected: as 'dissect' does by itself.</summary>
    internal DissectPlan Dissection(Invocation run)
    {
        Engine.Attribution.ExplainerOptions memory = MemoryFlags.Read(run);
        long half = DissectFlags.HalfOf(memory);
        return new DissectPlan(Layers, Labels!, new DissectionOptions
        {
            Seed = run.Get(SharedOptions.Seed),
            Batch = memory.Batch,
            Threads = run.Get(SharedOptions.Threads),
            MemoryLimit = half,
            MaskLimit = half,
        }, Results);
    }

    private static IReadOnlyList<string> NamesOf(Node[] layers)
    {
        var names = new OutputNames();
        names.Take($"{SitePictures.Classes}.html", null);
        return [.. layers.Select(l => names.Take($"{SafeName.Of(l.Name)}.html", null))];
    }
}
