using Interp.Cli.Output;
using Interp.Engine.Attribution;
using Interp.Engine.Dissection;
using Interp.Engine.Graph;
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

    internal DissectJob(Invocation run, Explainer explainer)
    {
        (_run, _explainer) = (run, explainer);
        Network network = explainer.Network;
        _layers = DissectFlags.Layers(run, network);
        LabelSet labels = DissectFlags.OpenLabels(run);
        DissectionOptions options = DissectFlags.Options(run) with { Channels = DissectFlags.ChannelsOf(run, network, _layers) };
        string root = Path.Combine(run.Get(DissectFlags.Out), "dissection");
        _context = new DissectContext(network, labels, options, root);
        _folders = [.. _layers.Select(l => (
            new ResultFolder<DissectionManifest>(_context.FolderOf(l.Name), DissectionJson.Strict.DissectionManifest),
            DissectFlags.Settings(run, explainer, l, labels)))];
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
            IReadOnlyList<Result> results = Dissect([.. missing.Select(i => _layers[i])]);
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

        Show([.. manifests.Select(m => m!.Summary)]);
        return failed > 0 ? ExitCodes.Usage : ExitCodes.Done;
    }

    private IReadOnlyList<Result> Dissect(Node[] layers) => _run.Progress("dissecting").Run(report => Dissector.Run(
        _explainer,
        layers,
        _context.Labels,
        _context.Options with { StateFile = _context.StatePath, Failed = Failed, Note = _run.Note },
        p => report(p.Stage, p.Done, p.Of),
        _run.Cancel));

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
                Agreement(s), Readable.Path(Path.Combine(s.Folder, "index.html")));
        }

        _run.Write(table);
        foreach (string remark in summaries.SelectMany(s => s.Remarks).Distinct())
        {
            _run.Note(remark);
        }

        static string Chance(DissectionSummary s) => double.IsNaN(s.ExpectedByChance) ? "not asked" : $"{s.ExpectedByChance:0.0}";

        static string Agreement(DissectionSummary s) => double.IsNaN(s.HalvesAgree) ? "none"
            : $"{100 * s.HalvesAgree:0} % (chance {100 * s.HalvesAgreeByChance:0} %)";
    }
}
