using System.Globalization;
using System.Text;
using Interp.Engine.Common;
using Interp.Engine.Models;
using Interp.Weights.Raw;

namespace Interp.Weights;

/// <summary>
/// Reads class labels: a text file with one label a line, or a <c>.tsv</c> file whose header names a column <c>label</c> and maybe a column
/// <c>class</c> or <c>index</c> with each label's 0-based class id (without it, rows are in class order).
/// </summary>
internal static class LabelFile
{
    /// <summary>The number of classes for which ImageNet's labels are the default.</summary>
    internal const int ImageNetClasses = 1000;

    private const int MaxBytes = 16 << 20;
    private const string ImageNetResource = "imagenet_classes.tsv";
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The labels of a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="classes">How many labels it must have.</param>
    /// <exception cref="InputException">It cannot be read, is not of this form, or has another number of labels.</exception>
    internal static Labels Read(string path, int classes)
    {
        string[] lines;
        try
        {
            long length = new FileInfo(path).Length;
            lines = length <= MaxBytes
                ? File.ReadAllLines(path, Strict)
                : throw new InputException($"option 'labels' {path}: {length} bytes, expected at most {MaxBytes}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            string why = e is DecoderFallbackException ? "is not UTF-8 text" : Text.OneLine(e.Message);
            throw new InputException($"option 'labels' {path}: {why}", e);
        }

        bool table = Path.GetExtension(path).Equals(".tsv", StringComparison.OrdinalIgnoreCase);
        return Parse($"option 'labels' {path}", lines, table, classes);
    }

    /// <summary>The names of ImageNet's 1000 classes, or numbered ones for any other number of classes.</summary>
    internal static Labels Default(int classes)
    {
        if (classes != ImageNetClasses)
        {
            return Labels.Numbered(classes);
        }

        return Parse(ImageNetResource, ImageNetLines(), table: true, classes);
    }

    /// <summary>ImageNet's classes: index, WordNet id, label.</summary>
    internal static IEnumerable<string[]> ImageNetRows() =>
        ImageNetLines().Skip(1).Where(l => l.Length > 0).Select(l => l.TrimEnd('\r').Split('\t'));

    private static string[] ImageNetLines()
    {
        using Stream stream = typeof(LabelFile).Assembly.GetManifestResourceStream(ImageNetResource)!;
        using var reader = new StreamReader(stream, Strict);
        return reader.ReadToEnd().Split('\n');
    }

    private static Labels Parse(string what, string[] lines, bool table, int classes)
    {
        string[] trimmed = [.. lines.Select(l => l.TrimEnd('\r', ' '))];
        int count = Array.FindLastIndex(trimmed, l => l.Length > 0) + 1;
        string[] names = table ? FromTable(what, trimmed.AsSpan(0, count)) : trimmed[..count];
        if (names.Length != classes)
        {
            throw new InputException($"{what}: {names.Length} labels, expected {classes}, one for each class");
        }

        int bad = Array.FindIndex(names, n => !Text.IsName(n, RawFormat.MaxLabelLength));
        return bad < 0
            ? new Labels([.. names.Select(n => n.Trim())])
            : throw new InputException($"{what}: the label of class {bad} is empty, too long or holds control characters");
    }

    private static string[] FromTable(string what, ReadOnlySpan<string> lines)
    {
        string[] header = lines.IsEmpty ? [] : lines[0].Split('\t');
        int label = Array.IndexOf(header, "label");
        if (label < 0)
        {
            throw new InputException($"{what}: expected a first line that names the columns, with one called 'label'");
        }

        int id = Math.Max(Array.IndexOf(header, "class"), Array.IndexOf(header, "index"));
        var names = new string?[lines.Length - 1];
        for (int row = 0; row < names.Length; row++)
        {
            string[] cells = lines[row + 1].Split('\t');
            if (cells.Length != header.Length)
            {
                throw new InputException($"{what}: line {row + 2} has {cells.Length} columns, expected {header.Length}");
            }

            int at = row;
            bool known = id < 0 || int.TryParse(cells[id], NumberStyles.None, CultureInfo.InvariantCulture, out at);
            if (!known || at >= names.Length || names[at] is not null)
            {
                throw new InputException(
                    $"{what}: line {row + 2}: {header[id]} '{Text.OneLine(cells[id])}', expected each of 0 to {names.Length - 1} once");
            }

            names[at] = cells[label];
        }

        return names!;
    }
}
