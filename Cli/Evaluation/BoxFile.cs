using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Interp.Engine.Common;
using Interp.Engine.Evidence;

namespace Interp.Cli.Evaluation;

/// <summary>
/// Boxes around objects: a tab-separated table whose first line names the columns <c>file</c>, <c>xmin</c>, <c>ymin</c>, <c>xmax</c>,
/// <c>ymax</c> and maybe
/// <c>wnid</c> or <c>class</c>. Coordinates are 0-based pixels of the image file, the last column and row included, as ImageNet's. An image
/// may have
/// several lines. A line belongs to every image whose path ends in its <c>file</c>.
/// </summary>
internal sealed class BoxFile
{
    private static readonly string[] s_sides = ["xmin", "ymin", "xmax", "ymax"];
    private readonly Dictionary<string, List<LabelledBox>> _byFile = new(StringComparer.Ordinal);

    private BoxFile()
    {
    }

    /// <summary>No boxes.</summary>
    internal static BoxFile None { get; } = new();

    /// <summary>SHA-256 of the file, or an empty string where there is none.</summary>
    internal string Hash { get; private init; } = "";

    /// <exception cref="InputException">The file cannot be read or is not such a table; the message names the line.</exception>
    internal static BoxFile Read(string path)
    {
        string text;
        try
        {
            text = File.ReadAllText(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"--boxes {path}: cannot be read: {e.Message}", e);
        }

        string[] lines = text.TrimEnd().Split('\n', StringSplitOptions.TrimEntries);
        string[] header = lines.Length > 0 ? lines[0].Split('\t') : [];
        int file = Array.IndexOf(header, "file"), label = Math.Max(Array.IndexOf(header, "wnid"), Array.IndexOf(header, "class"));
        int[] sides = [.. s_sides.Select(s => Array.IndexOf(header, s))];
        if (file < 0 || sides.Contains(-1))
        {
            throw new InputException(
                $"--boxes {path}: expected a first line with the columns file, {string.Join(", ", s_sides)} between tabs, found "
                + $"'{string.Join(' ', header)}'");
        }

        var boxes = new BoxFile { Hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text))) };
        for (int i = 1; i < lines.Length; i++)
        {
            string[] cells = lines[i].Split('\t');
            int[] numbers = cells.Length != header.Length ? []
                : [.. sides.Select(s => int.TryParse(cells[s], NumberStyles.None, CultureInfo.InvariantCulture, out int n) ? n : -1)];
            if (numbers.Length == 0 || numbers.Contains(-1) || numbers[2] < numbers[0] || numbers[3] < numbers[1])
            {
                throw new InputException(
                    $"--boxes {path}: line {i + 1}: expected {header.Length} columns with whole numbers xmin <= xmax and ymin <= ymax, "
                    + $"found '{lines[i]}'");
            }

            boxes.Add(cells[file],
                new LabelledBox(label < 0 ? null : cells[label], new PixelBox(numbers[0], numbers[1], numbers[2] + 1, numbers[3] + 1)));
        }

        return boxes;
    }

    /// <summary>The boxes of an image file, in its own pixels.</summary>
    internal IReadOnlyList<LabelledBox> Of(string image)
    {
        string[] parts = Path.GetFullPath(image).Split(Path.DirectorySeparatorChar);
        for (int first = 0; first < parts.Length; first++)
        {
            if (_byFile.TryGetValue(string.Join('/', parts[first..]), out List<LabelledBox>? found))
            {
                return found;
            }
        }

        return [];
    }

    private void Add(string file, LabelledBox box)
    {
        string name = file.Replace('\\', '/').TrimStart('/');
        if (!_byFile.TryGetValue(name, out List<LabelledBox>? list))
        {
            _byFile.Add(name, list = []);
        }

        list.Add(box);
    }
}

/// <summary>A box in an image file.</summary>
/// <param name="Label">Its class as the file has it, a WordNet id, class id or label; null if the file has none.</param>
/// <param name="Box">Where it is, in pixels of the file.</param>
internal sealed record LabelledBox(string? Label, PixelBox Box);
