using System.Collections.Immutable;
using Interp.Engine.Common;
using static Interp.Weights.TorchExport.AtenOperator;

namespace Interp.Weights.TorchExport;

/// <summary>Sizes that are not known before the network runs, arithmetic with them, and what is only checked.</summary>
internal static class AtenSizes
{
    /// <summary>All of them.</summary>
    internal static IEnumerable<AtenOperator> Table =>
    [
        Of("sym_size.int(self, dim)", c => c.Write("Gather", [c.Writer.Step("Shape", [c.Tensor("self")]),
            c.Writer.Scalar(c.Whole("dim"), isWhole: true)], ("axis", 0L))),
        Of("_operator.add(a, b)", c => Binary(c, "Add")),
        Of("_operator.sub(a, b)", c => Binary(c, "Sub")),
        Of("_operator.mul(a, b)", c => Binary(c, "Mul")),
        Of("_operator.mod(a, b)", c => Binary(c, "Mod")),
        Of("_operator.floordiv(a, b)", FloorDivide),
        Of("_operator.neg(a)", c => c.Write("Neg", [c.Operand("a", isWhole: true)])),
        Of("_operator.eq(a, b)", c => Binary(c, "Equal")),
        Of("_operator.ge(a, b)", c => Binary(c, "GreaterOrEqual")),
        Of("_operator.gt(a, b)", c => Binary(c, "Greater")),
        Of("_operator.le(a, b)", c => Binary(c, "LessOrEqual")),
        Of("_operator.lt(a, b)", c => Binary(c, "Less")),
        Of("_assert_scalar.default(self, assert_msg)", c => c.Ignore("self", "assert_msg")),
        Of("_assert_tensor_metadata.default(a, size=None, stride=None, dtype=None, device=None, layout=None)",
            c => c.Ignore("a", "size", "stride", "dtype", "device", "layout")),
        Of("sym_constrain_range.default(size, min=None, max=None)", c => c.Ignore("size", "min", "max")),
        Of("sym_constrain_range_for_size.default(size, min=None, max=None)", c => c.Ignore("size", "min", "max")),
    ];

    /// <summary>A row of sizes, of numbers and of values that hold one.</summary>
    /// <param name="writer">Where it is written.</param>
    /// <param name="sizes">The sizes.</param>
    /// <param name="isReshape">Whether 0 would mean another size than none.</param>
    /// <exception cref="ModelException">A size is none.</exception>
    internal static string Row(GraphWriter writer, ImmutableArray<object> sizes, bool isReshape = false)
    {
        if (isReshape && sizes.Any(s => s is 0L))
        {
            throw new ModelException("makes a tensor without elements");
        }

        if (sizes.All(s => s is long))
        {
            return writer.Wholes([.. sizes.Cast<long>()]);
        }

        string[] parts = [.. sizes.Select(s => s switch
        {
            long number => writer.Wholes(number),
            string name => writer.Step("Unsqueeze", [writer.Read(name), writer.Wholes(0)]),
            _ => throw new ModelException("has a size that is neither a whole number nor a value"),
        })];
        return parts is [var one] ? one : writer.Step("Concat", [.. parts], ("axis", 0L));
    }

    private static void Binary(AtenCall call, string @operator) =>
        call.Write(@operator, [call.Operand("a", isWhole: true), call.Operand("b", isWhole: true)]);

    /// <summary>Python rounds down, ONNX's whole numbers are rounded to zero.</summary>
    private static void FloorDivide(AtenCall call)
    {
        const int Float64 = 8;
        string Real(string name) => call.Writer.Step("Cast", [call.Operand(name, isWhole: true)], ("to", ScalarTypes.Onnx(Float64)));
        string quotient = call.Writer.Step("Floor", [call.Writer.Step("Div", [Real("a"), Real("b")])]);
        call.Write("Cast", [quotient], ("to", ScalarTypes.Onnx(5)));
    }
}
