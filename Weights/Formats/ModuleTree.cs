using System.Collections.Immutable;
using Interp.Weights.Formats.Pickle;

namespace Interp.Weights.Formats;

/// <summary>
/// What a file that holds whole modules says of them beyond the weights: of each its class and its plain attributes, by the path that
/// begins its tensors' names. All of it is what the file's author wrote; none of it was run.
/// </summary>
internal sealed class ModuleTree
{
    private readonly Dictionary<string, SavedModule> _byPath = new(StringComparer.Ordinal);

    /// <summary>The modules, those that hold others before them. Of two with the same path, as a wrapper and what it wraps have once its
    /// name is removed, the later counts.</summary>
    internal ModuleTree(IEnumerable<SavedModule> modules)
    {
        foreach (SavedModule module in modules)
        {
            _byPath[module.Path] = module;
        }
    }

    /// <summary>The module that holds all others, if all that the file holds is one module.</summary>
    internal SavedModule? Root => Find("");

    /// <summary>The modules, those that hold others before them.</summary>
    internal IReadOnlyCollection<SavedModule> All => _byPath.Values;

    /// <summary>The module at a path (<c>layer1.0.conv1</c>; the root's is empty), or null.</summary>
    internal SavedModule? Find(string path) => _byPath.GetValueOrDefault(path);

    /// <summary>The same modules under other paths, without those whose new path is null.</summary>
    internal ModuleTree Renamed(Func<string, string?> rename) =>
        new(_byPath.Values.Select(m => rename(m.Path) is { } path ? m with { Path = path } : null).OfType<SavedModule>());
}

/// <summary>One module as it was saved.</summary>
/// <param name="Path">Its path: <c>features.0</c>.</param>
/// <param name="Class">Its class with that's module: <c>torch.nn.modules.conv.Conv2d</c>. As the file has it: any text.</param>
/// <param name="State">Its attributes.</param>
/// <remarks>
/// An attribute is read when it is asked for, so that a module takes no memory beyond the pickle's. Each getter gives null where there is
/// no such attribute or it is of another kind; <see cref="Has"/> tells an attribute that is None from one that is missing.
/// </remarks>
internal sealed record SavedModule(string Path, string Class, PickleDict State)
{
    private const int LongestTuple = 16;

    /// <summary>The class's own name: <c>Conv2d</c>.</summary>
    internal string Kind => Class[(Class.LastIndexOf('.') + 1)..];

    /// <summary>Whether there is an attribute of that name, None or not.</summary>
    internal bool Has(string name) => State.Named.Any(p => p.Key == name);

    /// <summary>A number: <c>eps</c>, <c>p</c>, <c>out_channels</c>.</summary>
    internal double? Number(string name) => Number(State.Find(name));

    /// <summary>True or false: <c>ceil_mode</c>, <c>inplace</c>, <c>transform_input</c>.</summary>
    internal bool? Flag(string name) => State.Find(name) as bool?;

    /// <summary>Text: <c>padding_mode</c>, <c>padding</c> where it is <c>same</c>.</summary>
    internal string? Word(string name) => State.Find(name) as string;

    /// <summary>A tuple or list of at most 16 numbers: <c>stride</c>, <c>normalized_shape</c>; a single number is one.</summary>
    internal ImmutableArray<double>? Numbers(string name)
    {
        object? value = State.Find(name);
        IReadOnlyList<object?> items = value switch
        {
            object?[] tuple => tuple,
            List<object?> list => list,
            _ => [value],
        };
        return items.Count <= LongestTuple && items.All(i => Number(i) is not null) ? [.. items.Select(i => Number(i)!.Value)] : null;
    }

    /// <summary>The name of a class or function that the attribute refers to: <c>torch.nn.functional.relu</c>.</summary>
    internal string? Reference(string name) => (State.Find(name) as InertClass)?.Name;

    private static double? Number(object? value) => value switch
    {
        long whole => whole,
        double real => real,
        _ => null,
    };
}
