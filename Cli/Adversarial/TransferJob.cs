using System.Text;
using Interp.Cli.Output;
using Interp.Engine.Adversarial;
using Interp.Engine.Attribution;
using Interp.Engine.Backends;
using Interp.Engine.Common;
using Interp.Engine.Graph;
using Interp.Engine.Imaging;

namespace Interp.Cli.Adversarial;

/// <summary>Which of the saved images mislead other models too: <c>transfer.json</c>.</summary>
/// <param name="From">The model that was attacked.</param>
/// <param name="Models">The others.</param>
/// <param name="Rows">Of each attack the images that succeeded, and how many of them each model answers otherwise than their clean
/// ones.</param>
internal sealed record TransferFile(string From, IReadOnlyList<string> Models, IReadOnlyList<TransferRow> Rows);

/// <summary>An attack's line.</summary>
internal sealed record TransferRow(string Attack, int Images, IReadOnlyList<RateLine?> Rates);

/// <summary>Shows saved images to other models, each of which prepares them as it prepares images.</summary>
/// <param name="run">The command's run.</param>
/// <param name="backend">Where networks run.</param>
internal sealed class TransferJob(Invocation run, IBackend backend)
{
    private const string JsonName = "transfer.json", CsvName = "transfer.csv";

    /// <summary>The other models, loaded before any work, so that a name that is none is known then.</summary>
    internal static IReadOnlyList<Network> Models(Invocation run)
    {
        Network[] models = [.. run.Parts(AttackFlags.TransferTo).Distinct().Select(run.LoadModel)];
        return models.FirstOrDefault(m => m.Classes < 2) is { } without
            ? throw new InputException($"{AttackFlags.TransferTo.Name}: {without.Name} has {Readable.Classes(without.Classes)}, so its "
                + "answer cannot change; expected a classifier of two or more")
            : models;
    }

    internal TransferFile Work(IReadOnlyList<AttackLine> lines, IReadOnlyList<Network> models, string from)
    {
        var fooled = new Dictionary<(string Attack, int Model), (int Count, int Of)>();
        AttackLine[] won = [.. lines.Where(l => l.Manifest is { Success: true, Misclassified: false })];
        for (int k = 0; k < models.Count; k++)
        {
            using var explainer = new Explainer(models[k], backend, new ExplainerOptions { Backward = false });
            run.Progress($"transfer to {models[k].Name}").Run(report =>
            {
                for (int i = 0; i < won.Length; i++)
                {
                    run.Cancel.ThrowIfCancellationRequested();
                    report(Path.GetFileName(won[i].Image), i, won.Length);
                    Transfer found = Transfer.Of(
                        explainer, Read(won[i], AttackWriter.Original, models[k]), Read(won[i], AttackWriter.Adversarial, models[k]),
                        run.Cancel);
                    (int count, int of) = fooled.GetValueOrDefault((won[i].Manifest.Method, k));
                    fooled[(won[i].Manifest.Method, k)] = (count + (found.IsFooled ? 1 : 0), of + 1);
                }

                return won.Length;
            });
        }

        string[] attacks = [.. lines.Select(l => l.Manifest.Method).Distinct()];
        var file = new TransferFile(from, [.. models.Select(m => m.Name)], [.. attacks.Select(a => new TransferRow(
            a, won.Count(l => l.Manifest.Method == a),
            [.. models.Select((_, k) => fooled.GetValueOrDefault((a, k)) is var (count, of) ? RateLine.From(count, of) : null)]))]);
        Write(file);
        return file;
    }

    /// <summary>The table that is printed.</summary>
    internal static TextTable Table(TransferFile file)
    {
        var table = new TextTable(["transfer", $"{file.From}#", .. file.Models]);
        foreach (TransferRow row in file.Rows)
        {
            table.Add([row.Attack, $"{row.Images}", .. row.Rates.Select(r => r?.Words ?? "no image")]);
        }

        return table;
    }

    private NetworkInput Read(AttackLine line, string name, Network network) =>
        NetworkInput.Read(Path.Combine(line.Folder, name), network, run.Cancel)[0];

    private void Write(TransferFile file)
    {
        string root = run.Get(AttackFlags.Out);
        var table = new CsvTable();
        table.Add(["attack", "model", "misled", "images", "share", "low", "high"]);
        foreach (TransferRow row in file.Rows)
        {
            table.Add([row.Attack, file.From, $"{row.Images}", $"{row.Images}", row.Images > 0 ? "1" : "", "", ""]);
            foreach ((string model, RateLine? r) in file.Models.Zip(row.Rates))
            {
                table.Add([row.Attack, model, $"{r?.Count}", $"{r?.Of}", .. new[] { r?.Share, r?.Low, r?.High }.Select(
                    v => CsvTable.Number(v ?? double.NaN))]);
            }
        }

        Stored.Write(Path.Combine(root, JsonName), AttackFlags.Out.Name, file, AttackJson.Strict.TransferFile);
        OutputFile.Write(Path.Combine(root, CsvName), AttackFlags.Out.Name, s => s.Write(Encoding.UTF8.GetBytes(table.ToString())));
    }
}
