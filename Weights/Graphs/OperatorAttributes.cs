using System.Collections.Immutable;
using Interp.Engine.Common;

namespace Interp.Weights.Graphs;

/// <summary>
/// The attributes of an operator: whole numbers (<see cref="long"/>), numbers (<see cref="double"/>), text, lists of these
/// (<see cref="ImmutableArray{T}"/>), constants (<see cref="GraphTensor"/>) and graphs (<see cref="OperatorGraph"/>). It notes which have
/// been looked at, so that what an operator's reader does not know can never be passed over: <see cref="RequireAllRead"/>.
/// </summary>
internal sealed class OperatorAttributes(IReadOnlyDictionary<string, object> values)
{
    private readonly HashSet<string> _read = new(StringComparer.Ordinal);

    /// <summary>None.</summary>
    internal static OperatorAttributes None => new(new Dictionary<string, object>());

    /// <summary>The names of all that are there.</summary>
    internal IEnumerable<string> Names => values.Keys;

    /// <summary>Whether there is one of that name; it does not count as read.</summary>
    internal bool Has(string name) => values.ContainsKey(name);

    /// <summary>A whole number, or what it is where it is not there.</summary>
    /// <exception cref="ModelException">It is something else.</exception>
    internal long Int(string name, long absent) => Get(name, absent);

    /// <summary>A number, or what it is where it is not there.</summary>
    /// <inheritdoc cref="Int"/>
    internal double Float(string name, double absent) => Get(name, absent);

    /// <summary>Text, or what it is where it is not there.</summary>
    /// <inheritdoc cref="Int"/>
    internal string String(string name, string absent) => Get(name, absent);

    /// <summary>Whole numbers, or null where they are not there.</summary>
    /// <inheritdoc cref="Int"/>
    internal ImmutableArray<long>? Ints(string name) => Has(name) ? Get(name, ImmutableArray<long>.Empty) : null;

    /// <summary>Numbers, or null where they are not there.</summary>
    /// <inheritdoc cref="Int"/>
    internal ImmutableArray<double>? Floats(string name) => Has(name) ? Get(name, ImmutableArray<double>.Empty) : null;

    /// <summary>A constant, or null where there is none.</summary>
    /// <inheritdoc cref="Int"/>
    internal GraphTensor? Tensor(string name) => Has(name) ? Get<GraphTensor>(name, null!) : null;

    /// <summary>A graph, or null where there is none.</summary>
    /// <inheritdoc cref="Int"/>
    internal OperatorGraph? Graph(string name) => Has(name) ? Get<OperatorGraph>(name, null!) : null;

    /// <summary>Counts attributes as read that change nothing.</summary>
    internal void Ignore(params ReadOnlySpan<string> names)
    {
        foreach (string name in names)
        {
            _read.Add(name);
        }
    }

    /// <summary>An attribute that nobody has looked at is refused.</summary>
    /// <exception cref="ModelException">There is one; the message names it.</exception>
    internal void RequireAllRead()
    {
        if (values.Keys.FirstOrDefault(k => !_read.Contains(k)) is { } unread)
        {
            throw new ModelException($"attribute '{Text.OneLine(unread)}' is not understood");
        }
    }

    private T Get<T>(string name, T absent)
    {
        _read.Add(name);
        return !values.TryGetValue(name, out object? value) ? absent
            : value is T typed ? typed
            : throw new ModelException($"attribute '{Text.OneLine(name)}' is of an unexpected type");
    }
}
