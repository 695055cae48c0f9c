using System.Globalization;
using Interp.Engine.Common;
using Interp.Engine.Tensors;
using Interp.Weights.Formats;

namespace Interp.Weights.Architectures;

/// <summary>A state dict's entries by name, with a record of which have been used, so that leftovers are found.</summary>
internal sealed class StateDict
{
    private readonly Dictionary<string, WeightEntry> _entries;
    private readonly HashSet<string> _used = new(StringComparer.Ordinal);

    /// <summary>All entries but PyTorch's counters of training steps, which no network needs to run.</summary>
    internal StateDict(IEnumerable<WeightEntry> entries) => _entries = entries
        .Where(e => !e.Name.EndsWith(".num_batches_tracked", StringComparison.Ordinal))
        .ToDictionary(e => e.Name, StringComparer.Ordinal);

    /// <summary>Whether there is a tensor of that name.</summary>
    internal bool Has(string name) => _entries.ContainsKey(name);

    /// <summary>Number of axes of a tensor, or -1 if there is none.</summary>
    internal int Rank(string name) => _entries.TryGetValue(name, out WeightEntry? entry) ? entry.Shape.Length : -1;

    /// <summary>Every N for which there is a tensor <c>prefix.N.field</c>, ascending.</summary>
    internal int[] Indices(string prefix, string field)
    {
        var found = new List<int>();
        foreach (string name in _entries.Keys)
        {
            string[] parts = name.Split('.');
            if (parts.Length == 3 && parts[0] == prefix && parts[2] == field
                && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out int index)
                && index < 100_000 && parts[1] == index.ToString(CultureInfo.InvariantCulture))
            {
                found.Add(index);
            }
        }

        found.Sort();
        return [.. found];
    }

    /// <summary>The tensor of that name, or null.</summary>
    internal WeightEntry? Find(string name)
    {
        _used.Add(name);
        return _entries.GetValueOrDefault(name);
    }

    /// <summary>The tensor of that name and rank, with its sizes.</summary>
    /// <exception cref="ModelException">It is missing, of another rank, or has an axis that is empty or too long.</exception>
    internal (WeightEntry Entry, Shape Shape) Require(string name, int rank)
    {
        WeightEntry entry = Find(name) ?? throw new ModelException($"tensor '{name}' is missing");
        return entry.Shape.Length == rank && entry.Shape.All(d => d is > 0 and <= int.MaxValue)
            ? (entry, new Shape([.. entry.Shape.Select(d => (int)d)]))
            : throw new ModelException($"tensor '{name}' has shape {Sizes(entry)}, expected {rank} positive sizes");
    }

    /// <summary>The vector of that name and length.</summary>
    /// <exception cref="ModelException">It is missing or of another shape.</exception>
    internal WeightEntry RequireVector(string name, int length)
    {
        WeightEntry entry = Find(name) ?? throw new ModelException($"tensor '{name}' is missing");
        return entry.Shape.Length == 1 && entry.Shape[0] == length
            ? entry
            : throw new ModelException($"tensor '{name}' has shape {Sizes(entry)}, expected [{length}]");
    }

    /// <summary>Checks that nothing is left over.</summary>
    /// <exception cref="ModelException">Something is; the message names it.</exception>
    internal void RequireAllUsed(string expected)
    {
        string[] left = [.. _entries.Keys.Where(n => !_used.Contains(n)).Take(4)];
        if (left.Length > 0)
        {
            string names = string.Join(", ", left.Take(3).Select(n => $"'{Text.OneLine(n)}'"));
            string tensors = left.Length == 1 ? "tensor" : "tensors";
            throw new ModelException($"unexpected {tensors} {names}{(left.Length > 3 ? ", …" : "")}: expected {expected}");
        }
    }

    private static string Sizes(WeightEntry entry) => $"[{string.Join(',', entry.Shape)}]";
}
