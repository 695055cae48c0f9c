using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Serialization;
using Interp.Cli.Output;
using Interp.Engine.Graph;
using Interp.Engine.Layers;

namespace Interp.Cli.Reporting;

/// <summary>
/// What <c>dissect</c> found of a layer's units, where it lies in the same <c>--out</c>: of the same model by its hash, and of the layer
/// itself or, since they have the same channels, of the activation function right behind it, or of what that stands behind.
/// </summary>
internal sealed class UnitLabels
{
    /// <summary>The folder of all layers' dissections.</summary>
    internal const string Root = "dissection";

    /// <summary>The table of units in a layer's folder.</summary>
    internal const string TableName = "units.csv";

    private const long MostBytes = 64 << 20;
    private static readonly string[] s_columns =
        ["channel", "label", "category", "iou", "ceiling", "p", "p_place", "q_bh", "detector", "significant", "remark"];

    private readonly string _folder;
    private readonly DissectedManifest _manifest;
    private readonly Dictionary<int, UnitLabel> _units;

    private UnitLabels(string folder, DissectedManifest manifest, Dictionary<int, UnitLabel> units) =>
        (_folder, _manifest, _units) = (folder, manifest, units);

    /// <summary>A digest of the table: results that show its labels are made again when it changes.</summary>
    internal string Digest => _manifest.Sha256[TableName];

    /// <summary>The file with a unit's images and masks in a layer's folder.</summary>
    internal static string SheetName(int channel) => $"units/{channel}.png";

    /// <summary>The labels of a layer's units, or null where there are none.</summary>
    /// <param name="root">The value of <c>--out</c>.</param>
    /// <param name="network">The network.</param>
    /// <param name="layer">The layer.</param>
    /// <param name="note">Told of a dissection that is not of this network, or damaged.</param>
    internal static UnitLabels? Find(string root, Network network, Node layer, Action<string> note) =>
        SameChannels(network, layer).Select(n => Read(Path.Combine(root, Root, SafeName.Of(n.Name)), network, n, note))
            .FirstOrDefault(found => found is not null);

    /// <summary>A channel's label, or null where it was not dissected.</summary>
    internal UnitLabel? Of(int channel) => _units.GetValueOrDefault(channel);

    /// <summary>The images with the unit's masks as a PNG file's bytes; null where there are none as the dissection wrote them.</summary>
    internal byte[]? Sheet(int channel) =>
        Bytes(Path.Combine(_folder, SheetName(channel)), _manifest.Sha256.GetValueOrDefault(SheetName(channel)));

    /// <summary>The layer, and layers whose channels are its own: a function of each value on its own changes none of them.</summary>
    private static IEnumerable<Node> SameChannels(Network network, Node layer)
    {
        IEnumerable<Node> behind = network.Nodes.Where(n => IsFunction(n) && n.Inputs[0] == layer.Id);
        return [layer, .. behind, .. IsFunction(layer) ? [network.Nodes[layer.Inputs[0]]] : Array.Empty<Node>()];
    }

    private static bool IsFunction(Node node) => node.Layer is ReLU or Activation;

    private static UnitLabels? Read(string folder, Network network, Node layer, Action<string> note)
    {
        if (Stored.Read(Path.Combine(folder, ResultFiles.ManifestName), UnitLabelJson.Strict.DissectedManifest) is not { } manifest)
        {
            return null;
        }

        if (manifest.ModelHash != network.Hash || manifest.Summary.Layer != layer.Name)
        {
            note($"{Readable.Path(folder)} is about {manifest.Summary.Layer} of another model: its labels are not shown");
            return null;
        }

        if (Bytes(Path.Combine(folder, TableName), manifest.Sha256.GetValueOrDefault(TableName)) is not { } table
            || Parse(Encoding.UTF8.GetString(table), layer.Name, manifest.Summary.Labels) is not { } units)
        {
            note($"{Readable.Path(Path.Combine(folder, TableName))} is not as 'dissect' wrote it: its labels are not shown");
            return null;
        }

        return new UnitLabels(folder, manifest, units);
    }

    private static Dictionary<int, UnitLabel>? Parse(string text, string layer, string labels)
    {
        IReadOnlyList<string>[] rows = [.. CsvReader.Rows(text)];
        int[] at = [.. s_columns.Select(c => rows.Length > 0 ? rows[0].ToList().IndexOf(c) : -1)];
        if (at.Any(i => i < 0) || rows.Any(r => r.Count != rows[0].Count))
        {
            return null;
        }

        var units = new Dictionary<int, UnitLabel>();
        foreach (IReadOnlyList<string> row in rows.Skip(1))
        {
            string[] cells = [.. at.Select(i => row[i])];
            if (!int.TryParse(cells[0], NumberStyles.None, CultureInfo.InvariantCulture, out int channel))
            {
                return null;
            }

            bool named = cells[1].Length > 0;
            units[channel] = new UnitLabel(
                layer, labels, named ? cells[1] : null, named ? cells[2] : null, Number(cells[3]), Number(cells[4]), Number(cells[5]),
                Number(cells[6]), Number(cells[7]), cells[8] == "1", cells[9] == "1", cells[10]);
        }

        return units;
    }

    private static double Number(string cell) =>
        double.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) ? value : double.NaN;

    /// <summary>A file's bytes where they are those of a checksum.</summary>
    private static byte[]? Bytes(string path, string? sum)
    {
        try
        {
            return sum is not null && new FileInfo(path) is { Exists: true, Length: <= MostBytes } && File.ReadAllBytes(path) is var bytes
                && Convert.ToHexStringLower(SHA256.HashData(bytes)) == sum ? bytes : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}

/// <summary>What is read of a dissection's manifest.</summary>
internal sealed record DissectedManifest
{
    public required string ModelHash { get; init; }

    public required DissectedSummary Summary { get; init; }

    public required IReadOnlyDictionary<string, string> Sha256 { get; init; }
}

/// <summary>What is read of its summary.</summary>
internal sealed record DissectedSummary
{
    public required string Layer { get; init; }

    public required string Labels { get; init; }
}

/// <summary>Manifests of dissections, as far as labels need them.</summary>
[JsonSerializable(typeof(DissectedManifest))]
internal sealed partial class UnitLabelJson : JsonSerializerContext
{
    internal static UnitLabelJson Strict { get; } = new(JsonStyle.Strict());
}
