namespace Interp.Cli.Output;

/// <summary>Text in lines of a given width, broken at spaces only; a no-break space stays a space.</summary>
internal static class FilledText
{
    /// <summary>A space at which no line ends.</summary>
    internal const char NoBreak = '\u00a0';

    private const string Indent = "  ";
    private const string Gap = "  ";
    private const int WidestName = 28;

    /// <summary>The lines of a text.</summary>
    internal static IEnumerable<string> Lines(string text, int width, string indent = "")
    {
        string line = "";
        foreach (string word in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.Length > 0 && indent.Length + line.Length + 1 + word.Length > width)
            {
                yield return Finished(line);
                line = "";
            }

            line += line.Length == 0 ? word : $" {word}";
        }

        if (line.Length > 0)
        {
            yield return Finished(line);
        }

        string Finished(string words) => indent + words.Replace(NoBreak, ' ');
    }

    /// <summary>How much room names get, so that those of all rows stand in one column; a longer name has a line of its own.</summary>
    internal static int Column(IEnumerable<string> names) =>
        names.Select(n => n.Length).Where(n => n <= WidestName).DefaultIfEmpty(WidestName).Max();

    /// <summary>Names and what they mean, in two columns.</summary>
    internal static IEnumerable<string> Rows(IEnumerable<(string Name, string Meaning)> rows, int column, int width)
    {
        string indent = new(' ', Indent.Length + column + Gap.Length);
        foreach ((string name, string meaning) in rows)
        {
            string[] lines = [.. Lines(meaning, width, indent)];
            if (name.Length > column || lines.Length == 0)
            {
                yield return Indent + name;
            }
            else
            {
                lines[0] = $"{Indent}{name.PadRight(column)}{Gap}{lines[0][indent.Length..]}";
            }

            foreach (string line in lines)
            {
                yield return line;
            }
        }
    }
}
