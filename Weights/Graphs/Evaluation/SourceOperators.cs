using System.Collections.Immutable;
using Interp.Engine.Common;
using Interp.Weights.Formats;
using Interp.Weights.Graphs.Arrays;

namespace Interp.Weights.Graphs.Evaluation;

/// <summary>Constants that are made of nothing, or of the shape of something.</summary>
internal static class SourceOperators
{
    internal static GraphTensor[] Constant(ConstantArguments x)
    {
        OperatorAttributes a = x.Attributes;
        return a.Tensor("value") is { } value ? [value]
            : a.Has("value_float") ? ConstantArguments.Result(ElementType.Float32, [], [a.Float("value_float", 0)])
            : a.Has("value_int") ? [new HeldTensor(ElementType.Int64, [], [a.Int("value_int", 0)])]
            : a.Floats("value_floats") is { } floats ? ConstantArguments.Result(ElementType.Float32, [floats.Length], [.. floats])
            : a.Ints("value_ints") is { } ints ? [new HeldTensor(ElementType.Int64, [ints.Length], [.. ints.Select(i => (double)i)])]
            : throw new ModelException("a constant that is no array of numbers");
    }

    internal static GraphTensor[] ConstantOfShape(ConstantArguments x)
    {
        ImmutableArray<int> shape = ConstantArguments.Checked([.. x.Tensor(0).Read().Select(n => Sizes.Size(Numbers.Whole(n)))]);
        GraphTensor value = x.Attributes.Tensor("value") ?? new HeldTensor(ElementType.Float32, [1], [0]);
        return value.Count != 1 ? throw new ModelException($"a value of {value.Count} elements, expected one")
            : [new PlacedTensor(x.Node, value.Type, new StridedPlacement(shape, 0, new long[shape.Length]), [value], 0)];
    }

    /// <summary><c>start + i·delta</c>, for as long as it is before <c>limit</c>.</summary>
    internal static GraphTensor[] Range(ConstantArguments x)
    {
        double start = x.Number(0), limit = x.Number(1), delta = x.Number(2);
        double count = Math.Max(0, Math.Ceiling((limit - start) / delta));
        return delta == 0 || !(count <= GraphConstants.MaxElements)
            ? throw new ModelException($"the range from {start} to {limit} in steps of {delta} is too large")
            : ConstantArguments.Result(
                x.Tensor(0).Type, [(int)count], [.. Enumerable.Range(0, (int)count).Select(i => start + (i * delta))]);
    }

    internal static GraphTensor[] EyeLike(ConstantArguments x)
    {
        ImmutableArray<int> shape = ConstantArguments.Checked(x.AnyShape(0)!.Value);
        long k = Math.Clamp(x.Attributes.Int("k", 0), -int.MaxValue, int.MaxValue);
        ElementType type = x.Attributes.Has("dtype") ? CastOperators.TypeOf(x.Attributes.Int("dtype", 0))
            : x.Optional(0)?.Type ?? throw new ModelException("attribute 'dtype' is missing");
        if (shape.Length != 2)
        {
            throw new ModelException($"an array of shape {Sizes.Show(shape.AsSpan())}, expected a matrix");
        }

        var values = new double[Sizes.Count(shape.AsSpan())];
        for (long row = 0; row < shape[0]; row++)
        {
            if (row + k >= 0 && row + k < shape[1])
            {
                values[(row * shape[1]) + row + k] = 1;
            }
        }

        return ConstantArguments.Result(type, shape, values);
    }

    /// <summary>The sizes from axis <c>start</c> to before axis <c>end</c>; what lies outside is cut off.</summary>
    internal static GraphTensor[] Shape(ConstantArguments x)
    {
        ImmutableArray<int> shape = x.AnyShape(0)!.Value;
        int start = Within(x.Attributes.Int("start", 0)), end = Within(x.Attributes.Int("end", shape.Length));
        double[] sizes = [.. shape.Skip(start).Take(end - start).Select(s => (double)s)];
        return ConstantArguments.Result(ElementType.Int64, [sizes.Length], sizes);

        int Within(long axis) => (int)Math.Clamp(axis < 0 ? axis + shape.Length : axis, 0, shape.Length);
    }

    internal static GraphTensor[] Size(ConstantArguments x) =>
        ConstantArguments.Result(ElementType.Int64, [], [Sizes.Count(x.AnyShape(0)!.Value.AsSpan())]);
}
