using Interp.Weights.Formats.Pickle;

namespace Interp.Weights.Formats.PyTorch;

/// <summary>
/// Every named tensor in what a PyTorch file holds: in a state dict, in a whole module, or in a checkpoint that has one or several of them
/// inside. A tensor's name is its path: <c>features.0.weight</c>, <c>state_dict.module.features.0.weight</c>. Everything else (epoch,
/// optimizer, settings) is passed over.
/// </summary>
/// <remarks>
/// A module's tensors are those of its <c>state_dict()</c>, in its order: its parameters, its buffers without the ones that are not to be
/// saved, then the modules in it; a module at two places has its tensors under both names. What a class's own code would add to that or
/// change is not known, since no code is run.
/// </remarks>
internal sealed class TensorTree
{
    private const int MaxDepth = 8;
    private const int MaxModuleDepth = 32;

    /// <summary>Bounds the time for dicts that share one long list; a table of 40,000 tensors in ten dicts takes a tenth.</summary>
    private const int MaxItems = 4_000_000;

    /// <summary>Bounds the memory for names: a key that stands before many tensors is in the name of each.</summary>
    private const int MaxLetters = 1 << 24;

    private const string SaveStateDict = "save model.state_dict()";
    private readonly WeightFile _file;
    private readonly List<StoredTensor> _tensors = [];
    private readonly List<SavedModule> _modules = [];
    private readonly HashSet<PickleDict> _seen = new(ReferenceEqualityComparer.Instance);
    private readonly HashSet<InertObject> _open = new(ReferenceEqualityComparer.Instance);
    private int _items;
    private long _letters;

    private TensorTree(WeightFile file) => _file = file;

    /// <summary>The tensors in file order, and the modules. The tensors' storages' positions must be known.</summary>
    public static WeightTable Read(WeightFile file, object? content)
    {
        var tree = new TensorTree(file);
        if (content is InertObject saved && tree.Parts(saved) is { } parts)
        {
            tree.Walk(saved, parts, "", 0);
        }
        else
        {
            tree.Walk(content as PickleDict ?? throw file.Error($"holds {Describe(content)}, expected a state dict (names and tensors); "
                + SaveStateDict), "", 0);
        }

        return tree._tensors.Count > 0
            ? new WeightTable(tree._tensors, tree._modules.Count == 0 ? null : new ModuleTree(tree._modules))
            : throw file.Error(WithoutTensors(content));
    }

    private void Walk(PickleDict from, string path, int depth)
    {
        if (depth > MaxDepth || !_seen.Add(from))
        {
            return;
        }

        foreach ((string key, object? value) in from.Named)
        {
            Count(value is TorchTensor or PickleDict or InertObject ? path.Length + key.Length : 0);
            if (value is TorchTensor tensor)
            {
                _tensors.Add(TensorLocation.Of(_file, path + key, tensor));
            }
            else if (value is PickleDict inner)
            {
                Walk(inner, $"{path}{key}.", depth + 1);
            }
            else if (value is InertObject saved && Parts(saved) is { } parts)
            {
                Walk(saved, parts, $"{path}{key}.", 0);
            }
        }
    }

    /// <summary>Walks a module whose path, with a dot behind it, is given.</summary>
    private void Walk(InertObject module, ModuleParts parts, string path, int depth)
    {
        string name = path.TrimEnd('.');
        if (depth > MaxModuleDepth)
        {
            throw _file.Error($"its modules lie more than {MaxModuleDepth} deep, at {WeightFile.Quote(name)}; {SaveStateDict}");
        }

        if (!_open.Add(module))
        {
            throw _file.Error($"the module {WeightFile.Quote(name)} holds itself, expected modules inside each other; {SaveStateDict}");
        }

        Count(path.Length);
        _modules.Add(new SavedModule(name, module.Type, parts.State));
        Add(parts.Parameters, path, []);
        Add(parts.Buffers, path, parts.Left);
        foreach ((string key, object? value) in parts.Modules.Named)
        {
            Count(0);
            if (value is not null)
            {
                (InertObject child, ModuleParts inside) = value is InertObject o && Parts(o) is { } p ? (o, p)
                    : throw _file.Error($"its module {WeightFile.Quote(path + key)} is {Describe(value)}, whose weights cannot be told; "
                        + SaveStateDict);
                Walk(child, inside, $"{path}{key}.", depth + 1);
            }
        }

        _open.Remove(module);
    }

