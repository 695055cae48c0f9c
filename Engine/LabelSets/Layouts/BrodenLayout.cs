using Interp.Engine.Common;
using Interp.Engine.Imaging.Decoding;
using Interp.Engine.LabelSets.Reading;

namespace Interp.Engine.LabelSets.Layouts;

/// <summary>
/// Broden (Bau et al. 2017): <c>index.csv</c> with a line for each image, a column for each category, and in it masks (label = R + 256·G)
/// or numbers of labels of the whole image, several between semicolons; <c>label.csv</c> has the names.
/// </summary>
internal sealed class BrodenLayout : LabelLayout
{
    private const int MostBytes = 256 << 20;

    public override string Name => "broden";

    public override string Summary => "Broden, the labels of Network Dissection";

    public override string Files => "index.csv, label.csv and images/";

    internal override string? Recognise(LabelFolder folder) => folder.Find("index.csv") is not null && folder.Find("label.csv") is not null
        ? $"{folder.Full("index.csv")} and label.csv" : null;

    internal override LabelSet Open(LabelFolder folder, LabelOptions options)
    {
        var index = CsvRows.Of(folder, "index.csv", MostBytes);
        index.Require("image", "ih", "iw", "sh", "sw");
        string[] categories = [.. index.Columns.Except(["image", "split", "ih", "iw", "sh", "sw"])];
        var table = new ConceptTable();
        var labels = Names(folder, table, categories);
        LabelItem[] items = [.. index.Rows.Select(row =>
        {
            string image = index.Cell(row, "image");
            return folder.FindImage(image, ["images", ""], out string why) is { } photo
                ? new LabelItem(photo, photo, canvas => Draw(folder, index, row, categories, labels, canvas))
                : LabelItem.Broken(image, $"{folder.Full("index.csv")}: its image {LabelNames.Quote(image)} {why}");
        })];
        return new FolderLabelSet(Name, folder, table, items, []);
    }

    /// <summary>The label of each number in each category.</summary>
    private static Dictionary<(string Category, int Number), ushort> Names(LabelFolder folder, ConceptTable table, string[] categories)
    {
        var rows = CsvRows.Of(folder, "label.csv", MostBytes);
        rows.Require("number", "name", "category");
        var labels = new Dictionary<(string Category, int Number), ushort>();
        foreach (string[] row in rows.Rows)
        {
            int number = ConceptList.Number(rows.Cell(row, "number")) is { } n and > 0 and < 65536 ? (int)n
                : throw new InputException(
                    $"{folder.Full("label.csv")}: the number {LabelNames.Quote(rows.Cell(row, "number"))}, expected 1 to 65535");
            foreach (string field in rows.Cell(row, "category").Split(';'))
            {
                string category = field.Split('(')[0].Trim(); // object(12) is in 12 images
                if (categories.Contains(category) && !labels.ContainsKey((category, number)))
                {
                    labels.Add((category, number), table.Label(LabelNames.Clean(rows.Cell(row, "name")), category, $"number {number}"));
                }
            }
        }

        return labels;
    }

    private static void Draw(
        LabelFolder folder, CsvRows index, string[] row, string[] categories,
        Dictionary<(string Category, int Number), ushort> labels, LabelCanvas canvas)
    {
        int Side(string column) => (int)Math.Clamp(ConceptList.Number(index.Cell(row, column)) ?? 0, 0, 1 << 20);
        if (Side("iw") != canvas.Width || Side("ih") != canvas.Height)
        {
            throw new InputException($"{canvas.Name}: is {canvas.Width}x{canvas.Height}, but index.csv says {Side("iw")}x{Side("ih")}");
        }

        foreach (string category in categories)
        {
            string[] entries = index.Cell(row, category).Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            foreach (string entry in entries)
            {
                if (ConceptList.Number(entry) is { } whole)
                {
                    if (labels.TryGetValue((category, (int)Math.Clamp(whole, 0, 65536)), out ushort label))
                    {
                        canvas.Whole(category, label - 1);
                    }
                    else
                    {
                        canvas.Unknown($"the {category} {whole}", 1);
                    }

                    continue;
                }

                string file = folder.FindImage(entry, ["images", ""], out string why)
                    ?? throw new InputException($"{folder.Full("index.csv")}: the mask {LabelNames.Quote(entry)} {why}");
                IndexPng mask = MaskFile.Read(folder, file);
                if (mask.Width != Side("sw") || mask.Height != Side("sh") || mask.Channels < 3)
                {
                    throw new InputException($"{folder.Full(file)}: its size is {mask.Width}x{mask.Height} with {mask.Channels} channels, "
                        + $"but index.csv says {Side("sw")}x{Side("sh")}, and RGB is expected");
                }

                canvas.Add(new LabelPlane(category, mask.Width, mask.Height, Labels(mask, category, labels, canvas)));
            }
        }
    }

    private static ushort[] Labels(
        IndexPng mask, string category, Dictionary<(string Category, int Number), ushort> labels, LabelCanvas canvas)
    {
        var plane = new ushort[mask.Width * mask.Height];
        for (int i = 0; i < plane.Length; i++)
        {
            int at = i * mask.Channels, number = mask.Byte(at) + (mask.Byte(at + 1) << 8);
            if (number > 0 && !labels.TryGetValue((category, number), out plane[i]))
            {
                plane[i] = LabelPlane.Void;
                canvas.Unknown($"the {category} {number}", 1);
            }
        }

        return plane;
    }
}
