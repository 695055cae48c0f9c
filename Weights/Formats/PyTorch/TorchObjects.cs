using Interp.Weights.Formats.Pickle;

namespace Interp.Weights.Formats.PyTorch;

/// <summary>Makes tensors and storages of the names, calls and persistent ids in a PyTorch pickle, as descriptions only.</summary>
internal sealed class TorchObjects(WeightFile file) : IPickleHost
{
    private const string SaveAgain = "save the weights again with torch.save(model.state_dict(), FILE)";
    private readonly Dictionary<string, TorchStorage> _storages = new(StringComparer.Ordinal);

    /// <summary>Every storage that the pickle refers to, by key.</summary>
    public IReadOnlyDictionary<string, TorchStorage> Storages => _storages;

    /// <inheritdoc/>
    public object Global(string module, string name)
    {
        string full = $"{module}.{name}";
        return TorchGlobals.Find(full)
            ?? throw file.Error($"holds a reference to {WeightFile.Quote(full)}, which is not among the names that a weight file may use; "
                + $"nothing was run; {TorchGlobals.Advice(full)}");
    }

    /// <inheritdoc/>
    public object Apply(object? callable, object?[] arguments) => (callable, arguments) switch
    {
        (TorchFunction.OrderedDict, []) => new PickleDict(ordered: true),
        (TorchFunction.OrderedDict, [List<object?> pairs]) => new PickleDict(ordered: true, pairs),
        (TorchFunction.Size, [object?[] sizes]) => sizes,
        (InertClass harmless, _) => harmless.Instance,
        (TorchFunction.Tensor, [StorageView view, var offset, var size, var stride]) =>
            new TorchTensor(view, view.Type, offset, size, stride),
        (TorchFunction.TensorV2, [StorageView view, var offset, var size, var stride, _, _, ..]) =>
            new TorchTensor(view, view.Type, offset, size, stride),
        (TorchFunction.TensorV3, [StorageView view, var offset, var size, var stride, _, _, ElementType type, ..]) =>
            new TorchTensor(view, type, offset, size, stride),
        (TorchFunction.Parameter, [TorchTensor data, ..]) => data,
        (TorchFunction.TensorWithAttributes, [TorchFunction function and not TorchFunction.TensorWithAttributes, _, object?[] inner, _]) =>
            Apply(function, inner),
        (TorchFunction function, _) => throw file.Error($"calls {function} with arguments that do not fit; nothing was run; {SaveAgain}"),
        _ => throw file.Error($"calls something that is not a function; nothing was run; {SaveAgain}"),
    };

    /// <inheritdoc/>
    public object Persistent(object? id)
    {
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
}
