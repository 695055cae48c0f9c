using Interp.Weights.Formats.Pickle;

namespace Interp.Weights.Formats.PyTorch;

/// <summary>Makes tensors and storages of the names, calls and persistent ids in a PyTorch pickle, as descriptions only.</summary>
internal sealed class TorchObjects(WeightFile file) : IPickleHost
{
    private const string SaveAgain = "save the weights again with torch.save(model.state_dict(), FILE)";
    private const int LongestName = 256;

    /// <summary>Bounds the memory for names of classes; a file has at most some hundreds.</summary>
    private const int MaxLetters = 1 << 20;
    private readonly Dictionary<string, InertClass> _classes = new(StringComparer.Ordinal);
    private readonly Dictionary<string, TorchStorage> _storages = new(StringComparer.Ordinal);
    private int _letters;

    /// <summary>Every storage that the pickle refers to, by key.</summary>
    public IReadOnlyDictionary<string, TorchStorage> Storages => _storages;

    /// <inheritdoc/>
    public object Global(string module, string name)
    {
        string full = $"{module}.{name}";
        if (full.Length > LongestName)
        {
            throw file.Error($"names {WeightFile.Quote(full)} of {full.Length} letters, expected a class's name; {SaveAgain}");
        }

        return TorchGlobals.Find(full) ?? (RefusedGlobals.Advice(full) is not { } advice
            ? Named(full)
            : throw file.Error($"holds a reference to {WeightFile.Quote(full)}, which is not among the names that a weight file may use; "
                + $"nothing was run; {advice}"));
    }

    /// <inheritdoc/>
    public object Apply(object? callable, object?[] arguments) => (callable, arguments) switch
    {
        (TorchFunction.OrderedDict, []) => new PickleDict(ordered: true),
        (TorchFunction.OrderedDict, [List<object?> pairs]) => new PickleDict(ordered: true, pairs),
        (TorchFunction.Size, [object?[] sizes]) => sizes,
        (InertClass function, _) => Inert(function.Name, arguments),
        (InertObject made, _) => new InertObject(made.Type), // What a function would have made of another's result.
        (TorchFunction.Tensor, [StorageView view, var offset, var size, var stride]) =>
            new TorchTensor(view, view.Type, offset, size, stride),
        (TorchFunction.TensorV2, [StorageView view, var offset, var size, var stride, _, _, ..]) =>
            new TorchTensor(view, view.Type, offset, size, stride),
        (TorchFunction.TensorV3, [StorageView view, var offset, var size, var stride, _, _, ElementType type, ..]) =>
            new TorchTensor(view, type, offset, size, stride),
        (TorchFunction.Parameter, [TorchTensor data, ..]) => data,
        (TorchFunction.TensorWithAttributes, [TorchFunction function and not TorchFunction.TensorWithAttributes, var type,
            object?[] inner, _]) => Typed(Apply(function, inner), type),
        (TorchFunction function, _) => throw file.Error($"calls {function} with arguments that do not fit; nothing was run; {SaveAgain}"),
        _ => throw file.Error($"calls something that is not a function; nothing was run; {SaveAgain}"),
    };

    /// <inheritdoc/>
    public object Persistent(object? id)
    {
        if (id is object?[] and ["module", InertClass module, ..])
        {
            return module; // Before version 1.6 a module's class came with its source code, which nothing is done with.
        }

        if (id is not object?[] parts || parts is not ["storage", StorageClass kind, string key, string, long count, .. var rest])
        {
            throw file.Damaged("refers to something in the file that is not a storage");
        }

        int size = kind.Type.Size;
        if (count < 0 || count > file.Length / size)
        {
            throw file.Error($"storage {WeightFile.Quote(key)} is said to have {count} elements of {size} bytes, the file has " +
                $"{file.Length}; it is truncated or damaged: fetch or save it again");
        }

        if (!_storages.TryGetValue(key, out TorchStorage? storage))
        {
            storage = new TorchStorage(key, size, count);
            _storages.Add(key, storage);
        }
        else if (storage.Bytes != count * size)
        {
            throw file.Damaged($"storage {WeightFile.Quote(key)} is said to have {storage.Bytes} and {count * size} bytes");
        }

        return rest switch
        {
            [] or [null] => new StorageView(storage, kind.Type, 0, count * size),
            [object?[] and [_, long first, long length]] when first >= 0 && length >= 0 && first <= count && length <= count - first =>
                new StorageView(storage, kind.Type, first * size, length * size),
            _ => throw file.Damaged($"a view of storage {WeightFile.Quote(key)} lies outside of it"),
        };
    }

    /// <summary>
    /// What a function that is a name would have returned: of the few that only name or hold something, that; of any other an object.
    /// </summary>
    private object Inert(string function, object?[] arguments) => (function, arguments) switch
    {
        ("copyreg._reconstructor" or "copy_reg._reconstructor" or "copyreg.__newobj__" or "copy_reg.__newobj__", [InertClass type, ..]) =>
            new InertObject(type.Name),
        ("builtins.set" or "__builtin__.set" or "builtins.frozenset" or "__builtin__.frozenset", [List<object?> items]) =>
            new PickleSet(items),

        // A class inside another one.
        ("builtins.getattr" or "__builtin__.getattr", [InertClass outer, string inner])
            when outer.Name.Length + inner.Length < LongestName => Named($"{outer.Name}.{inner}"),
        _ => new InertObject(function),
    };

    private InertClass Named(string name)
    {
        if (!_classes.TryGetValue(name, out InertClass? named))
        {
            _letters += name.Length;
            _classes.Add(name, named = _letters <= MaxLetters ? new InertClass(name)
                : throw file.Error($"names more classes than any model, {_classes.Count}; {SaveAgain}"));
        }

        return named;
    }

    /// <summary>A tensor of a class; PyTorch's own mean nothing more.</summary>
    private static object Typed(object tensor, object? type) => tensor is TorchTensor plain && type is InertClass { Name: var name }
        && name is not ("torch.Tensor" or "torch.nn.parameter.Parameter" or "torch.nn.parameter.Buffer")
            ? plain with { Class = name }
            : tensor;
}
