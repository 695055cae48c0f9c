using System.Collections.Immutable;
using System.Text;
using Interp.Cli.Charts;
using Interp.Cli.Output;
using Interp.Engine.Attribution;
using Interp.Engine.Common;
using Interp.Engine.Dissection;
using Interp.Engine.Graph;
using Interp.Engine.Imaging;
using Interp.Engine.Training;
using Interp.Weights;

namespace Interp.Cli.Dissection;

/// <summary>What <c>dissect --ablate</c> does: ranks a layer's units for each class on photos at even places of its folder, takes the best
/// away, and looks at those at odd places.</summary>
internal sealed class AblationJob
{
    private const int RandomSets = 20, UnitsNamed = 64;
    private readonly Invocation _run;
    private readonly Explainer _explainer;
    private readonly ClassFolders _folders;
    private readonly int[] _classes;

    internal AblationJob(Invocation run, Explainer explainer)
    {
        (_run, _explainer) = (run, explainer);
        _folders = ClassFolders.Of(run.Get(DissectFlags.Ablate));
        _classes = [.. _folders.Names.Select(ClassOf)];
        for (int c = 0; c < _classes.Length; c++)
        {
            if (_folders.Files[c].Length < 2)
            {
                throw new InputException(
                    $"{DissectFlags.Ablate.Name}: {_folders.Names[c]} holds one photo, expected at least two: one half ranks units, the "
                    + "other tests them");
            }
        }
    }

    /// <summary>Images that could not be used.</summary>
    internal int Skipped { get; private set; }

    /// <summary>Does one layer, unless it is there from the same settings.</summary>
    internal AblationManifest Work(Node layer, string folder)
    {
        var result = new ResultFolder<AblationManifest>(Path.Combine(folder, "ablation"), DissectionJson.Strict.AblationManifest);
        string[][] files = [.. _folders.Files.Select(f => f.Take(_run.Get(DissectFlags.AblateImages)).ToArray())];
        string settings = SettingsHash.Of(
        [
            _explainer.Network.Name, _explainer.Network.Hash, layer.Name, $"{_run.Get(SharedOptions.Seed)} {RandomSets}",
            .. SettingsHash.Engine(_run, _explainer.Backend.Info),
            .. files.SelectMany(f => f).Select(SettingsHash.OfFile),
        ]);
        if (result.Existing(settings) is { } existing)
        {
            return existing;
        }

        var ablation = new ClassAblation(_explainer, layer, _classes, RandomSets, _run.Get(SharedOptions.Seed));
        (string, int)[] ranking = [.. Half(files, 0)], testing = [.. Half(files, 1)];
        IReadOnlyList<ImmutableArray<UnitImportance>> ranked = _run.Progress($"removing units of {layer.Name}").Run(report =>
            ablation.Rank(Read(ranking), n => report("one by one", n, ranking.Length), _run.Cancel));
        IReadOnlyList<AblationCurve> curves = _run.Progress($"removing units of {layer.Name}").Run(report =>
            ablation.Curves(ranked, Read(testing), n => report("together", n, testing.Length), _run.Cancel));
        return Write(layer, result, settings, ranked, curves);
    }

    private static IEnumerable<(string File, int Class)> Half(string[][] files, int odd) =>
        files.SelectMany((list, c) => list.Where((_, i) => i % 2 == odd).Select(f => (f, c)));

    private IEnumerable<(NetworkInput Input, int Class)> Read((string File, int Class)[] files)
    {
        foreach ((string file, int c) in files)
        {
            NetworkInput? input = null;
            try
            {
                input = NetworkInput.Read(file, _explainer.Network, _run.Cancel)[0];
            }
            catch (InputException e)
            {
                Skipped++;
                _run.Fail(e, after: "the others go on");
            }

            if (input is not null)
            {
                yield return (input, c);
            }
        }
    }

    private AblationManifest Write(
        Node layer, ResultFolder<AblationManifest> folder, string settings, IReadOnlyList<ImmutableArray<UnitImportance>> ranked,
        IReadOnlyList<AblationCurve> curves)
    {
        folder.Begin(settings);
        CsvTable steps = new(), units = new();
        steps.Add(["class", "label", "photos", "units", "accuracy", "random", "random_low", "random_high", "intact"]);
        units.Add(["class", "label", "rank", "channel", "accuracy_drop", "probability_drop"]);
        foreach ((AblationCurve curve, ImmutableArray<UnitImportance> order) in curves.Zip(ranked))
        {
            string label = _explainer.Network.Labels[curve.Class];
            foreach (AblationStep s in curve.Steps)
            {
                steps.Add([$"{curve.Class}", label, $"{curve.Photos}", $"{s.Units}", CsvTable.Number(s.Accuracy), CsvTable.Number(s.Random),
                    CsvTable.Number(s.RandomLow), CsvTable.Number(s.RandomHigh), CsvTable.Number(curve.Intact)]);
            }

            for (int i = 0; i < order.Length; i++)
            {
                units.Add([$"{curve.Class}", label, $"{i + 1}", $"{order[i].Channel}", CsvTable.Number(order[i].AccuracyDrop),
                    CsvTable.Number(order[i].ProbabilityDrop)]);
            }
        }

        Chart chart = DissectionCharts.Ablation(layer.Name, curves, c => TargetWords.Short(_explainer.Network.Labels[c]));
        folder.Add("curves.csv", s => s.Write(Encoding.UTF8.GetBytes(steps.ToString())));
        folder.Add("units.csv", s => s.Write(Encoding.UTF8.GetBytes(units.ToString())));
        folder.Add("curves.svg", s => s.Write(Encoding.UTF8.GetBytes(chart.Svg())));
        folder.Add("curves.png", s => ImageFile.WritePng(s, chart.Png()));
        string[] files = ["curves.csv", "units.csv", "curves.svg", "curves.png"];
        var manifest = new AblationManifest
        {
            Settings = settings,
            Model = _explainer.Network.Name,
            ModelHash = _explainer.Network.Hash,
            Layer = layer.Name,
            Classes = [.. curves.Select((c, i) => new AblationLine(
                c.Class, _explainer.Network.Labels[c.Class], c.Photos, c.Intact, [.. ranked[i].Take(UnitsNamed).Select(u => u.Channel)],
                c.Steps))],
            Files = files,
            Sha256 = folder.SumsOf(files),
        };
        folder.Settle(manifest);
        return manifest;
    }

    private int ClassOf(string name) => (WordNetIds.IsOne(name) ? WordNetIds.ClassOf(name, _explainer.Network.Labels) : null)
        ?? _explainer.Network.Labels.Find(name);
}
