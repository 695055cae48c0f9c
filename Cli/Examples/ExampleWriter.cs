using System.Collections.Concurrent;
using Interp.Cli.Output;
using Interp.Engine.Evidence;
using Interp.Engine.Examples;
using Interp.Engine.Graph;
using Interp.Engine.Imaging;

namespace Interp.Cli.Examples;

/// <summary>
/// Writes the cut-outs of the examples of some channels, and a sheet of each channel's. Every image is read once more for it, several at a
/// time; none is held longer.
/// </summary>
/// <param name="network">For its preparation of images and its receptive fields.</param>
/// <param name="layer">The channels' layer.</param>
/// <param name="files">Takes the files.</param>
/// <param name="threads">How many images are worked on at a time.</param>
internal sealed class ExampleWriter(Network network, Node layer, ResultFiles files, int threads)
{
    private const int CropSide = 192;
    private readonly ConcurrentDictionary<(int, int), ReceptiveField> _fields = [];

    /// <summary>Writes everything about the channels.</summary>
    /// <param name="units">What was found.</param>
    /// <param name="withLeast">Whether the least exciting images are wanted too.</param>
    /// <param name="prefix">What the names of a channel's files begin with: <c>264/</c>, <c>264-</c> or nothing.</param>
    internal IReadOnlyList<UnitLine> Write(IReadOnlyList<UnitExamples> units, bool withLeast, Func<int, string> prefix)
    {
        Slot[] slots =
        [
            .. from unit in units
               from slot in Slots(unit, unit.Most, "most", prefix).Concat(withLeast ? Slots(unit, unit.Least, "least", prefix) : [])
               select slot,
        ];
        foreach (string below in slots.Select(s => Path.GetDirectoryName(Path.Combine(files.Path, s.Crop))!).Distinct())
        {
            OutputFile.CreateFolder(below, UnitFlags.OutName);
        }

        var boxes = new ConcurrentDictionary<Slot, PixelBox>();
        InParallel.Each(slots.GroupBy(s => s.Example.Image), threads, group =>
        {
            IReadOnlyList<NetworkInput> inputs = NetworkInput.Read(group.Key, network);
            foreach (Slot slot in group)
            {
                RgbImage image = inputs[slot.Example.Part ?? 0].Image;
                PixelBox box = boxes[slot] = BoxOf(slot.Example, image);
                Write(slot.Crop, ExampleImages.Cut(image, box, CropSide));
            }
        });
        var lines = new ConcurrentDictionary<int, UnitLine>();
        InParallel.Each(units, threads, unit =>
        {
            ExampleLine[][] both = [
                .. new[] { unit.Most, unit.Least }.Select(list =>
                slots.Where(s => s.List == list).Select(s => s.Line(boxes[s])).ToArray())];
            string sheet = $"{prefix(unit.Channel)}sheet.png";
            Write(sheet,
                ExampleImages.Sheet(
                [.. both.Select(lines => lines.Select(l => ImageFile.Read(Path.Combine(files.Path, l.Crop))).ToArray())]));
            lines[unit.Channel] = new UnitLine(unit.Channel, StatisticsLine.Of(unit.Statistics), both[0], both[1], sheet);
        });
        return [.. units.Select(u => lines[u.Channel])];
    }

    /// <summary>All files of some channels.</summary>
    internal static IEnumerable<string> FilesOf(IEnumerable<UnitLine> units) =>
        units.SelectMany(u => u.Most.Concat(u.Least).Select(e => e.Crop).Append(u.Sheet));

    /// <summary>What a place sees; the whole image where its field is padding alone.</summary>
    private PixelBox BoxOf(UnitExample example, RgbImage image)
    {
        ReceptiveField field = _fields.GetOrAdd(
            (image.Height, image.Width), size => ReceptiveField.Of(network, layer, size.Item1, size.Item2));
        PixelBox box = field.At(example.Y, example.X);
        return box.Area > 0 ? box : new PixelBox(0, 0, image.Width, image.Height);
    }

    private void Write(string file, RgbImage image) => files.Add(file, s => ImageFile.WritePng(s, image));

    private static IEnumerable<Slot> Slots(UnitExamples unit, TopExamples list, string kind, Func<int, string> prefix) =>
        list.Best.Select((e, i) => new Slot(list, e, i + 1, $"{prefix(unit.Channel)}{kind}-{i + 1}.png"));

    private sealed record Slot(TopExamples List, UnitExample Example, int Rank, string Crop)
    {
        internal ExampleLine Line(PixelBox b) =>
            new(Rank, Example.Image, Example.Part, Example.Value, Example.Mean, Example.Y, Example.X, [b.Left, b.Top, b.Right, b.Bottom],
            Crop);
    }
}
