using System.Globalization;
using Interp.Engine.Common;
using Interp.Engine.Models;

namespace Interp.Cli.Visualization;

/// <summary>Lists of units as users write them: <c>0-15,264</c>, <c>all</c>.</summary>
internal static class UnitList
{
    private const string All = "all";

    /// <summary>Numbers and ranges below a count, each once, in the order in which they stand.</summary>
    /// <exception cref="InputException">Something else stands there, or a number is too large.</exception>
    internal static IReadOnlyList<int> Numbers(string text, int count, string option) => text == All
        ? [.. Enumerable.Range(0, count)]
        : [.. text.Split(',').SelectMany(part => Range(part.Trim(), count) ?? throw Wrong(option, part, count)).Distinct()];

    /// <summary>Classes by id, range or label, or those of a file with one a line.</summary>
    /// <exception cref="InputException">A class does not exist, or the file cannot be read.</exception>
    internal static IReadOnlyList<int> Classes(string text, Labels labels, int count)
    {
        if (text == All)
        {
            return [.. Enumerable.Range(0, count)];
        }

        string[] parts = File.Exists(text) ? [.. Lines(text).Select(l => l.Trim()).Where(l => l.Length > 0)]
            : text.Split(',', StringSplitOptions.TrimEntries);
        return [.. parts.SelectMany(part => Range(part, count) ?? [labels.Find(part)]).Distinct()];
    }

    private static string[] Lines(string path)
    {
        try
        {
            return File.ReadAllLines(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"--classes {path}: cannot be read: {e.Message}", e);
        }
    }

    private static IEnumerable<int>? Range(string part, int count)
    {
        int dash = part.IndexOf('-', StringComparison.Ordinal);
        return Number(dash < 0 ? part : part[..dash]) is { } first && Number(dash < 0 ? part : part[(dash + 1)..]) is { } last
            && first <= last && last < count
            ? Enumerable.Range(first, last - first + 1)
            : null;
    }

    /// <summary>A whole number from 0, or null.</summary>
    internal static int? Number(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int n) ? n : null;

    private static InputException Wrong(string option, string part, int count) =>
        new($"{option} '{part}': expected numbers and ranges from 0 to {count - 1}, such as 0-15,{count - 1}, or '{All}'");
}
