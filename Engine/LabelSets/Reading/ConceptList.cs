using System.Globalization;
using System.Text;
using Interp.Engine.Common;

namespace Interp.Engine.LabelSets.Reading;

/// <summary>A file that names the concepts: text, a table, JSON or the simple YAML of the usual tools.</summary>
internal static class ConceptList
{
    private const int MostBytes = 8 << 20;

    /// <summary>The names under which such lists are known, the more telling first.</summary>
    public static readonly string[] Names =
    [
        "classes.tsv", "classes.csv", "classes.json", "classes.txt", "labelmap.txt", "label_colors.txt", "labels.txt", "class_names.txt",
        "config.yaml", "config.yml", "data.yaml", "data.yml", "dataset.yaml", "dataset.yml",
    ];

    /// <summary>The list in one of some folders, the first that names anything; null if there is none.</summary>
    public static string? Find(LabelFolder folder, params IEnumerable<string> places)
    {
        foreach (string place in places.Distinct())
        {
            IEnumerable<string> known = Names.Select(n => folder.Find(LabelFolder.In(place, n))).OfType<string>();
            IEnumerable<string> others = folder.ByFolder[place].Where(
                f => IsYaml(f) || Path.GetExtension(f).Equals(".names", StringComparison.OrdinalIgnoreCase));
            if (known.Concat(others).FirstOrDefault(f => NamesSomething(folder, f)) is { } found)
            {
                return found;
            }
        }

        return null;
    }

    /// <summary>Whether a file is one of YAML, by its name.</summary>
    public static bool IsYaml(string file) => Path.GetExtension(file).ToUpperInvariant() is ".YAML" or ".YML";

    private static bool NamesSomething(LabelFolder folder, string file)
    {
        if (!IsYaml(file))
        {
            return true;
        }

        try
        {
            return SimpleYaml.Parse(Text(folder, file)).Names().Count > 0;
        }
        catch (InputException)
        {
            return false;
        }
    }

    /// <summary>The text of a file; UTF-8 or UTF-16 by its first bytes.</summary>
    /// <exception cref="InputException">It cannot be read, or is longer than a list of names may be.</exception>
    public static string Text(LabelFolder folder, string file)
    {
        using var reader = new StreamReader(new MemoryStream(folder.Bytes(file, MostBytes)), Encoding.UTF8);
        return reader.ReadToEnd();
    }

    /// <summary>The concepts of a list.</summary>
    /// <param name="folder">The set's folder.</param>
    /// <param name="file">The list.</param>
    /// <exception cref="InputException">It cannot be read or names nothing.</exception>
    public static IReadOnlyList<ConceptLine> Read(LabelFolder folder, string file)
    {
        string text = Text(folder, file);
        IReadOnlyList<ConceptLine> lines = IsYaml(file) ? SimpleYaml.Parse(text).Names()
            : file.EndsWith(".json", StringComparison.OrdinalIgnoreCase) ? ConceptJson.Read(text, folder.Full(file))
            : Lines(text);
        return lines.Count > 0 ? lines
            : throw new InputException($"{folder.Full(file)}: names no concepts, expected a line for each: number and name");
    }

