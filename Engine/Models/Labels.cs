using System.Collections.Immutable;
using System.Globalization;
using Interp.Engine.Common;

namespace Interp.Engine.Models;

/// <summary>The names of a classifier's classes, by 0-based class id.</summary>
public sealed class Labels(ImmutableArray<string> names)
{
    /// <summary>Number of classes.</summary>
    public int Count => names.Length;

    /// <summary>All names by class id.</summary>
    public ImmutableArray<string> Names => names;

    /// <summary>The name of a class.</summary>
    public string this[int id] => names[id];

    /// <summary>Names for a model that has none: <c>class 0</c>, <c>class 1</c>, …</summary>
    public static Labels Numbered(int count) => new([.. Enumerable.Range(0, count).Select(i => $"class {i}")]);

    /// <summary>
    /// The class that a user means: an id, a whole label, one of a label's comma-separated names, or a part that only one label has. Case
    /// is ignored.
    /// </summary>
    /// <exception cref="InputException">Nothing or several classes match; the message lists candidates.</exception>
    public int Find(string text)
    {
        if (Count == 0)
        {
            throw new InputException($"class '{text}': the model has no classes; name a unit of a layer instead");
        }

        if (int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int id))
        {
            return id >= 0 && id < Count ? id : throw new InputException($"class {id}: expected 0 to {Count - 1}");
        }

        string wanted = text.Trim();
        foreach (Func<string, bool> matches in (Func<string, bool>[])
        [
            n => n.Equals(wanted, StringComparison.OrdinalIgnoreCase),
            n => n.Split(',', StringSplitOptions.TrimEntries).Contains(wanted, StringComparer.OrdinalIgnoreCase),
            n => wanted.Length > 0 && n.Contains(wanted, StringComparison.OrdinalIgnoreCase),
        ])
        {
            int[] found = [.. Enumerable.Range(0, Count).Where(i => matches(names[i]))];
            if (found.Length == 1)
            {
                return found[0];
            }

            if (found.Length > 1)
            {
                string some = string.Join("; ", found.Take(5).Select(i => $"{i} = {names[i]}"));
                throw new InputException(
                    $"class '{text}' is ambiguous, {found.Length} labels match: {some}{(found.Length > 5 ? "; …" : "")}; give an id");
            }
        }

        IEnumerable<string> near = Enumerable.Range(0, Count)
            .OrderBy(i => names[i].Split(',', StringSplitOptions.TrimEntries).Min(part => TextDistance.Between(wanted, part)))
            .Take(3).Select(i => $"{i} = {names[i]}");
        throw new InputException($"no class is called '{text}': nearest are {string.Join("; ", near)}");
    }
}
