using System.Collections.Frozen;
using Interp.Weights.Formats.Pickle;

namespace Interp.Weights.Formats.PyTorch;

/// <summary>
/// Names of classes and functions that checkpoints hold beside their weights: settings, numbers of NumPy, paths, dates, the state of
/// optimizers. A file that names one is read, the object becomes a placeholder and its contents are dropped. Every other name is refused,
/// so that a file made to run something is said to be one, though nothing would be run in any case.
/// </summary>
internal static class HarmlessGlobals
{
    private static readonly FrozenDictionary<string, InertClass> Names = new[]
    {
        "numpy.core.multiarray.scalar", "numpy._core.multiarray.scalar", "numpy.core.multiarray._reconstruct",
        "numpy._core.multiarray._reconstruct", "numpy.core.numeric._frombuffer", "numpy._core.numeric._frombuffer", "numpy.ndarray",
        "numpy.dtype", "numpy.bool_", "numpy.int8", "numpy.int16", "numpy.int32", "numpy.int64", "numpy.uint8", "numpy.uint16",
        "numpy.uint32", "numpy.uint64", "numpy.float16", "numpy.float32", "numpy.float64", "_codecs.encode", "copyreg._reconstructor",
        "copy_reg._reconstructor", "collections.Counter", "collections.defaultdict", "collections.deque", "types.SimpleNamespace",
        "uuid.UUID", "decimal.Decimal", "fractions.Fraction", "torch.device", "torch.Tensor", "torch.nn.parameter.Parameter",
        "torch.torch_version.TorchVersion", "yacs.config.CfgNode", "fvcore.common.config.CfgNode", "detectron2.config.config.CfgNode",
        "easydict.EasyDict", "addict.addict.Dict",
    }.Concat(Builtins()).ToFrozenDictionary(n => n, n => new InertClass(n), StringComparer.Ordinal);

    /// <summary>Modules of which every name is harmless.</summary>
    private static readonly (string Start, InertClass Class)[] Families =
    [
        .. new[]
        {
            "argparse", "datetime", "pathlib", "typing", "numpy.dtypes", "torch.optim", "torch.amp", "torch.cuda.amp",
            "torch.nn.modules.loss", "omegaconf", "ml_collections", "pytorch_lightning", "lightning", "lightning_fabric", "torchmetrics",
            "mmcv.utils.config", "mmengine",
        }.Select(m => (m + ".", new InertClass(m))),
    ];

    /// <summary>The placeholder of a name, or null if it is not known to be harmless.</summary>
    public static InertClass? Find(string name) => Names.GetValueOrDefault(name)
        ?? Families.FirstOrDefault(f => name.StartsWith(f.Start, StringComparison.Ordinal)).Class;

    private static IEnumerable<string> Builtins()
    {
        string[] types =
            ["set", "frozenset", "slice", "complex", "bytearray", "range", "object", "list", "dict", "tuple", "int", "float", "str", "bool",
                "bytes"];
        return types.SelectMany(t => new[] { $"builtins.{t}", $"__builtin__.{t}" });
    }
}
