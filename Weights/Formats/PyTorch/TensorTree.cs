using System.Collections.Immutable;
using Interp.Weights.Formats.Pickle;

namespace Interp.Weights.Formats.PyTorch;

/// <summary>
/// Every named tensor in what a PyTorch file holds: in a state dict, or in a checkpoint that has one or several inside. A tensor's name is
/// its path: <c>features.0.weight</c>, <c>state_dict.module.features.0.weight</c>. Everything else (epoch, optimizer, settings) is passed
/// over.
/// </summary>
internal static class TensorTree
{
    private const int MaxDepth = 8;

    /// <summary>Bounds the time for dicts that share one long list; a table of 40,000 tensors in ten dicts takes a tenth.</summary>
    private const int MaxItems = 4_000_000;

    /// <summary>Bounds the memory for names: a key that stands before many tensors is in the name of each.</summary>
    private const int MaxLetters = 1 << 24;

    /// <summary>The tensors in file order. Their storages' positions must be known.</summary>
    public static List<StoredTensor> Read(WeightFile file, object? content)
    {
        PickleDict dict = content as PickleDict
            ?? throw file.Error($"holds {Describe(content)}, expected a state dict (names and tensors); save model.state_dict()");
        var tensors = new List<StoredTensor>();
        int items = 0;
        long letters = 0;
        var seen = new HashSet<PickleDict>(ReferenceEqualityComparer.Instance);
        Walk(dict, "", 0);
        return tensors.Count > 0 ? tensors : throw file.Error(WithoutTensors(dict));

        void Walk(PickleDict from, string path, int depth)
        {
            if (depth > MaxDepth || !seen.Add(from))
            {
                return;
            }

            foreach ((string key, object? value) in from.Named)
            {
                letters += value is TorchTensor or PickleDict ? path.Length + key.Length : 0;
                if (++items > MaxItems || letters > MaxLetters)
                {
                    throw file.Error("holds more names than any checkpoint, or far longer ones; save model.state_dict() alone");
                }

                if (value is TorchTensor tensor)
                {
                    tensors.Add(Locate(file, path + key, tensor));
                }
                else if (value is PickleDict inner)
                {
                    Walk(inner, $"{path}{key}.", depth + 1);
                }
            }
        }
    }

    private static string WithoutTensors(PickleDict dict)
    {
        string keys = string.Join(", ", dict.Named.Take(5).Select(p => WeightFile.Quote(p.Key)));
        string found = $"holds a dict without tensors (keys: {(keys.Length == 0 ? "none" : keys)})";
        return dict.Named.Any(p => p.Value is Inert inert && inert.Kind.Contains(" numpy.", StringComparison.Ordinal))
            ? found + ", its values are NumPy arrays; save {k: torch.from_numpy(v) for k, v in d.items()} with torch.save"
            : found + ", expected a state dict; save model.state_dict()";
    }

    private static StoredTensor Locate(WeightFile file, string name, TorchTensor tensor)
    {
        ImmutableArray<long>? shape = Numbers(tensor.Size);
        ImmutableArray<long>? strides = Numbers(tensor.Stride);
        if (shape is not { } sizes || strides is not { } steps || sizes.Length != steps.Length
            || tensor.Offset is not long offset || offset < 0
            || StoredTensor.CountOf(sizes.AsSpan()) is not { } count
            || StoredTensor.SpanOf(sizes.AsSpan(), steps.AsSpan()) is not { } span)
        {
            throw file.Damaged($"the sizes, strides or offset of {WeightFile.Quote(name)} are not usable");
        }

        long available = tensor.View.Bytes / tensor.Type.Size;
        if (count > 0 && (offset > available || span > available - offset))
        {
            throw file.Damaged($"{WeightFile.Quote(name)} of shape [{string.Join(',', sizes)}] needs elements up to " +
                $"{(Int128)offset + span} of a storage of {available}");
        }

        long position = count == 0 ? 0 : tensor.View.Storage.Position + tensor.View.First + offset * tensor.Type.Size;
        return new StoredTensor(name, tensor.Type, position, sizes, count == 0 ? StoredTensor.RowMajor(sizes) : steps);
    }

    private static ImmutableArray<long>? Numbers(object? value)
    {
        IReadOnlyList<object?>? items = value as object?[] ?? (IReadOnlyList<object?>?)(value as List<object?>);
        return items is not null && items.Count <= StoredTensor.MaxRank && items.All(i => i is long) ? [.. items.Cast<long>()] : null;
    }

    private static string Describe(object? content) => content switch
    {
        TorchTensor => "a single tensor",
        object?[] => "a tuple",
        List<object?> => "a list",
        string => "text",
        Inert inert => inert.Kind,
        _ => "no dict",
    };
}
