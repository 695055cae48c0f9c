using System.Collections.Immutable;
using Interp.Engine.Common;
using Interp.Weights.Formats;
using Interp.Weights.Graphs.Arrays;

namespace Interp.Weights.Graphs.Evaluation;

/// <summary>Operators that write elements where indices say.</summary>
internal static class IndexOperators
{
    /// <summary>A new axis of size <c>depth</c>: value 1 where the index says, value 0 elsewhere.</summary>
    internal static GraphTensor[] OneHot(ConstantArguments x)
    {
        Block<double> indices = x.Block(0), values = x.Block(2);
        int depth = Sizes.Size(Numbers.Whole(Math.Truncate(x.Number(1))));
        int axis = Sizes.Axis(x.Attributes.Int("axis", -1), indices.Rank + 1);
        if (values.Values.Length != 2)
        {
            throw new ModelException($"{values.Values.Length} values, expected two");
        }

        ImmutableArray<int> shape = ConstantArguments.Checked(indices.Shape.Insert(axis, depth));
        var result = new double[Sizes.Count(shape.AsSpan())];
        Array.Fill(result, values.Values[0]);
        int behind = Math.Max(1, (int)Sizes.Count(indices.Shape.AsSpan()[axis..]));
        for (int k = 0; k < indices.Values.Length; k++)
        {
            double index = Math.Truncate(indices.Values[k]);
            index += index < 0 ? depth : 0;
            if (index >= 0 && index < depth)
            {
                result[(((k / behind * depth) + (int)index) * behind) + (k % behind)] = values.Values[1];
            }
        }

        return ConstantArguments.Chosen(x.Tensor(2).Type, shape, result);
    }

    /// <summary>The indices of all elements that are not zero, one row for each axis.</summary>
    internal static GraphTensor[] NonZero(ConstantArguments x)
    {
        Block<double> block = x.Block(0);
        int count = block.Values.Count(v => v != 0);
        ImmutableArray<int> shape = ConstantArguments.Checked([block.Rank, count]);
        var result = new double[Sizes.Count(shape.AsSpan())];
        var walk = new Odometer(block.Shape);
        for (int i = 0, found = 0; i < block.Values.Length; i++, walk.Next())
        {
            if (block.Values[i] != 0)
            {
                for (int axis = 0; axis < block.Rank; axis++)
                {
                    result[(axis * count) + found] = walk.Index[axis];
                }

                found++;
            }
        }

        return ConstantArguments.Result(ElementType.Int64, shape, result);
    }

    /// <summary>The array, with each update at its own place, but for the axis, along which it lies where its index says.</summary>
    internal static GraphTensor[] ScatterElements(ConstantArguments x)
    {
        Block<double> data = x.Block(0), indices = x.Block(1), updates = x.Block(2);
        int axis = Sizes.Axis(x.Attributes.Int("axis", 0), data.Rank);
        Func<double, double, double> write = Write(x);
        if (!indices.Shape.SequenceEqual(updates.Shape) || indices.Rank != data.Rank
            || indices.Shape.Where((size, k) => k != axis && size > data.Shape[k]).Any())
        {
            throw Misfit(data, indices, updates);
        }

        double[] result = data.Values;
        int[] places = GatherMoves.Places(data.Shape, axis, indices);
        for (int k = 0; k < places.Length; k++)
        {
            result[places[k]] = write(result[places[k]], updates.Values[k]);
        }

        return ConstantArguments.Result(x.Tensor(0).Type, data.Shape, result);
    }

    /// <summary>The array, with slices where the indices along their last axis say.</summary>
    internal static GraphTensor[] ScatterNd(ConstantArguments x)
    {
        Block<double> data = x.Block(0), indices = x.Block(1), updates = x.Block(2);
        Func<double, double, double> write = Write(x);
        if (indices.Rank < 1 || indices.Shape[^1] > data.Rank
            || !updates.Shape.SequenceEqual([.. indices.Shape[..^1], .. data.Shape[indices.Shape[^1]..]]))
        {
            throw Misfit(data, indices, updates);
        }

        double[] result = data.Values;
        int depth = indices.Shape[^1];
        long[] strides = Sizes.Strides(data.Shape.AsSpan());
        int run = (int)Sizes.Count(data.Shape.AsSpan()[depth..]);
        for (int k = 0; run > 0 && k < updates.Values.Length / run; k++)
        {
            long place = 0;
            for (int a = 0; a < depth; a++)
            {
                place += GatherMoves.Index(indices.Values[(k * depth) + a], data.Shape[a]) * strides[a];
            }

            for (int i = 0; i < run; i++)
            {
                result[place + i] = write(result[place + i], updates.Values[(k * run) + i]);
            }
        }

        return ConstantArguments.Result(x.Tensor(0).Type, data.Shape, result);
    }

    private static Func<double, double, double> Write(ConstantArguments x) => x.Attributes.String("reduction", "none") switch
    {
        "none" => (_, update) => update,
        "add" => (old, update) => old + update,
        "mul" => (old, update) => old * update,
        "min" => Math.Min,
        "max" => Math.Max,
        string other => throw new ModelException($"reduction '{Text.OneLine(other)}' is not supported"),
    };

    private static ModelException Misfit(Block<double> data, Block<double> indices, Block<double> updates) =>
        new($"updates of shape {Sizes.Show(updates.Shape.AsSpan())} by indices of shape {Sizes.Show(indices.Shape.AsSpan())} "
            + $"to {Sizes.Show(data.Shape.AsSpan())}");
}
