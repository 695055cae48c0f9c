using System.Buffers;
using System.Buffers.Text;
using Interp.Engine.Common;
using Interp.Engine.LabelSets.Reading;

namespace Interp.Engine.LabelSets.Layouts;

/// <summary>YOLO's outlines: for each image a text file with a line for each object, class and vertices in shares of the image's
/// sides.</summary>
internal sealed class YoloLayout : LabelLayout
{
    private const int MostBytes = 64 << 20;

    public override string Name => "yolo-seg";

    public override string Summary => "YOLO's text files of outlines";

    public override string Files => "labels/*.txt, images/ and data.yaml or classes.txt";

    internal override string? Recognise(LabelFolder folder)
    {
        foreach ((string labels, string images) in Places(folder))
        {
            Dictionary<string, string> photos = folder.Images(images);
            if (Names(folder, labels) is { } list && Texts(folder, labels, list).Any(t => photos.ContainsKey(LabelFolder.Stem(labels, t))))
            {
                return $"text files in {folder.Full(labels)} with {LabelFolder.FileName(list)}";
            }
        }

        return null;
    }

    internal override LabelSet Open(LabelFolder folder, LabelOptions options)
    {
        (string Labels, string Images)[] places = [.. Places(folder)];
        string list = places.Select(p => Names(folder, p.Labels)).Append(Names(folder, "")).FirstOrDefault(l => l is not null)
            ?? throw new InputException($"{folder.Root}: no list of the classes' names (data.yaml or classes.txt)");
        var remarks = new List<string>();
        (ConceptTable table, _) = ConceptList.Tabulate(ConceptList.Read(folder, list), list, remarks);
        var items = new List<LabelItem>();
        foreach ((string labels, string images) in places.Length > 0 ? places : [("", "")])
        {
            Dictionary<string, string> photos = folder.Images(images);
            var used = new HashSet<string>(StringComparer.Ordinal);
            foreach (string text in Texts(folder, labels, list))
            {
                string? photo = photos.GetValueOrDefault(LabelFolder.Stem(labels, text));
                items.Add(photo is not null
                    ? new LabelItem(photo, photo, canvas => Draw(folder, text, table, new PolygonFill(canvas, options.Polygons), canvas))
                    : LabelItem.Broken(text, $"{folder.Full(text)}: this label file has no image in {folder.Full(images)}"));
                used.Add(photo ?? "");
            }

            string[] without = [.. photos.Values.Where(p => !used.Contains(p)).Order(StringComparer.Ordinal)];
            MaskPairs.Unlabelled(without, photos.Count, "label file", remarks);
        }

        return items.Count > 0 ? new FolderLabelSet(Name, folder, table, items, remarks)
            : throw new InputException($"{folder.Root}: no label files (.txt) in a folder labels, expected one for each image");
    }

    /// <summary>The folders called labels, each with that of its images: beside it, or in one of the folders above.</summary>
    private static IEnumerable<(string Labels, string Images)> Places(LabelFolder folder)
    {
        foreach (string labels in folder.Folders.Where(f => LabelFolder.FileName(f) == "labels" && folder.Below(f).Any(IsText)))
        {
            for (string above = LabelFolder.FolderOf(labels); ; above = LabelFolder.FolderOf(above))
            {
                if (folder.HasFolder(LabelFolder.In(above, "images")))
                {
                    yield return (labels, LabelFolder.In(above, "images"));
                    break;
                }

                if (above.Length == 0)
                {
                    break;
                }
            }
        }
    }

    private static bool IsText(string file) => file.EndsWith(".txt", StringComparison.OrdinalIgnoreCase);

    private static string? Names(LabelFolder folder, string labels) =>
        ConceptList.Find(folder, LabelFolder.FolderOf(labels), "", labels);

    private static IEnumerable<string> Texts(LabelFolder folder, string labels, string list) =>
        folder.Below(labels).Where(f => IsText(f) && f != list && !ConceptList.Names.Contains(LabelFolder.FileName(f)));

    private static void Draw(LabelFolder folder, string file, ConceptTable table, PolygonFill fill, LabelCanvas canvas)
    {
        foreach (string category in table.Concepts.Select(c => c.Category).Distinct())
        {
            canvas.Plane(category);
        }

        if (new FileInfo(folder.Full(file)).Length == 0)
        {
            return; // an image without objects
        }

        var numbers = new List<double>();
        var boxes = new List<double[]>();
        int line = 0;
        ReadOnlySpan<byte> rest = folder.Bytes(file, MostBytes);
        while (rest.Length > 0)
        {
            int end = rest.IndexOf((byte)'\n');
            ReadOnlySpan<byte> text = end < 0 ? rest : rest[..end];
            rest = end < 0 ? [] : rest[(end + 1)..];
            string where = $"{folder.Full(file)}, line {++line}";
            Numbers(text, numbers, where);
            if (numbers.Count == 0)
            {
                continue;
            }

            ushort label = numbers[0] == Math.Floor(numbers[0]) && table.Of((long)numbers[0]) is { } known ? known
                : throw new InputException($"{where}: the class {numbers[0]:g6} has no name");
            double[] xy = [.. numbers.Skip(1).Select((v, i) => v * (i % 2 == 0 ? canvas.Width : canvas.Height))];
            if (xy.Length == 4)
            {
                boxes.Add(xy);
            }
            else
            {
                fill.Fill(xy, table.CategoryOf(label), label, where);
            }
        }

        Boxes(boxes, table.CategoryOf(0), canvas);
    }

    /// <summary>Somewhere in a box is an object, nobody says where: what has no other label there is unknown.</summary>
    private static void Boxes(List<double[]> boxes, string category, LabelCanvas canvas)
    {
        foreach (double[] box in boxes)
        {
            canvas.VoidBox(
                category, (int)Math.Floor(box[0] - (box[2] / 2)), (int)Math.Floor(box[1] - (box[3] / 2)),
                (int)Math.Ceiling(box[0] + (box[2] / 2)), (int)Math.Ceiling(box[1] + (box[3] / 2)));
        }

        if (boxes.Count > 0)
        {
            canvas.Note(
                $"{boxes.Count} lines of four numbers are boxes, no outlines: what has no other label in them is left out as unknown");
        }
    }

    private static void Numbers(ReadOnlySpan<byte> text, List<double> numbers, string where)
    {
        numbers.Clear();
        text = text.Trim(" \t\r"u8);
        while (text.Length > 0)
        {
            int end = text.IndexOfAny((byte)' ', (byte)'\t');
            ReadOnlySpan<byte> word = end < 0 ? text : text[..end];
            text = end < 0 ? [] : text[end..].TrimStart(" \t"u8);
            if (!Utf8Parser.TryParse(word, out double number, out int used) || used != word.Length || !double.IsFinite(number)
                || Math.Abs(number) > (numbers.Count == 0 ? 1e9 : 1.5))
            {
                string found = LabelNames.Quote(System.Text.Encoding.UTF8.GetString(word[..Math.Min(40, word.Length)]));
                throw new InputException(
                    $"{where}: {found} is no {(numbers.Count == 0 ? "class" : "share of the image's side, 0 to 1")}");
            }

            numbers.Add(number);
        }

        if (numbers.Count is not 0 and not 5 && (numbers.Count < 7 || numbers.Count % 2 == 0))
        {
            throw new InputException($"{where}: {numbers.Count} numbers, expected a class and x and y of at least three vertices");
        }
    }
}
