using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace Interp.Engine.Common;

/// <summary>
/// An ordered, explicit list of named things: attribution methods, ReLU rules, weight formats, colour maps. A new thing is one file and
/// one line in its catalog; command-line choices, tables and test sweeps are derived from it. No reflection is involved.
/// </summary>
/// <param name="what">What an entry is, for messages: "method", "ReLU rule".</param>
/// <param name="nameOf">An entry's name.</param>
/// <param name="entries">The entries in the order in which they are listed.</param>
public sealed class Catalog<T>(string what, Func<T, string> nameOf, params T[] entries) : IReadOnlyList<T>
{
    /// <summary>Number of entries.</summary>
    public int Count => entries.Length;

    /// <summary>The entry at a position.</summary>
    public T this[int index] => entries[index];

    /// <summary>All names in order.</summary>
    public IEnumerable<string> Names => entries.Select(nameOf);

    /// <summary>The entry of that name (case is ignored).</summary>
    /// <exception cref="InputException">No entry has the name; the message lists those there are.</exception>
    public T Find(string name) => TryFind(name, out T? entry)
        ? entry
        : throw new InputException($"unknown {what} '{name}': expected one of {string.Join(", ", Names)}");

    /// <summary>Whether there is an entry of that name (case is ignored), and which.</summary>
    internal bool TryFind(string name, [MaybeNullWhen(false)] out T entry)
    {
        int at = Array.FindIndex(entries, e => string.Equals(nameOf(e), name, StringComparison.OrdinalIgnoreCase));
        entry = at < 0 ? default : entries[at];
        return at >= 0;
    }

    /// <inheritdoc/>
    public IEnumerator<T> GetEnumerator() => ((IEnumerable<T>)entries).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
