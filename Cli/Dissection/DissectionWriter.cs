using System.Text;
using System.Text.Json;
using Interp.Cli.Charts;
using Interp.Cli.Output;
using Interp.Cli.Reporting;
using Interp.Engine.Backends;
using Interp.Engine.Imaging;
using Interp.Engine.Tensors;
using Result = Interp.Engine.Dissection.Dissection;

namespace Interp.Cli.Dissection;

/// <summary>Writes what was found of a layer: tables, arrays, charts, sheets of units, the page and, last of all,
/// <c>manifest.json</c>.</summary>
internal sealed class DissectionWriter(Invocation run, DissectContext context, BackendInfo backend)
{
    private readonly UnitSheets _sheets = new(context, run.Cancel);

    /// <summary>Writes one layer's folder.</summary>
    internal DissectionManifest Write(Result d, ResultFolder<DissectionManifest> folder, string settings)
    {
        if (folder.Begin(settings) is { } other)
        {
            run.Note($"{Readable.Path(folder.Path)} held another dissection, of {other.Summary.Model} with {other.Summary.Labels}: it is "
                + $"replaced; another {DissectFlags.Out.Name} keeps both");
        }

        DissectionSummary summary = DissectionSummary.Of(context, d);
        var files = new List<string>();
        Text(UnitLabels.TableName, DissectionTables.Units(d));
        Text("concepts.csv", DissectionTables.Concepts(d));
        Add("iou.npy", s => Npy.Write(s, new Shape(d.Units.Length, d.Concepts.Length), d.Iou));
        Add("thresholds.npy", s => Npy.Write(s, new Shape(d.Units.Length), [.. d.Units.Select(u => u.Threshold)]));
        Add("summary.json", s => JsonSerializer.Serialize(s, summary, DissectionJson.Pretty.DissectionSummary));
        Chart bars = DissectionCharts.Bars(d, summary);
        Text("bars.svg", bars.Svg());
        Add("bars.png", s => ImageFile.WritePng(s, bars.Png()));
        files.AddRange(_sheets.Write(d, folder));
        Add("index.html", s => new DissectionPage(d, summary, bars).Write(s));
        var manifest = new DissectionManifest
        {
            Settings = settings,
            ModelHash = context.Network.Hash,
            Summary = summary,
            Failed = d.Failed,
            Threads = backend.Threads,
            Backend = backend.Name,
            InstructionSet = backend.InstructionSet,
            Files = files,
            Sha256 = folder.SumsOf(files),
        };
        folder.Settle(manifest);
        return manifest;

        void Text(string name, string text) => Add(name, s => s.Write(Encoding.UTF8.GetBytes(text)));

        void Add(string name, Action<Stream> write)
        {
            folder.Add(name, write);
            files.Add(name);
        }
    }
}
