using System.Collections.Immutable;
using Interp.Engine.Common;

namespace Interp.Weights.Formats.Hdf5;

/// <summary>A group: named links to other groups and datasets.</summary>
/// <param name="file">The file.</param>
/// <param name="path">Its name from the root on, for messages.</param>
/// <param name="address">Where its header lies.</param>
internal sealed class Hdf5Group(Hdf5File file, string path, long address)
{
    private readonly ImmutableArray<Hdf5Message> _messages = Hdf5Header.Read(file, address, path);
    private readonly Dictionary<string, Hdf5Group> _groups = new(StringComparer.Ordinal);
    private Dictionary<string, Hdf5Link>? _links;
    private Hdf5Attributes? _attributes;

    /// <summary>Its name from the root on.</summary>
    internal string Path => path;

    /// <summary>The names of what is in it, in the file's order.</summary>
    internal IReadOnlyCollection<string> Names => Links.Keys;

    /// <summary>Its attributes.</summary>
    internal Hdf5Attributes Attributes => _attributes ??= new Hdf5Attributes(file, path, _messages);

    private Dictionary<string, Hdf5Link> Links => _links ??= Hdf5Links.Read(file, path, _messages);

    /// <summary>The group of that name in it, or null where there is nothing of that name, or a dataset.</summary>
    /// <exception cref="ModelException">The link leads elsewhere, or what it leads to is damaged.</exception>
    internal Hdf5Group? Group(string name)
    {
        if (_groups.TryGetValue(name, out Hdf5Group? known))
        {
            return known;
        }

        if (Target(name) is not { } target)
        {
            return null;
        }

        var group = new Hdf5Group(file, Join(name), target);
        if (!group.IsGroup)
        {
            return null;
        }

        _groups.Add(name, group);
        return group;
    }

    /// <summary>The dataset at a path below it, or null where there is none.</summary>
    /// <inheritdoc cref="Group"/>
    internal Hdf5Dataset? Dataset(string name)
    {
        Hdf5Group? group = this;
        string[] parts = name.Split('/');
        foreach (string part in parts.AsSpan(0, parts.Length - 1))
        {
            group = group?.Group(part);
        }

        return group?.Target(parts[^1]) is { } target ? Hdf5Dataset.Read(file, group.Join(parts[^1]), target) : null;
    }

    private bool IsGroup => !_messages.Any(m => m.Kind is Hdf5Message.Layout or Hdf5Message.Datatype);

    private string Join(string name) => path.Length > 1 ? $"{path}/{name}" : $"/{name}";

    private long? Target(string name) => !Links.TryGetValue(name, out Hdf5Link link) ? null
        : link.Kind is { } kind ? throw file.Error($"its entry {WeightFile.Quote(Join(name))} is {kind}, which is not followed; save the "
            + "model again with Keras")
        : link.Address;
}

/// <summary>Where a name in a group leads.</summary>
/// <param name="Address">The object's header.</param>
/// <param name="Kind">What it is if it does not lead to an object of this file by its address; such are never followed.</param>
internal readonly record struct Hdf5Link(long Address, string? Kind);