    private void Add(PickleDict from, string path, HashSet<string> except)
    {
        foreach ((string key, object? value) in from.Named)
        {
            Count(path.Length + key.Length);
            if (value is not null && !except.Contains(key))
            {
                _tensors.Add(TensorLocation.Of(_file, path + key, value as TorchTensor
                    ?? throw _file.Error($"its {WeightFile.Quote(path + key)} is {Describe(value)}, expected a tensor; save "
                        + "model.state_dict() with plain float32 tensors")));
            }
        }
    }

    /// <summary>The parts of a module, or null if the object is none.</summary>
    private ModuleParts? Parts(InertObject saved)
    {
        if (saved.State is not PickleDict state)
        {
            return null;
        }

        PickleDict? parameters = null, buffers = null, modules = null;
        PickleSet? left = null;
        foreach ((string key, object? value) in state.Named)
        {
            Count(0);
            parameters = key == "_parameters" ? value as PickleDict : parameters;
            buffers = key == "_buffers" ? value as PickleDict : buffers;
            modules = key == "_modules" ? value as PickleDict : modules;
            left = key == "_non_persistent_buffers_set" ? value as PickleSet : left;
        }

        if (parameters is null || buffers is null || modules is null)
        {
            return null;
        }

        Count(0, left?.Items.Count ?? 0);
        return new ModuleParts(state, parameters, buffers, modules, [.. left?.Items.OfType<string>() ?? []]);
    }

    private void Count(int letters, int items = 1)
    {
        _letters += letters;
        _items += items;
        if (_items > MaxItems || _letters > MaxLetters)
        {
            throw _file.Error($"holds more names than any checkpoint, or far longer ones; {SaveStateDict} alone");
        }
    }

    private static string WithoutTensors(object? content)
    {
        if (content is not PickleDict dict)
        {
            return $"holds {Describe(content)} without weights, expected a network; {SaveStateDict} of one that has weights";
        }

        string keys = string.Join(", ", dict.Named.Take(5).Select(p => WeightFile.Quote(p.Key)));
        string found = $"holds a dict without tensors (keys: {(keys.Length == 0 ? "none" : keys)})";
        return dict.Named.Any(p => p.Value is InertObject made && made.Type.StartsWith("numpy.", StringComparison.Ordinal))
            ? found + ", its values are NumPy arrays; save {k: torch.from_numpy(v) for k, v in d.items()} with torch.save"
            : found + $", expected a state dict; {SaveStateDict}";
    }

    private static string Describe(object? content) => content switch
    {
        TorchTensor => "a single tensor",
        object?[] => "a tuple",
        List<object?> => "a list",
        PickleSet => "a set",
        PickleDict => "a dict",
        string => "text",
        InertObject made => $"an object of {WeightFile.Quote(made.Type)}",
        InertClass named => $"a reference to {WeightFile.Quote(named.Name)}",
        Inert inert => inert.Kind,
        _ => "no dict",
    };

    /// <summary>What a module consists of.</summary>
    /// <param name="State">All its attributes.</param>
    /// <param name="Parameters">Its own parameters; None where there is none of that name.</param>
    /// <param name="Buffers">Its own buffers.</param>
    /// <param name="Modules">The modules in it.</param>
    /// <param name="Left">The buffers that are not to be saved.</param>
    private sealed record ModuleParts(
        PickleDict State, PickleDict Parameters, PickleDict Buffers, PickleDict Modules, HashSet<string> Left);
}
