using System.Globalization;
using System.Text.Json;
using Interp.Cli.Output;
using Interp.Engine.Graph;

namespace Interp.Cli.Concepts.Relevance;

/// <summary>What a dissection in the same folder of results says of a layer's channels: <c>dissection/LAYER/units.csv</c>.</summary>
internal sealed class DissectedUnits
{
    private const long MostBytes = 64 << 20;
    private readonly Dictionary<int, DissectedUnit> _units = [];

    private DissectedUnits(string hash) => Hash = hash;

    /// <summary>What it says, in sixteen digits.</summary>
    internal string Hash { get; }

    /// <summary>The dissection of the same model and layer; null where there is none that can be read, which is said where it is of
    /// another model.</summary>
    internal static DissectedUnits? Find(Invocation run, string root, Node layer, Network network)
    {
        string folder = Path.Combine(root, "dissection", SafeName.Of(layer.Name)), table = Path.Combine(folder, "units.csv");
        try
        {
            if (!File.Exists(table) || new FileInfo(table).Length > MostBytes)
            {
                return null;
            }

            string? model = ModelOf(Path.Combine(folder, ResultFolder<RelevanceManifest>.ManifestName));
            if (model != network.Hash)
            {
                run.Note($"{Readable.Path(folder)} is of another model, so its concepts are left out");
                return null;
            }

            return Read(File.ReadAllText(table));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException or FormatException)
        {
            run.Note($"{Readable.Path(table)}: cannot be read, so its concepts are left out: {e.Message}");
            return null;
        }
    }

    /// <summary>What is said of a channel, or null.</summary>
    internal DissectedUnit? Of(int channel) => _units.GetValueOrDefault(channel);

    private static string? ModelOf(string manifest)
    {
        using FileStream stream = File.OpenRead(manifest);
        using JsonDocument document = JsonDocument.Parse(stream);
        return document.RootElement.TryGetProperty("model_hash", out JsonElement hash) ? hash.GetString() : null;
    }

    private static DissectedUnits Read(string text)
    {
        var found = new DissectedUnits(SettingsHash.Digest([text]));
        IReadOnlyList<IReadOnlyList<string>> rows = CsvTable.Rows(text);
        int channel = Column("channel"), label = Column("label"), iou = Column("iou"), p = Column("p");
        foreach (IReadOnlyList<string> row in rows.Skip(1).Where(r => r.Count == rows[0].Count && r[label].Length > 0))
        {
            int k = int.Parse(row[channel], CultureInfo.InvariantCulture);
            found._units[k] = new DissectedUnit(row[label], Number(row[iou]), Number(row[p]));
        }

        return found;

        int Column(string name) => rows.Count > 0 && rows[0].ToList().IndexOf(name) is var at and >= 0 ? at
            : throw new FormatException($"it has no column '{name}'");

        static double Number(string cell) => cell.Length == 0 ? double.NaN : double.Parse(cell, CultureInfo.InvariantCulture);
    }
}

/// <param name="Label">The concept.</param>
/// <param name="Iou">How far the two overlap.</param>
/// <param name="P">How often chance overlaps as far.</param>
internal sealed record DissectedUnit(string Label, double Iou, double P);
