using Interp.Engine.Common;
using Interp.Weights.Formats;
using Interp.Weights.Onnx.Wire;

namespace Interp.Weights.Onnx;

/// <summary>
/// The values that can be named in a graph: its own, and those of the graphs around it. Every value gets a name that no other of the file
/// has, so that a graph within another, or a function, can take its operator's place.
/// </summary>
/// <param name="names">All names in use.</param>
/// <param name="outer">The graph around this one; null for the outermost, and for a function, which sees nothing but its inputs.</param>
internal sealed class ValueScope(NameTable names, ValueScope? outer)
{
    private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _expected = new(StringComparer.Ordinal);

    /// <summary>The values of outer graphs that are read in this one, or in graphs within it, by their unique names.</summary>
    internal HashSet<string> Captures { get; } = new(StringComparer.Ordinal);

    /// <summary>The expected values that nothing has made.</summary>
    internal IEnumerable<string> Missing => _expected.Keys;

    /// <summary>Makes a value known, and names it.</summary>
    /// <exception cref="ModelException">There is one of that name in the same graph.</exception>
    internal string Define(string name)
    {
        if (!_expected.Remove(name, out string? unique))
        {
            unique = names.Unique(name);
        }

        Bind(name, unique);
        return unique;
    }

    /// <summary>Makes a value known that has a unique name already; empty for one that is left out.</summary>
    /// <exception cref="ModelException">There is one of that name in the same graph.</exception>
    internal void Bind(string name, string unique)
    {
        if (!_values.TryAdd(name, unique))
        {
            throw new ModelException($"value {WeightFile.Quote(name)} is made twice, expected one origin of each value; the file is"
                + " damaged: export it again");
        }
    }

    /// <summary>Says which unique name a value shall have that is made later.</summary>
    /// <returns>False if it is expected, or there, already.</returns>
    internal bool Expect(string name, string unique) => !_values.ContainsKey(name) && _expected.TryAdd(name, unique);

    /// <summary>The unique name of a value; empty for one that is left out, null if there is none.</summary>
    internal string? Find(string name)
    {
        if (name.Length == 0)
        {
            return "";
        }

        if (_values.TryGetValue(name, out string? unique))
        {
            return unique;
        }

        unique = outer?.Find(name);
        if (unique is { Length: > 0 })
        {
            Captures.Add(unique);
        }

        return unique;
    }

    /// <summary>The unique name of a value of this graph itself; null if there is none.</summary>
    internal string? FindOwn(string name) => _values.GetValueOrDefault(name);
}

/// <summary>The names of all values of a file.</summary>
internal sealed class NameTable(ReadBudget budget)
{
    private readonly Dictionary<string, int> _taken = new(StringComparer.Ordinal);

    /// <summary>The name itself, or with a number where it is taken.</summary>
    internal string Unique(string name)
    {
        budget.Take(64);
        if (_taken.TryAdd(name, 1))
        {
            return name;
        }

        string unique;
        do
        {
            budget.Take(80 + 2 * name.Length);
            unique = $"{name}__{++_taken[name]}";
        }
        while (!_taken.TryAdd(unique, 1));

        return unique;
    }
}
