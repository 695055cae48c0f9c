using System.Collections.Immutable;
using System.Globalization;
using Interp.Engine.Models;

namespace Interp.Weights;

/// <summary>
/// The table of torchvision's weight files, which scripts/make_pretrained_table.py makes from torchvision: one row a file; an empty cell is
/// the value of <see cref="Preprocessing.ImageNet"/>.
/// </summary>
internal static class PretrainedTable
{
    private const string Resource = "pretrained.tsv";

    /// <summary>The rows in the table's order.</summary>
    internal static IEnumerable<PretrainedWeights> Read()
    {
        using Stream stream = typeof(PretrainedTable).Assembly.GetManifestResourceStream(Resource)!;
        using var reader = new StreamReader(stream);
        string[] lines = reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        string[] columns = lines[0].Split('\t');
        return [.. lines.Skip(1).Select(line => Row(new(columns.Zip(line.Split('\t'), KeyValuePair.Create))))];
    }

    private static PretrainedWeights Row(Dictionary<string, string> cells)
    {
        Preprocessing standard = Preprocessing.ImageNet;
        (string architecture, string variant) = (cells["architecture"], cells["variant"]);
        return new PretrainedWeights(cells["default"] == "yes" ? architecture : $"{architecture}:{variant}", cells["file"])
        {
            Architecture = architecture,
            Variant = variant,
            Preprocessing = standard with
            {
                ResizeShorterSide = Number(cells["resize"], standard.ResizeShorterSide),
                InputSize = Number(cells["crop"], standard.InputSize),
                Interpolation = cells["interpolation"] is { Length: > 0 } filter ? Interpolation.All.Find(filter) : standard.Interpolation,
                Mean = Numbers(cells["mean"], standard.Mean),
                Deviation = Numbers(cells["deviation"], standard.Deviation),
            },
            HasClassifier = cells["top1"].Length > 0,
            Top1 = cells["top1"] is { Length: > 0 } top ? double.Parse(top, CultureInfo.InvariantCulture) : null,
            Parameters = long.Parse(cells["parameters"], CultureInfo.InvariantCulture),
            FormerFileName = cells["formerly"] is { Length: > 0 } former ? former : null,
        };
    }

    private static int Number(string cell, int standard) => cell.Length > 0 ? int.Parse(cell, CultureInfo.InvariantCulture) : standard;

    private static ImmutableArray<float> Numbers(string cell, ImmutableArray<float> standard) =>
        cell.Length > 0 ? [.. cell.Split(' ').Select(n => float.Parse(n, CultureInfo.InvariantCulture))] : standard;
}
