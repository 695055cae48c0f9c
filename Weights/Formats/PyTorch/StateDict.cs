using System.Collections.Immutable;
using Interp.Weights.Formats.Pickle;

namespace Interp.Weights.Formats.PyTorch;

/// <summary>
/// Finds the named tensors in what a PyTorch file holds: a state dict, or a checkpoint that has one under a usual key. Other entries
/// (epoch, optimizer) are ignored. Prefixes that wrappers put before every name are removed.
/// </summary>
internal static class StateDict
{
    private const int MaxWraps = 4;
    private static readonly string[] WrapKeys = ["state_dict", "model_state_dict", "model", "net", "network", "weights"];
    private static readonly string[] Prefixes = ["module.", "_orig_mod."];

    /// <summary>The tensors in the order of the state dict. Their storages' positions must be known.</summary>
    public static List<StoredTensor> Read(WeightFile file, object? content)
    {
        PickleDict dict = content as PickleDict
            ?? throw file.Error($"holds {Describe(content)}, expected a state dict (names and tensors); save model.state_dict()");
        for (int wraps = 0; wraps < MaxWraps && Unwrap(dict) is { } inner; wraps++)
        {
            dict = inner;
        }

        List<(string Name, TorchTensor Tensor)> named = [];
        foreach ((string name, object? value) in dict.Named)
        {
            if (value is TorchTensor tensor)
            {
                named.Add((name, tensor));
            }
        }

        if (named.Count == 0)
        {
            string keys = string.Join(", ", dict.Named.Take(5).Select(p => WeightFile.Quote(p.Key)));
            throw file.Error($"holds a dict without tensors (keys: {(keys.Length == 0 ? "none" : keys)}), expected a state dict or one " +
                "under " + string.Join(", ", WrapKeys));
        }

        int strip = 0;
        while (Prefixes.FirstOrDefault(p => named.All(n => n.Name.AsSpan(strip).StartsWith(p))) is { } prefix)
        {
            strip += prefix.Length;
        }

        return [.. named.Select(n => Locate(file, n.Name[strip..], n.Tensor))];
    }

    private static PickleDict? Unwrap(PickleDict dict)
    {
        foreach (string key in WrapKeys)
        {
            if (dict.Find(key) is PickleDict inner && inner.Named.Any(p => p.Value is TorchTensor or PickleDict))
            {
                return inner;
            }
        }

        return null;
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
            throw file.Error($"the sizes, strides or offset of {WeightFile.Quote(name)} are not usable; the file is damaged");
        }

        long available = tensor.View.Bytes / tensor.Type.Size;
        if (count > 0 && (offset > available || span > available - offset))
        {
            throw file.Error($"{WeightFile.Quote(name)} of shape [{string.Join(',', sizes)}] needs elements up to " +
                $"{(Int128)offset + span} of a storage of {available}; the file is damaged");
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
        _ => "no dict",
    };
}
