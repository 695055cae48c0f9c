using Interp.Engine.Common;
using Interp.Engine.LabelSets.Reading;

namespace Interp.Engine.LabelSets.Layouts;

/// <summary>
/// ADE20K: the scene parsing challenge (numbers 1 to 150 with the names of <c>objectInfo150.txt</c>, 0 is none of them), or the full set
/// (<c>_seg.png</c>, see <see cref="AdeSegments"/>).
/// </summary>
internal sealed class AdeLayout : LabelLayout
{
    private const string Info = "objectInfo150.txt";

    public override string Name => "ade";

    public override string Summary => "ADE20K, the challenge's or the full set";

    public override string Files => $"images/ and annotations/ with {Info}; or *_seg.png beside images";

    internal override string? ImagesIn(LabelFolder folder) =>
        folder.Folders.FirstOrDefault(f => folder.HasFolder(LabelFolder.In(f, "annotations"))) is { } place
            ? LabelFolder.In(place, "images") : ""; // the full set's masks lie beside its images

    internal override string? Recognise(LabelFolder folder) => Place(folder) is { } place && InfoOf(folder, place) is { } info
        ? $"{folder.Full(LabelFolder.In(place, "annotations"))} and {LabelFolder.FileName(info)}"
        : AdeSegments.Files(folder).FirstOrDefault() is { } first ? folder.Full(first) : null;

    internal override LabelSet Open(LabelFolder folder, LabelOptions options)
    {
        if (Place(folder) is not { } place)
        {
            return AdeSegments.Open(Name, folder);
        }

        string info = InfoOf(folder, place)
            ?? throw new InputException($"{folder.Root}: {Info}, which has the names of the 150 classes, is not in it");
        var table = new ConceptTable();
        foreach (string line in ConceptList.Text(folder, info).Split('\n').Skip(1).Where(l => l.Trim().Length > 0))
        {
            string[] fields = line.Split('\t');
            if (fields.Length < 2 || ConceptList.Number(fields[0]) is not { } id)
            {
                throw new InputException(
                    $"{folder.Full(info)}: the line {LabelNames.Quote(line)} is not number, four more columns and name");
            }

            table.Add(id, fields[^1], "object", plain: true);
        }

        table.Set(0, 0);
        var remarks = new List<string>();
        var labels = new MaskLabels(table);
        IEnumerable<LabelItem> items = MaskPairs.Of(
            folder, LabelFolder.In(place, "images"), LabelFolder.In(place, "annotations"), labels, remarks);
        return new FolderLabelSet(Name, folder, table, [.. items], remarks);
    }

    private static string? InfoOf(LabelFolder folder, string place) =>
        folder.Find(LabelFolder.In(place, Info)) ?? folder.Files.FirstOrDefault(f => LabelFolder.FileName(f) == Info);

    private static string? Place(LabelFolder folder) => folder.Folders.FirstOrDefault(f => folder.HasFolder(LabelFolder.In(f, "images"))
        && LabelFolder.In(f, "annotations") is var masks && folder.HasFolder(masks)
        && folder.Below(masks).Any(m => m.EndsWith(".png", StringComparison.OrdinalIgnoreCase))
        && !folder.Below(masks).Any(m => m.EndsWith(".json", StringComparison.OrdinalIgnoreCase)));
}
