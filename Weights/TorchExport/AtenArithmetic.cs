using System.Collections.Immutable;
using static Interp.Weights.TorchExport.AtenOperator;

namespace Interp.Weights.TorchExport;

/// <summary>Arithmetic element by element, and sums and means along axes.</summary>
internal static class AtenArithmetic
{
    /// <summary>All of them.</summary>
    internal static IEnumerable<AtenOperator> Table =>
    [
        Of("add.Tensor(self, other, alpha=1)", c => Binary(c, "Add")),
        Of("add.Scalar(self, other, alpha=1)", c => Binary(c, "Add")),
        Of("sub.Tensor(self, other, alpha=1)", c => Binary(c, "Sub")),
        Of("sub.Scalar(self, other, alpha=1)", c => Binary(c, "Sub")),
        Of("rsub.Tensor(self, other, alpha=1)", Reversed),
        Of("rsub.Scalar(self, other, alpha=1)", Reversed),
        Of("mul.Tensor(self, other)", c => Binary(c, "Mul")),
        Of("mul.Scalar(self, other)", c => Binary(c, "Mul")),
        Of("div.Tensor(self, other)", Divide),
        Of("div.Scalar(self, other)", Divide),
        Of("pow.Tensor_Scalar(self, exponent)", c => c.Write("Pow", [c.Tensor("self"), c.Operand("exponent")])),
        Of("square.default(self)", c => c.Write("Mul", [c.Tensor("self"), c.Tensor("self")])),
        Of("exp.default(self)", c => Unary(c, "Exp")),
        Of("log.default(self)", c => Unary(c, "Log")),
        Of("sqrt.default(self)", c => Unary(c, "Sqrt")),
        Of("rsqrt.default(self)", c => c.Write("Reciprocal", [c.Writer.Step("Sqrt", [c.Tensor("self")])])),
        Of("reciprocal.default(self)", c => Unary(c, "Reciprocal")),
        Of("neg.default(self)", c => Unary(c, "Neg")),
        Of("abs.default(self)", c => Unary(c, "Abs")),
        Of("erf.default(self)", c => Unary(c, "Erf")),
        Of("clamp.default(self, min=None, max=None)", c => Clip(c, "min", "max")),
        Of("clamp.Tensor(self, min=None, max=None)", c => Clip(c, "min", "max")),
        Of("clamp_min.default(self, min)", c => Clip(c, "min", null)),
        Of("clamp_max.default(self, max)", c => Clip(c, null, "max")),
        Of("minimum.default(self, other)", c => Binary(c, "Min")),
        Of("maximum.default(self, other)", c => Binary(c, "Max")),
        Of("mean.dim(self, dim, keepdim=False, dtype=None)", c => Reduce(c, "ReduceMean")),
        Of("sum.dim_IntList(self, dim, keepdim=False, dtype=None)", c => Reduce(c, "ReduceSum")),
        Of("amax.default(self, dim=[], keepdim=False)", c => Reduce(c, "ReduceMax")),
        Of("amin.default(self, dim=[], keepdim=False)", c => Reduce(c, "ReduceMin")),
        Of("max.dim(self, dim, keepdim=False)", c => Reduce(c, "ReduceMax")),
        Of("min.dim(self, dim, keepdim=False)", c => Reduce(c, "ReduceMin")),
    ];

    private static void Unary(AtenCall call, string @operator) => call.Write(@operator, [call.Tensor("self")]);

    private static void Binary(AtenCall call, string @operator) => call.Write(@operator, [call.Tensor("self"), Other(call)]);

    /// <summary>other − alpha·self.</summary>
    private static void Reversed(AtenCall call) =>
        call.Write("Sub", [call.Operand("other", IsWhole(call)), Scaled(call, call.Tensor("self"))]);

    private static void Divide(AtenCall call)
    {
        // Whole numbers become real ones, as in PyTorch and not in ONNX.
        string self = IsWhole(call) ? call.Writer.Step("Cast", [call.Tensor("self")], ("to", ScalarTypes.Onnx(7))) : call.Tensor("self");
        call.Write("Div", [self, call.Operand("other")]);
    }

    private static string Other(AtenCall call) => Scaled(call, call.Operand("other", IsWhole(call)));

    private static string Scaled(AtenCall call, string value) => !call.Has("alpha") || call.Number("alpha") == 1 ? value
        : call.Writer.Step("Mul", [value, call.Writer.Scalar(call.Number("alpha"), IsWhole(call))]);

    private static bool IsWhole(AtenCall call) => call.Meta("self") is { } meta && ScalarTypes.IsWhole(meta.Type);

    private static void Clip(AtenCall call, string? least, string? most)
    {
        string low = least is null || call.IsNone(least) ? "" : call.Operand(least, IsWhole(call));
        string high = most is null || call.IsNone(most) ? "" : call.Operand(most, IsWhole(call));
        call.Write("Clip", high.Length == 0 ? [call.Tensor("self"), low] : [call.Tensor("self"), low, high]);
    }

    private static void Reduce(AtenCall call, string @operator)
    {
        call.Ignore("dtype");
        call.Write(@operator, [call.Tensor("self"), call.Writer.Wholes(Axes(call).AsSpan())], ("keepdims", Keep(call)));
    }

    private static ImmutableArray<long> Axes(AtenCall call)
    {
        call.Require(!call.IsNone("dim") && !call.Wholes("dim").IsEmpty, "dim", "axes, for the images are not to be mixed");
        return call.Wholes("dim");
    }

    private static long Keep(AtenCall call) => call.Flag("keepdim") ? 1L : 0L;
}
