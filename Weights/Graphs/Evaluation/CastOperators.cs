using System.Collections.Immutable;
using Interp.Engine.Common;
using Interp.Weights.Formats;
using Interp.Weights.Graphs.Arrays;

namespace Interp.Weights.Graphs.Evaluation;

/// <summary>Operators whose result is of another type.</summary>
internal static class CastOperators
{
    /// <summary>The type of one of ONNX's numbers.</summary>
    /// <exception cref="ModelException">It is not supported.</exception>
    internal static ElementType TypeOf(long code) => OnnxTypes.Of(code)
        ?? throw new ModelException($"elements of type number {code} are not supported");

    internal static GraphTensor[] Cast(ConstantArguments x)
    {
        // These mean something for float8 only, which is refused.
        x.Attributes.Ignore("saturate", "round_mode");
        return To(x, TypeOf(x.Attributes.Int("to", 0)));
    }

    internal static GraphTensor[] CastLike(ConstantArguments x)
    {
        x.Attributes.Ignore("saturate", "round_mode");
        return To(x, x.Tensor(1).Type);
    }

    /// <summary><c>(x − zero)·scale</c>, with one scale, one for each slice of an axis, or one for each block of so many slices.</summary>
    internal static GraphTensor[] DequantizeLinear(ConstantArguments x)
    {
        GraphTensor scale = x.Tensor(1);
        long code = x.Attributes.Int("output_dtype", 0), given = x.Attributes.Int("axis", 1), block = x.Attributes.Int("block_size", 0);
        ImmutableArray<int> shape = x.Shape(0);
        int axis = x.Shape(1).IsEmpty || scale.Count == 1 ? -1 : Sizes.Axis(given, shape.Length);
        Operand[] operands = [new(x.Tensor(0), shape), Spread(x, scale, shape, axis, block)];
        ElementFunction function = v => v[0] * v[1];
        if (x.Optional(2) is { } zero)
        {
            operands = [.. operands, Spread(x, zero, shape, axis, block)];
            function = v => (v[0] - v[2]) * v[1];
        }

        return ElementOperators.Make(x, code == 0 ? scale.Type : TypeOf(code), function, operands);
    }

    /// <summary>A scale or zero so shaped that it is repeated along all other axes.</summary>
    private static Operand Spread(ConstantArguments x, GraphTensor tensor, ImmutableArray<int> shape, int axis, long block)
    {
        ImmutableArray<int> own = ConstantArguments.ShapeOf(tensor);
        if (tensor.Count == 1)
        {
            return new Operand(tensor, []);
        }

        if (axis >= 0 && block == 0 && own.Length == 1 && own[0] == shape[axis])
        {
            return new Operand(tensor, [own[0], .. Enumerable.Repeat(1, shape.Length - 1 - axis)]);
        }

        if (axis >= 0 && block >= 1 && own.Length == shape.Length && own[axis] == ((shape[axis] - 1) / block) + 1
            && own.Where((size, k) => k != axis && size != shape[k]).FirstOrDefault(-1) < 0)
        {
            long[] blocks = [.. Enumerable.Range(0, shape[axis]).Select(i => i / block)];
            return new Operand(
                new PlacedTensor(x.Node, tensor.Type, GatherMoves.Along(own, axis, blocks, [shape[axis]]), [tensor], 0), shape);
        }

        throw new ModelException($"a scale or zero of shape {Sizes.Show(own.AsSpan())} for {Sizes.Show(shape.AsSpan())}, axis {axis}, "
            + $"block_size {block}");
    }

    /// <summary>Rounded to the nearest, or, of a whole number, cut off towards zero.</summary>
    private static GraphTensor[] To(ConstantArguments x, ElementType type)
    {
        ElementType from = x.Tensor(0).Type;
        return from == type && from.IsInteger ? [x.Tensor(0)]
            : ElementOperators.Make(x, type, v => Converted(v[0], from, type), [new(x.Tensor(0), x.Shape(0))]);
    }

    private static double Converted(double value, ElementType from, ElementType to) => to == ElementType.Bool ? value
        : to.IsInteger ? Math.Truncate(Numbers.Rounded(from, value))
        : Numbers.Rounded(to, value);
}
