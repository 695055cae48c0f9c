using Interp.Cli.Concepts.Relevance;
using Interp.Cli.Dissection;
using Interp.Cli.Examples;
using Interp.Cli.Output;
using Interp.Cli.Reporting;
using Interp.Cli.Visualization;
using Interp.Engine.Attribution;
using Interp.Engine.Backends;
using Interp.Engine.Common;
using Interp.Engine.Examples;
using Interp.Engine.Graph;

namespace Interp.Cli.Site;

/// <summary>Makes what a site shows, part by part, each by the job of the command that it is made with otherwise: what is there from the
/// same settings is not made again.</summary>
internal sealed class SiteJob(Invocation run, SitePlan plan, IBackend backend, Explainer explainer)
{
    private readonly Failures _failures = new(run);
    private readonly PhotoClassesJob? _photos =
        plan.Photos is null || plan.Network.Classes == 0 ? null : new PhotoClassesJob(run, explainer, plan.Photos, plan.Results);

    private readonly List<string> _remarks = [];
    private IReadOnlyList<DissectionManifest> _dissected = [];

    /// <summary>The command's exit code if nothing else goes wrong.</summary>
    internal int ExitCode => ExitCodes.Worse(_failures.ExitCode, plan.Photos?.ExitCode ?? ExitCodes.Done);

    private Network Network => plan.Network;

    /// <summary>Makes what is missing.</summary>
    internal void Work()
    {
        OutputFile.CreateFolder(plan.Results, SiteFlags.Out.Name);
        var cost = new SiteCost(run, plan, backend, explainer);
        DissectJob? dissection = plan.Labels is null ? null : new DissectJob(run, explainer, plan.Dissection(run));
        if (SiteUnits.AreKnown(plan.Units))
        {
            cost.Say(UnitsOf, dissection);
        }

        if (dissection is not null)
        {
            (_dissected, int failed) = dissection.Work();
            if (failed > 0)
            {
                _failures.Report("labels", "labels", new InputException($"{failed} labelled images could not be used"));
            }
        }

        if (!SiteUnits.AreKnown(plan.Units))
        {
            cost.Say(UnitsOf, null);
        }

        if (_photos is not null)
        {
            Make("photos", "classes of the photos", () => _photos.Existing() is not null, () => _photos.Work(_failures));
        }

        foreach (Node layer in plan.Layers)
        {
            run.Cancel.ThrowIfCancellationRequested();
            Layer(layer);
        }

        int[] classes = [.. SiteClasses.Of(plan.Classes, Network, PhotoClasses())];
        if (classes.Length > 0)
        {
            using var images = new SiteImages(run, plan, backend, null);
            VisualizeTarget[] missing = images.Missing(images.Classes(classes));
            Make("classes", "images of the classes", () => missing.Length == 0, () => images.Make(missing, "optimising classes:"));
        }
    }

    /// <summary>What there is, of the plan's settings alone.</summary>
    /// <param name="isWhole">Whether the work was not stopped.</param>
    internal SiteContent Collect(bool isWhole)
    {
        if (!isWhole)
        {
            _remarks.Insert(0, "Partial: it was stopped before all was made; the same command goes on.");
        }

        IReadOnlyList<PhotoClass> photos = PhotoClasses();
        ILookup<int, PhotoClass> byClass = photos.OrderByDescending(p => p.Probability).ToLookup(p => p.Class);
        int[] classes = [.. SiteClasses.Of(plan.Classes, Network, photos)];
        using SiteImages? images = classes.Length == 0 ? null : new SiteImages(run, plan, backend, null);
        return new SiteContent(
            Network, [.. plan.Layers.Select(Collect)],
            [.. classes.Select(c => new SiteClass(c, Network.Labels[c], [.. byClass[c]]) { Image = images!.OfClass(c) })])
        {
            Photos = photos,
            Remarks = _remarks,
            Options =
            [
                new("layers", string.Join(", ", plan.Layers.Select(l => l.Name))), new("units", plan.Units), new("classes", plan.Classes),
                new("labels", plan.Labels is null ? SiteFlags.None : $"{NameOf(plan.Labels.Source)} ({plan.Labels.Layout})"),
                new("photos", plan.Photos is null ? SiteFlags.None : $"{plan.Photos.Files.Count}"),
                new("sample", plan.Sample is null ? SiteFlags.None : $"{plan.Sample.Files.Count}"), new("count", $"{plan.Count}"),
                new("steps", $"{plan.Steps}"), new("size", $"{plan.Size}"), new("seed", $"{run.Get(SharedOptions.Seed)}"),
                .. SettingsHash.EngineValues(run, backend.Info).Where(v => v.Value.Length > 0),
            ],
        };
    }

