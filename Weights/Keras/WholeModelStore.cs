using System.Collections.Immutable;
using System.Globalization;
using Interp.Engine.Common;
using Interp.Weights.Formats.Hdf5;

namespace Interp.Weights.Keras;

/// <summary>
/// The arrays of a whole-model HDF5 file: a group for each layer of the outermost model, by its name, whose attribute <c>weight_names</c>
/// lists the arrays in it: <c>conv/kernel:0</c>. Those of a model that is a layer stand in one group in an order of their own (trained
/// ones first), so that they are found by the layer's name before the last slash.
/// </summary>
internal sealed class WholeModelStore : KerasStore
{
    private readonly Hdf5Group _group;
    private readonly List<Nested> _inner = [];
    private readonly HashSet<string> _asked = new(StringComparer.Ordinal);

    /// <summary>Finds the layers' groups.</summary>
    /// <param name="group"><c>model_weights</c>.</param>
    internal WholeModelStore(Hdf5Group group) => _group = group;

    internal override ImmutableArray<(string Name, Hdf5Dataset Array)> Arrays(KerasLayer layer)
    {
        _asked.Add(layer.Name);
        return [.. Entries(layer).Select(e => (e.Leaf, Open(e)))];
    }

    internal override KerasStore Inner(KerasLayer layer)
    {
        _asked.Add(layer.Name);
        var inner = new Nested(Entries(layer), new HashSet<string>(StringComparer.Ordinal));
        _inner.Add(inner);
        return inner;
    }

    internal override void RequireAllUsed()
    {
        foreach (string name in Texts(_group, "layer_names").Where(n => !_asked.Contains(n)))
        {
            if (_group.Group(name) is { } group && Texts(group, "weight_names") is [var first, ..])
            {
                throw new ModelException($"array '{Text.OneLine(first)}' of layer '{Text.OneLine(name)}' belongs to no layer of the model");
            }
        }

        foreach (Nested inner in _inner)
        {
            inner.RequireAllUsed();
        }
    }

    /// <summary>A list of names, which Keras cuts in pieces (<c>layer_names0</c>, <c>layer_names1</c>, …) where it is long.</summary>
    private static ImmutableArray<string> Texts(Hdf5Group group, string name)
    {
        if (group.Attributes.Texts(name) is { } whole)
        {
            return whole;
        }

        var parts = ImmutableArray.CreateBuilder<string>();
        for (int i = 0; group.Attributes.Texts(name + i.ToString(CultureInfo.InvariantCulture)) is { } part; i++)
        {
            parts.AddRange(part);
        }

        return parts.ToImmutable();
    }

    private List<Entry> Entries(KerasLayer layer)
    {
        Hdf5Group group = _group.Group(layer.Name) ?? throw new ModelException(
            $"the file has no arrays of layer '{Text.OneLine(layer.Name)}'; save the model again");
        return [.. Texts(group, "weight_names").Select(n => new Entry(group, n))];
    }

    private static Hdf5Dataset Open(Entry entry) => entry.Group.Dataset(entry.Name) ?? throw new ModelException(
        $"its array '{Text.OneLine(entry.Name)}' of '{Text.OneLine(entry.Group.Path)}' is listed and not there");

    /// <summary>An array's name: the path of what it belongs to, and its own.</summary>
    private sealed record Entry(Hdf5Group Group, string Name)
    {
        internal string Owner { get; } = Name.LastIndexOf('/') is > 0 and var at ? Name[..at] : "";

        /// <summary>The name without TensorFlow's <c>:0</c>.</summary>
        internal string Leaf { get; } = Name[(Name.LastIndexOf('/') + 1)..].Split(':')[0];
    }

    /// <summary>The arrays of a model that is a layer.</summary>
    /// <param name="entries">The arrays that may be its.</param>
    /// <param name="used">Those that have been asked for, of the whole group.</param>
    private sealed class Nested(List<Entry> entries, HashSet<string> used) : KerasStore
    {
        internal override ImmutableArray<(string Name, Hdf5Dataset Array)> Arrays(KerasLayer layer)
        {
            List<IGrouping<string, Entry>> owners = [.. entries.GroupBy(e => e.Owner, StringComparer.Ordinal)
                .Where(g => g.Key == layer.Name || g.Key.EndsWith("/" + layer.Name, StringComparison.Ordinal))];
            if (owners.Count > 1)
            {
                throw new ModelException($"the file has arrays of several layers '{Text.OneLine(layer.Name)}' in one model "
                    + $"({string.Join(", ", owners.Take(3).Select(g => $"'{Text.OneLine(g.Key)}'"))}); save the model as .keras");
            }

            Entry[] own = [.. owners.SelectMany(g => g)];
            used.UnionWith(own.Select(e => e.Name));
            return [.. own.Select(e => (e.Leaf, Open(e)))];
        }

        internal override KerasStore Inner(KerasLayer layer)
        {
            // Where the path tells them apart, only the arrays under this model's name are its.
            List<Entry> under = [.. entries.Where(e => $"/{e.Owner}/".Contains($"/{layer.Name}/", StringComparison.Ordinal))];
            return new Nested(under.Count > 0 ? under : entries, used);
        }

        internal override void RequireAllUsed()
        {
            if (entries.FirstOrDefault(e => !used.Contains(e.Name)) is { } left)
            {
                throw new ModelException($"array '{Text.OneLine(left.Name)}' belongs to no layer of the model");
            }
        }
    }
}
