using System.Text;

namespace Interp.Tests.Docs;

/// <summary>One command line of a shell block: its words, without comments and settings of variables in front.</summary>
internal static class ShellLine
{
    /// <summary>The commands of a block: lines that end in a backslash go on, empty lines and comments are none, and pipes and lists are
    /// taken apart.</summary>
    public static IEnumerable<(int Number, string[] Words)> Commands(DocPage.Fence block)
    {
        string before = "";
        foreach ((int i, string line) in block.Lines.Index())
        {
            string text = before + line;
            before = "";
            if (text.EndsWith('\\'))
            {
                before = text[..^1];
                continue;
            }

            var command = new List<string>();
            foreach (string word in Words(text).Append("|"))
            {
                if (word is not ("|" or "&&" or ";"))
                {
                    command.Add(word);
                    continue;
                }

                string[] words = [.. command.SkipWhile(w => w.Contains('=', StringComparison.Ordinal) && !w.StartsWith('-'))];
                command.Clear();
                if (words.Length > 0)
                {
                    yield return (block.Number + i, words);
                }
            }
        }
    }

    /// <summary>The words of a line, quotes taken off; a comment ends it.</summary>
    public static IEnumerable<string> Words(string line)
    {
        var word = new StringBuilder();
        char quote = '\0';
        bool any = false;
        foreach (char c in line)
        {
            if (quote != '\0' ? c != quote : c is not (' ' or '"' or '\''))
            {
                if (c == '#' && !any && quote == '\0')
                {
                    break;
                }

                word.Append(c);
                any = true;
                continue;
            }

            if (c != ' ' || quote != '\0')
            {
                quote = quote == '\0' ? c : '\0';
                any = true;
                continue;
            }

            if (any)
            {
                yield return word.ToString();
                word.Clear();
                any = false;
            }
        }

        if (any)
        {
            yield return word.ToString();
        }
    }
}