    private SiteLayer Collect(Node layer, int index)
    {
        UnitLabels? labels = LabelsOf(layer);
        int[] units = UnitsOf(layer, labels);
        TopImagesJob? photos = Photos(layer, units);
        TopImagesManifest? examples = photos?.Existing();
        RemovalJob? removal = Removal(layer, units);
        RemovalManifest? removed = removal?.Existing();
        float[] changes = removed is null ? [] : removal!.Changes();
        using var images = new SiteImages(run, plan, backend, layer);
        int classes = Network.Classes;
        return new SiteLayer(layer, plan.Names[index], Network.OwnShapes[layer.Id], FieldOf(layer),
            [.. units.Select((k, i) => new SiteUnit(k, Shown(labels?.Of(k)))
            {
                Positive = images.OfUnit(k, false),
                Negative = images.OfUnit(k, true),
                Photos = examples?.Units.FirstOrDefault(u => u.Channel == k),
                Removal = removed?.Units[i].Removal,
                Changes = removed is null ? [] : changes[(i * classes)..((i + 1) * classes)],
            })])
        {
            Summary = _dissected.FirstOrDefault(d => d.Summary.Layer == layer.Name)?.Summary,
            Labels = labels,
            Photos = examples,
            PhotosFolder = photos?.Store.Folder ?? "",
            Relevance = Relevance(layer)?.Existing(),
            Removal = removed,
        };
    }

    private void Layer(Node layer)
    {
        int[] units = UnitsOf(layer);
        if (units.Length == 0)
        {
            Remark($"{layer.Name}: no unit is a significant detector");
            return;
        }

        if (Photos(layer, units) is { } photos)
        {
            Make("photos", $"photos of {layer.Name}", () => photos.Existing() is not null, () => photos.Work(_ => { }));
        }

        if (Removal(layer, units) is { } removal)
        {
            Make("removal", $"removal of units of {layer.Name}", () => removal.Existing() is not null, () => removal.Work(_failures));
        }

        if (Relevance(layer) is { } relevance)
        {
            Make("relevance", $"relevance of {layer.Name}", () => relevance.Existing() is not null, () => relevance.Work(_failures));
        }

        using var images = new SiteImages(run, plan, backend, layer);
        VisualizeTarget[] missing = images.Missing(images.Units(units));
        Make("images", $"images of {layer.Name}", () => missing.Length == 0, () => images.Make(missing, "optimising"));
        SiteWriter.WriteImages(run, Collect(layer, Array.IndexOf(plan.Layers, layer)), plan.Out);
    }

    /// <summary>One part: what fails is said, on the site too, and the others go on.</summary>
    private void Make(string kind, string what, Func<bool> exists, Action work)
    {
        if (exists())
        {
            return;
        }

        if (!_failures.Try(kind, what, alone: false, () =>
        {
            try
            {
                work();
            }
            catch (InputException e)
            {
                Remark($"{what}: {e.Message}"); // It cannot be had of this network or layer: no fault of the user's.
            }
        }))
        {
            _remarks.Add($"{what}: failed; the same command tries it again");
        }
    }

    private void Remark(string text)
    {
        run.Note(text);
        _remarks.Add(text);
    }

    private int[] UnitsOf(Node layer) => UnitsOf(layer, LabelsOf(layer));

    private int[] UnitsOf(Node layer, UnitLabels? labels) => labels is null && !SiteUnits.AreKnown(plan.Units) ? []
        : SiteUnits.Of(plan.Units, Network.OwnShapes[layer.Id][1], labels);

    private UnitLabels? LabelsOf(Node layer) => plan.Labels is null ? null : UnitLabels.Find(plan.Results, Network, layer, run.Note);

    /// <summary>The photos' top classes, as far as they are known.</summary>
    private IReadOnlyList<PhotoClass> PhotoClasses() => _photos?.Existing()?.Photos ?? [];

    /// <summary>A label as a site may show it: not where its maker's labels lie.</summary>
    private static UnitLabel? Shown(UnitLabel? label) => label is null ? null : label with { Labels = NameOf(label.Labels) };

    private static string NameOf(string folder) => Path.GetFileName(Path.TrimEndingDirectorySeparator(folder));

    private FieldLine FieldOf(Node layer) =>
        FieldLine.Of(ReceptiveField.Of(Network, layer, Network.Preprocessing.Height, Network.Preprocessing.Width));

    private UnitChoice Choice(Node layer, int[] units) =>
        new(layer, Network.OwnShapes[layer.Id], units, plan.Count, ExampleRank.Max);

    private TopImagesJob? Photos(Node layer, int[] units) => plan.Photos is null || units.Length == 0 ? null
        : new TopImagesJob(run, explainer, Choice(layer, units), plan.Photos, new TopImagesPlan(plan.Results));

    private RemovalJob? Removal(Node layer, int[] units) => plan.Sample is null || units.Length == 0 ? null
        : new RemovalJob(run, explainer, Choice(layer, units), plan.Sample, plan.Results);

    private ClassRelevanceJob? Relevance(Node layer) => plan.Sample is null ? null
        : new ClassRelevanceJob(run, explainer, layer, plan.Sample, plan.Results);
}
