using System.Text;
using Interp.Cli.Charts;
using Interp.Cli.Output;
using Interp.Cli.Reporting;
using Interp.Engine.Attribution;
using Interp.Engine.Dissection;
using Interp.Engine.Graph;
using Interp.Engine.Imaging;
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

    internal DissectJob(Invocation run, Explainer explainer, DissectPlan plan)
    {
        (_run, _explainer, _layers) = (run, explainer, plan.Layers);
        _context = new DissectContext(explainer.Network, plan.Labels, plan.Options, Path.Combine(plan.Out, UnitLabels.Root));
        _folders = [.. _layers.Zip(plan.Settings(run, explainer), (layer, settings) => (
            new ResultFolder<DissectionManifest>(_context.FolderOf(layer.Name), DissectionJson.Strict.DissectionManifest), settings))];
    }

    /// <summary>The layers whose results are not there yet.</summary>
    internal int Missing => _folders.Count(f => f.Folder.Existing(f.Settings) is null);

    /// <summary>Dissects what is missing.</summary>
    /// <returns>What is known of each layer, and how many images could not be used.</returns>
    internal (IReadOnlyList<DissectionManifest> Layers, int Failed) Work()
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

        if (manifests.Length > 1)
        {
            Chart chart = DissectionCharts.Layers([.. manifests.Select(m => m!.Summary)]);
            Add("layers.svg", s => s.Write(Encoding.UTF8.GetBytes(chart.Svg())));
            Add("layers.png", s => ImageFile.WritePng(s, chart.Png()));
        }

        return ([.. manifests.Select(m => m!)], failed);

        void Add(string name, Action<Stream> write) => OutputFile.Write(Path.Combine(_context.Root, name), DissectFlags.Out.Name, write);
    }

    /// <summary>Where a layer's result lies.</summary>
    internal string FolderOf(Node layer) => _context.FolderOf(layer.Name);

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

    private void Failed(string message) => _run.Fail(new Engine.Common.InputException(message), after: "the others go on");
}
