using Interp.Engine.Common;
using Interp.Engine.LabelSets.Reading;

namespace Interp.Engine.LabelSets.Layouts;

/// <summary>
/// PASCAL VOC's segmentation: palette PNG files whose numbers are the classes, 255 on the borders unknown; or files of colours, as
/// converters write them, with <c>labelmap.txt</c>. The file decides which it is.
/// </summary>
internal sealed class VocLayout : LabelLayout
{
    private static readonly string[] s_names =
    [
        "background", "aeroplane", "bicycle", "bird", "boat", "bottle", "bus", "car", "cat", "chair", "cow", "diningtable", "dog", "horse",
        "motorbike", "person", "pottedplant", "sheep", "sofa", "train", "tvmonitor",
    ];

    private static readonly int s_border = Palette(255);

    public override string Name => "voc";

    public override string Summary => "PASCAL VOC's segmentation masks";

    public override string Files => "JPEGImages/ and SegmentationClass/, perhaps labelmap.txt";

    internal override string? ImagesIn(LabelFolder folder) => LabelFolder.In(
        folder.Folders.FirstOrDefault(f => folder.HasFolder(LabelFolder.In(f, "SegmentationClass"))) ?? "", "JPEGImages");

    internal override string? Recognise(LabelFolder folder) =>
        Place(folder) is { } place ? $"{folder.Full(place)}/JPEGImages and SegmentationClass" : null;

    internal override LabelSet Open(LabelFolder folder, LabelOptions options)
    {
        string place = Place(folder) ?? throw new InputException($"{folder.Root}: expected folders JPEGImages and SegmentationClass");
        var remarks = new List<string>();
        string? list = folder.Find(LabelFolder.In(place, "labelmap.txt"));
        IReadOnlyList<ConceptLine> lines = list is null
            ? [.. s_names.Select((n, i) => new ConceptLine(i, n, null, Palette(i)))] : ConceptList.Read(folder, list);
        (ConceptTable table, Dictionary<int, ushort>? colors) = ConceptList.Tabulate(lines, list ?? "the built-in list", remarks);
        colors ??= [];
        if (colors.TryAdd(s_border, LabelPlane.Void))
        {
            table.Set(255, LabelPlane.Void);
        }

        colors.TryAdd(0, 0);
        table.Set(0, 0);
        remarks.Add(list is null ? "the names are VOC's own 20: there is no labelmap.txt" : $"the names and colours are those of {list}");
        var labels = new MaskLabels(table, colors, indexed: true);
        IEnumerable<LabelItem> items = MaskPairs.Of(
            folder, LabelFolder.In(place, "JPEGImages"), LabelFolder.In(place, "SegmentationClass"), labels, remarks);
        return new FolderLabelSet(Name, folder, table, [.. items], remarks);
    }

    /// <summary>VOC's colour of a number: its bits, dealt out to red, green and blue from the highest down.</summary>
    internal static int Palette(int number)
    {
        (int red, int green, int blue) = (0, 0, 0);
        for (int bit = 7; number > 0; bit--, number >>= 3)
        {
            red |= (number & 1) << bit;
            green |= ((number >> 1) & 1) << bit;
            blue |= ((number >> 2) & 1) << bit;
        }

        return (red << 16) | (green << 8) | blue;
    }

    private static string? Place(LabelFolder folder) => folder.Folders.FirstOrDefault(f =>
        folder.HasFolder(LabelFolder.In(f, "JPEGImages")) && folder.HasFolder(LabelFolder.In(f, "SegmentationClass")));
}
