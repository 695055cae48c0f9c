using System.Text;

namespace Interp.Engine.LabelSets.Reading;

/// <summary>
/// The YAML of the usual lists of classes: keys with plain values, indented blocks of them, lists with dashes, and lists and maps in
/// brackets on one line. No anchors, tags or texts of several lines.
/// </summary>
internal sealed class SimpleYaml
{
    private readonly List<(string Key, SimpleYaml Value)> _entries = [];

    private SimpleYaml(string? text = null) => Text = text;

    /// <summary>The value where it is a plain one.</summary>
    public string? Text { get; }

    /// <summary>The keys and values of a block; those of a list have empty keys.</summary>
    public IReadOnlyList<(string Key, SimpleYaml Value)> Entries => _entries;

    /// <summary>The value under a key, or null.</summary>
    public SimpleYaml? this[string key] => _entries.Where(e => e.Key == key).Select(e => e.Value).FirstOrDefault();

    /// <summary>Reads a text. What is not understood is passed over.</summary>
    public static SimpleYaml Parse(string text)
    {
        var root = new SimpleYaml();
        var open = new Stack<(int Indent, SimpleYaml Block)>([(-1, root)]);
        foreach (string line in Lines(text))
        {
            int indent = line.Length - line.TrimStart().Length;
            if (line.Length == indent || line.TrimStart() is "---" or "...")
            {
                continue;
            }

            string content = line[indent..];
            bool isItem = content == "-" || content.StartsWith("- ", StringComparison.Ordinal);
            while (open.Peek().Indent >= indent + (isItem ? 1 : 0) || (open.Count > 200))
            {
                open.Pop();
            }

            SimpleYaml block = open.Peek().Block;
            if (isItem)
            {
                block._entries.Add(("", Value(content[1..].Trim())));
                continue;
            }

            int colon = ColonOf(content);
            if (colon >= 0)
            {
                SimpleYaml value = Value(content[(colon + 1)..].Trim());
                block._entries.Add((Unquote(content[..colon].Trim()), value));
                open.Push((indent, value));
            }
        }

        return root;
    }

    /// <summary>The concepts under <c>names</c> or <c>classes</c>; without numbers where it is a list.</summary>
    public IReadOnlyList<ConceptLine> Names()
    {
        SimpleYaml? list = this["names"] ?? this["classes"] ?? this["id2label"];
        return list is null ? [] : [.. list._entries.Select(Line).Where(l => l.Name.Length > 0)];
    }

    /// <summary>The lines without comments; what stands in brackets over several is put on one.</summary>
    private static IEnumerable<string> Lines(string text)
    {
        StringBuilder? bracket = null;
        foreach (string raw in text.Split('\n'))
        {
            string line = WithoutComment(raw).TrimEnd();
            int colon = bracket is null ? ColonOf(line) : -1;
            string value = colon < 0 ? "" : line[(colon + 1)..].Trim();
            if (bracket is null && (value.Length == 0 || value[0] is not ('[' or '{') || value[^1] is ']' or '}'))
            {
                yield return line;
                continue;
            }

            bracket = (bracket ?? new StringBuilder()).Append(bracket is null ? line : " " + line.Trim());
            if (line.EndsWith(']') || line.EndsWith('}'))
            {
                yield return bracket.ToString();
                bracket = null;
            }
        }
    }

    private static ConceptLine Line((string Key, SimpleYaml Value) entry) => entry.Value.Text is not { } text ? new ConceptLine(null, "")
        : ConceptList.Number(entry.Key) is { } id ? new ConceptLine(id, text)
        : entry.Key.Length > 0 && ConceptList.Number(text) is { } number ? new ConceptLine(number, entry.Key)
        : new ConceptLine(null, entry.Key.Length > 0 ? "" : text);

    private static SimpleYaml Value(string text)
    {
        if (text.Length < 2 || (text[0], text[^1]) is not (('[', ']') or ('{', '}')))
        {
            return new SimpleYaml(text.Length == 0 ? null : Unquote(text));
        }

        var value = new SimpleYaml();
        foreach (string part in Parts(text[1..^1]))
        {
            int colon = text[0] == '{' ? ColonOf(part) : -1;
            value._entries.Add((colon < 0 ? "" : Unquote(part[..colon].Trim()), new SimpleYaml(Unquote(part[(colon + 1)..].Trim()))));
        }

        return value;
    }

    /// <summary>What stands between commas outside of quotes.</summary>
    private static IEnumerable<string> Parts(string text)
    {
        (int start, char quote) = (0, '\0');
        for (int i = 0; i <= text.Length; i++)
        {
            if (i == text.Length || (quote == 0 && text[i] == ','))
            {
                if (text[start..i].Trim() is { Length: > 0 } part)
                {
                    yield return part;
                }

                start = i + 1;
            }
            else
            {
                quote = Quoted(quote, text, i);
            }
        }
    }

    private static int ColonOf(string text)
    {
        char quote = '\0';
        for (int i = 0; i < text.Length; i++)
        {
            if (quote == 0 && text[i] == ':' && (i + 1 == text.Length || text[i + 1] is ' ' or '\t'))
            {
                return i;
            }

            quote = Quoted(quote, text, i);
        }

        return -1;
    }

    private static string WithoutComment(string line)
    {
        char quote = '\0';
        for (int i = 0; i < line.Length; i++)
        {
            if (quote == 0 && line[i] == '#' && (i == 0 || line[i - 1] is ' ' or '\t'))
            {
                return line[..i];
            }

            quote = Quoted(quote, line, i);
        }

        return line;
    }

    /// <summary>The quote that is open after a character; one inside a word, as in <c>don't</c>, opens none.</summary>
    private static char Quoted(char quote, string text, int i) =>
        quote != 0 ? (text[i] == quote ? '\0' : quote)
        : text[i] is '"' or '\'' && (i == 0 || text[i - 1] is ' ' or '\t' or ',' or '[' or '{') ? text[i] : '\0';

    private static string Unquote(string text) => text.Length >= 2 && text[0] == text[^1] && text[0] is '"' or '\''
        ? text[1..^1].Replace(text[0] == '\'' ? "''" : "\\\"", text[0] == '\'' ? "'" : "\"", StringComparison.Ordinal) : text;
}
