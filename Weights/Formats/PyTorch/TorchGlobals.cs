using System.Collections.Frozen;

namespace Interp.Weights.Formats.PyTorch;

/// <summary>What a name that can be applied to arguments stands for.</summary>
internal enum TorchFunction
{
    /// <summary><c>collections.OrderedDict([pairs])</c>.</summary>
    OrderedDict,

    /// <summary><c>torch.Size(tuple)</c>.</summary>
    Size,

    /// <summary><c>_rebuild_tensor(storage, offset, size, stride)</c>.</summary>
    Tensor,

    /// <summary><c>_rebuild_tensor_v2(storage, offset, size, stride, requires_grad, backward_hooks[, metadata])</c>.</summary>
    TensorV2,

    /// <summary><c>_rebuild_tensor_v3(storage, offset, size, stride, requires_grad, backward_hooks, dtype[, metadata])</c>.</summary>
    TensorV3,

    /// <summary><c>_rebuild_parameter(tensor, requires_grad, backward_hooks[, state])</c>.</summary>
    Parameter,

    /// <summary><c>_rebuild_from_type_v2(function, type, arguments, state)</c>: a tensor with attributes.</summary>
    TensorWithAttributes,
}

/// <summary>The names in PyTorch files that tensors are made of. None of them leads to code: each stands for plain data.</summary>
internal static class TorchGlobals
{
    private static readonly FrozenDictionary<string, object> Names = Make().ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>What a name stands for, or null if it is none of these.</summary>
    public static object? Find(string name) => Names.GetValueOrDefault(name);

    private static Dictionary<string, object> Make()
    {
        var names = new Dictionary<string, object>
        {
            ["collections.OrderedDict"] = TorchFunction.OrderedDict,
            ["torch.Size"] = TorchFunction.Size,
            ["torch._utils._rebuild_tensor"] = TorchFunction.Tensor,
            ["torch._utils._rebuild_tensor_v2"] = TorchFunction.TensorV2,
            ["torch._utils._rebuild_tensor_v3"] = TorchFunction.TensorV3,
            ["torch._utils._rebuild_parameter"] = TorchFunction.Parameter,
            ["torch._utils._rebuild_parameter_with_state"] = TorchFunction.Parameter,
            ["torch._tensor._rebuild_from_type_v2"] = TorchFunction.TensorWithAttributes,
            ["torch.storage.UntypedStorage"] = new StorageClass(ElementType.UInt8),
            ["torch.UntypedStorage"] = new StorageClass(ElementType.UInt8),
        };

        (string Storage, ElementType Type)[] storages =
        [
            ("Double", ElementType.Float64), ("Float", ElementType.Float32), ("Half", ElementType.Float16),
            ("BFloat16", ElementType.BFloat16), ("Long", ElementType.Int64), ("Int", ElementType.Int32),
            ("Short", ElementType.Int16), ("Char", ElementType.Int8), ("Byte", ElementType.UInt8), ("Bool", ElementType.Bool),
            ("ComplexFloat", ElementType.Complex64), ("ComplexDouble", ElementType.Complex128),
        ];
        foreach ((string storage, ElementType type) in storages)
        {
            names[$"torch.{storage}Storage"] = new StorageClass(type);
            names[$"torch.cuda.{storage}Storage"] = new StorageClass(type);
        }

        ElementType[] types =
        [
            ElementType.Float64, ElementType.Float32, ElementType.Float16, ElementType.BFloat16, ElementType.Int64, ElementType.Int32,
            ElementType.Int16, ElementType.Int8, ElementType.UInt64, ElementType.UInt32, ElementType.UInt16, ElementType.UInt8,
            ElementType.Bool, ElementType.Float8E4M3, ElementType.Float8E5M2, ElementType.Float8E8M0,
            ElementType.Complex64, ElementType.Complex128,
        ];
        foreach (ElementType type in types)
        {
            names[$"torch.{type.Name}"] = type;
        }

        return names;
    }
}
