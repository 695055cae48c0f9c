using System.Globalization;
using System.Text.RegularExpressions;
using Interp.Engine.Common;

namespace Interp.Engine.Visualization.Objectives.Parsing;

/// <summary>A place in an objective's text, and what can be read there.</summary>
internal sealed partial class ObjectiveReader(string text)
{
    private int _place;

    /// <summary>The place, which can be returned to.</summary>
    internal int Place
    {
        get
        {
            while (_place < text.Length && char.IsWhiteSpace(text[_place]))
            {
                _place++;
            }

            return _place;
        }

        set => _place = value;
    }

    /// <summary>The next character that is no space, or 0 at the end.</summary>
    internal char Next => Place < text.Length ? text[_place] : '\0';

    /// <summary>Reads a character if it is the next one.</summary>
    internal bool Take(char c)
    {
        bool found = c != '\0' && Next == c;
        _place += found ? 1 : 0;
        return found;
    }

    /// <summary>Reads a number, unless it is the beginning of a name.</summary>
    internal double? Number() => Match(NumberPattern()) is { } number ? double.Parse(number, CultureInfo.InvariantCulture) : null;

    /// <summary>Reads digits.</summary>
    internal int? Whole()
    {
        int start = Place;
        if (Match(WholePattern()) is not { } digits)
        {
            return null;
        }

        return int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out int value) ? value
            : throw Error(start, "expected a smaller number");
    }

    /// <summary>Reads a name: letters, digits and <c>_ . / '</c>, or anything in quotes, a quote itself written twice.</summary>
    internal string? Name() => Match(QuotedPattern()) is { } quoted ? Unquoted(quoted) : Match(WordPattern());

    /// <summary>Reads what stands before the next comma or closing parenthesis, or in quotes.</summary>
    internal string? Path() => Match(QuotedPattern()) is { } quoted ? Unquoted(quoted) : Match(PathPattern())?.TrimEnd();

    /// <summary>An error at the place that has been reached: what was expected there, with an example, and what was found.</summary>
    internal InputException Expected(string what)
    {
        int start = Place;
        string found = Next == '\0' ? "the end" : $"'{Match(WordPattern()) ?? Next.ToString()}'";
        return Error(start, $"expected {what}, found {found}");
    }

    /// <summary>An error at a place.</summary>
    internal InputException Error(int place, string message, Exception? cause = null) =>
        new($"objective '{text}', character {place + 1}: {message}", cause);

    /// <summary>Whether a name can be read without quotes.</summary>
    internal static bool IsWord(string name) => WordPattern().Match(name).Length == name.Length;

    private static string Unquoted(string quoted) => quoted[1..^1].Replace("\"\"", "\"");

    private string? Match(Regex pattern)
    {
        Match match = pattern.Match(text, Place);
        _place += match.Length;
        return match.Success ? match.Value : null;
    }

    [GeneratedRegex(@"\G(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?(?![\w./':])")]
    private static partial Regex NumberPattern();

    [GeneratedRegex(@"\G[0-9]+(?![\w./':])")]
    private static partial Regex WholePattern();

    [GeneratedRegex(@"\G[\w./']+")]
    private static partial Regex WordPattern();

    [GeneratedRegex("\\G\"([^\"]|\"\")*\"")]
    private static partial Regex QuotedPattern();

    [GeneratedRegex(@"\G[^,()""]+")]
    private static partial Regex PathPattern();
}
