using System.Text;
using Interp.Cli.Charts;
using Interp.Cli.Output;
using Interp.Cli.Reporting;
using Interp.Engine.Attribution;
using Interp.Engine.Dissection;
using Interp.Engine.Graph;
using Interp.Engine.Imaging;
using Interp.Engine.LabelSets;
using Result = Interp.Engine.Dissection.Dissection;

namespace Interp.Cli.Dissection;

/// <summary>What <c>dissect</c> does: the layers whose results are not there yet in one run, their folders, and the table.</summary>
internal sealed class DissectJob
{
    private readonly Invocation _run;
    private readonly Explainer _explainer;
    private readonly Node[] _layers;
    private readonly DissectContext _context;
    private readonly (ResultFolder<DissectionManifest> Folder, string Settings)[] _folders;
    private readonly AblationJob? _ablation;

    internal DissectJob(Invocation run, Explainer explainer)
    {
        (_run, _explainer) = (run, explainer);
        Network network = explainer.Network;
        _layers = DissectFlags.Layers(run, network);
        LabelSet labels = DissectFlags.OpenLabels(run, network);
        DissectionOptions options = DissectFlags.Options(run) with { Channels = DissectFlags.ChannelsOf(run, network, _layers) };
        string root = Path.Combine(run.Get(DissectFlags.Out), UnitLabels.Root);
        _context = new DissectContext(network, labels, options, root);
        _folders = [.. _layers.Zip(DissectFlags.Settings(run, explainer, _layers, labels), (layer, settings) => (
            new ResultFolder<DissectionManifest>(_context.FolderOf(layer.Name), DissectionJson.Strict.DissectionManifest), settings))];
        _ablation = run.Get(DissectFlags.Ablate) is null ? null : new AblationJob(run, explainer);
        run.NoteIdle(_ablation is null, $"without {DissectFlags.Ablate.Name}", DissectFlags.AblateImages);
    }

    internal int Work()
    {
        foreach (string remark in _context.Labels.Remarks)
        {
            _run.Note($"labels {Readable.Path(_context.Labels.Source)}: {remark}");
        }

        DissectionManifest?[] manifests = [.. _folders.Select(f => f.Folder.Existing(f.Settings))];
        int[] missing = [.. Enumerable.Range(0, manifests.Length).Where(i => manifests[i] is null)];
        if (missing.Length < manifests.Length)
        {
            _run.Note($"{manifests.Length - missing.Length} of {manifests.Length} layers were there from the same settings");
        }

        int failed = manifests.Max(m => m?.Failed.Count ?? 0);
        if (missing.Length > 0)
        {
            OutputFile.CreateFolder(_context.Root, DissectFlags.Out.Name);
            IReadOnlyList<Result> results = [];
            try
            {
                results = Dissect([.. missing.Select(i => _layers[i])]);
            }
            finally
            {
                if (results.Count == 0)
                {
                    OutputFile.DeleteEmpty(_context.Root);
                }
            }

            failed = results[0].Failed.Length;
            var writer = new DissectionWriter(_run, _context, _explainer.Backend.Info);
            _run.Progress("writing").Run(report =>
            {
                for (int i = 0; i < missing.Length; i++)
                {
                    report(results[i].Layer, i, missing.Length);
                    manifests[missing[i]] = writer.Write(results[i], _folders[missing[i]].Folder, _folders[missing[i]].Settings);
                }

                return 0;
            });
        }

        DissectionSummary[] summaries = [.. manifests.Select(m => m!.Summary)];
        if (summaries.Length > 1)
        {
            Chart chart = DissectionCharts.Layers(summaries);
            Add("layers.svg", s => s.Write(Encoding.UTF8.GetBytes(chart.Svg())));
            Add("layers.png", s => ImageFile.WritePng(s, chart.Png()));
        }

        Show(summaries);
        foreach (Node layer in _ablation is null ? [] : _layers)
        {
            ShowAblation(_ablation!.Work(layer, _context.FolderOf(layer.Name)));
        }

        return failed > 0 || _ablation?.Skipped > 0 ? ExitCodes.Usage : ExitCodes.Done;

        void Add(string name, Action<Stream> write) => OutputFile.Write(Path.Combine(_context.Root, name), DissectFlags.Out.Name, write);
    }

    private IReadOnlyList<Result> Dissect(Node[] layers)
    {
        return _run.Progress("dissecting").Run(report => Dissector.Run(
            _explainer,
            layers,
            _context.Labels,
            _context.Options with { StateFile = _context.StatePath, Failed = Failed, Note = _run.Note },
            p => report(p.Stage, Before(p.Stage) + (ShareOf(p.Stage) * p.Done / Math.Max(1, p.Of)), 100),
            _run.Cancel));

        // What the stages usually take of the whole: there is one bar for all of them.
        static long Before(string stage) => stage switch { "activations" => 0, "tails" => 40, "masks" => 50, _ => 60 };

        static long ShareOf(string stage) => stage switch { "activations" => 50, "tails" or "masks" => 10, _ => 40 };
    }

    /// <summary>The classes in words: what each loses without its 16 most important units, and without random ones.</summary>
    private void ShowAblation(AblationManifest manifest)
    {
        if (_run.Json)
        {
            return; // It is in the folder's manifest; standard output holds one document.
        }

        var table = new TextTable("class", "photos#", "whole#", "without its best units#", "without random ones#", "most important");
        foreach (AblationLine line in manifest.Classes)
        {
            AblationStep step = line.Steps.Last(s => s.Units <= 16);
            table.Add(
                TargetWords.Short(line.Label), $"{line.Photos}", $"{line.Intact:0.000}", $"{step.Accuracy:0.000} ({step.Units})",
                $"{step.Random:0.000}", string.Join(' ', line.Units.Take(5)));
        }

        _run.Write(table);
    }

    private void Failed(string message) => _run.Fail(new Engine.Common.InputException(message), after: "the others go on");

    private void Show(DissectionSummary[] summaries)
    {
        if (_run.Json)
        {
            _run.WriteJson(summaries, DissectionJson.Pretty.DissectionSummaryArray);
            return;
        }

        var table = new TextTable(
            "layer", "units#", "never active#", "detectors#", "by chance#", "significant#", "unique#", "halves agree#", "page");
        foreach (DissectionSummary s in summaries)
        {
            table.Add(
                s.Layer, $"{s.Units}", $"{s.Dead}", $"{s.Detectors}", Chance(s), $"{s.Significant}", $"{s.Unique} ({s.UniqueSignificant})",
                Agreement(s), Readable.Path(Path.Combine(_context.FolderOf(s.Layer), "index.html")));
        }

        _run.Write(table);
        foreach (IGrouping<string, string> remark in summaries.SelectMany(s => s.Remarks.Select(r => (r, s.Layer)))
            .GroupBy(p => p.r, p => p.Layer))
        {
            _run.Note(remark.Count() == summaries.Length ? remark.Key : $"{string.Join(", ", remark)}: {remark.Key}");
        }

        static string Chance(DissectionSummary s) => double.IsNaN(s.ExpectedByChance) ? "not asked" : $"{s.ExpectedByChance:0.0}";

        static string Agreement(DissectionSummary s) => double.IsNaN(s.HalvesAgree) ? "none"
            : $"{100 * s.HalvesAgree:0} % (chance {100 * s.HalvesAgreeByChance:0} %)";
    }
}