    /// <summary>Fills a table with the lines of a list; those without numbers are counted from 0, or from −1 where the first is
    /// labelme's <c>__ignore__</c>.</summary>
    /// <param name="lines">The lines.</param>
    /// <param name="file">The list's name, for remarks.</param>
    /// <param name="remarks">Takes what was guessed.</param>
    /// <param name="category">The category of lines without one.</param>
    public static (ConceptTable Table, Dictionary<int, ushort>? Colors) Tabulate(
        IReadOnlyList<ConceptLine> lines, string file, List<string> remarks, string category = "object")
    {
        var table = new ConceptTable();
        bool numbered = lines.All(l => l.Id is not null);
        bool ignoresFirst = lines[0].Name == "__ignore__";
        long next = ignoresFirst ? -1 : 0;
        Dictionary<int, ushort>? colors = lines.Any(l => l.Color is not null) ? [] : null;
        if (!numbered && colors is null)
        {
            remarks.Add($"{file} has no numbers: its lines are counted from {next}");
        }

        foreach (ConceptLine line in lines)
        {
            long id = numbered ? line.Id!.Value : next++;
            bool known = table.Of(id) is not null;
            table.Add(id, line.Name, line.Category ?? category);
            if (line.Color is { } color && !known && !colors!.TryAdd(color, table.Of(id)!.Value))
            {
                remarks.Add($"{file} gives {LabelNames.Quote(line.Name)} a colour that an earlier line has");
            }
        }

        if (ignoresFirst && !numbered)
        {
            table.Set(255, LabelPlane.Void);
        }

        return (table, colors);
    }

    private static List<ConceptLine> Lines(string text)
    {
        string[] lines = [.. text.Split('\n').Select(l => l.TrimEnd('\r')).Where(l => l.Trim().Length > 0 && l.TrimStart()[0] != '#')];
        foreach (Func<string, ConceptLine?> form in (Func<string, ConceptLine?>[])[LabelMap, ColorFirst, Numbered])
        {
            ConceptLine?[] read = [.. lines.Select(form)];
            int from = read.Length > 1 && read[0] is null ? 1 : 0; // a table's header
            if (read.Length > from && read.Skip(from).All(r => r is not null))
            {
                return [.. read.Skip(from).Select(r => r!.Value)];
            }
        }

        return [.. lines.Select(l => new ConceptLine(null, l.Trim().Trim('"')))];
    }

    /// <summary><c>name:r,g,b:parts:actions</c>, as CVAT and Datumaro write it; nothing where there is no colour.</summary>
    private static ConceptLine? LabelMap(string line)
    {
        string[] fields = line.Split(':');
        return fields.Length >= 2 && Color(fields[1].Split(',')) is { } color ? new ConceptLine(null, fields[0], null, color) : null;
    }

    /// <summary><c>r g b name</c>, as CamVid's list of colours.</summary>
    private static ConceptLine? ColorFirst(string line)
    {
        string[] fields = line.Split([' ', '\t'], 4, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return fields.Length == 4 && Color(fields[..3]) is { } color && Number(fields[3]) is null
            ? new ConceptLine(null, fields[3], null, color) : null;
    }

    /// <summary>Number, name, then perhaps colour and category, between tabs or commas; or number and name between a colon or
    /// spaces.</summary>
    private static ConceptLine? Numbered(string line)
    {
        char[] between = line.Contains('\t') ? ['\t'] : line.Contains(',') ? [','] : [':'];
        string[] fields = [.. line.Split(between, between[0] == ':' ? 2 : int.MaxValue).Select(f => f.Trim().Trim('"'))];
        if (fields.Length == 1)
        {
            fields = line.Trim().Split(' ', 2, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        }

        if (fields.Length < 2 || Number(fields[0]) is not { } id || fields[1].Length == 0)
        {
            return null;
        }

        int? color = fields.Length >= 5 ? Color(fields[2..5]) : null;
        string? category = fields.Skip(color is null ? 2 : 5).FirstOrDefault(f => f.Length > 0 && Number(f) is null);
        return new ConceptLine(id, fields[1], category, color);
    }

    /// <summary>A colour of three numbers of 0 to 255.</summary>
    internal static int? Color(string[] parts)
    {
        long?[] values = [.. parts.Select(Number)];
        return values.Length == 3 && values.All(v => v is >= 0 and <= 255)
            ? (int)((values[0]!.Value << 16) | (values[1]!.Value << 8) | values[2]!.Value) : null;
    }

    /// <summary>A whole number, or null.</summary>
    internal static long? Number(string text) =>
        long.TryParse(text.Trim(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number) ? number : null;
}
