using System.Collections.Immutable;
using Interp.Engine.Common;
using Interp.Weights.Graphs.Arrays;

namespace Interp.Weights.Graphs.Evaluation;

/// <summary>Products of matrices, summed in the order of the elements.</summary>
internal static class ProductOperators
{
    /// <summary>The most multiplications of one operator: 2^33, some seconds.</summary>
    internal const long MaxWork = 1L << 33;

    /// <summary>Products of the matrices along the last two axes; all others are repeated to each other's sizes. An array of one axis is
    /// a row on the left, a column on the right.</summary>
    internal static GraphTensor[] MatMul(ConstantArguments x)
    {
        ImmutableArray<int> left = x.Shape(0), right = x.Shape(1);
        bool row = left.Length == 1, column = right.Length == 1;
        if (left.IsEmpty || right.IsEmpty)
        {
            throw new ModelException("a product with a single number");
        }

        left = row ? [1, .. left] : left;
        right = column ? [.. right, 1] : right;
        int m = left[^2], k = left[^1], n = right[^1];
        if (k != right[^2])
        {
            throw new ModelException($"matrices of {m}x{k} and {right[^2]}x{n}");
        }

        ImmutableArray<int> batch = Sizes.Broadcast(left[..^2], right[..^2]);
        ImmutableArray<int> shape = [.. batch, .. row ? [] : new[] { m }, .. column ? [] : new[] { n }];
        ConstantArguments.Checked(shape);
        RequireWork(Sizes.Count(batch.AsSpan()), m, k, n);
        int[] a = Matrices(left, batch), b = Matrices(right, batch);
        double[] one = x.Tensor(0).Read(), other = x.Tensor(1).Read();
        var result = new double[Sizes.Count(shape.AsSpan())];
        for (int i = 0; i < a.Length && result.Length > 0; i++)
        {
            Multiply(one.AsSpan(a[i] * m * k, m * k), other.AsSpan(b[i] * k * n, k * n), result.AsSpan(i * m * n, m * n), k, n);
        }

        return ConstantArguments.Result(x.Tensor(0).Type, shape, result);
    }

    /// <summary><c>alpha·A·B + beta·C</c>, with A or B transposed.</summary>
    internal static GraphTensor[] Gemm(ConstantArguments x)
    {
        double alpha = x.Attributes.Float("alpha", 1), beta = x.Attributes.Float("beta", 1);
        Block<double> a = Matrix(x, 0, x.Attributes.Int("transA", 0) != 0), b = Matrix(x, 1, x.Attributes.Int("transB", 0) != 0);
        if (a.Shape[1] != b.Shape[0])
        {
            throw new ModelException($"matrices of {a.Shape[0]}x{a.Shape[1]} and {b.Shape[0]}x{b.Shape[1]}");
        }

        ImmutableArray<int> shape = ConstantArguments.Checked([a.Shape[0], b.Shape[1]]);
        RequireWork(1, shape[0], a.Shape[1], shape[1]);
        var result = new double[Sizes.Count(shape.AsSpan())];
        Multiply(a.Values, b.Values, result, a.Shape[1], shape[1]);
        double[]? c = null;
        if (x.Optional(2) is { } added)
        {
            c = Sizes.Broadcast(x.Shape(2), shape).SequenceEqual(shape)
                ? StridedPlacement.Broadcast(x.Shape(2), shape).Apply<double>([added.Read()], 0)
                : throw new ModelException($"an addend of shape {Sizes.Show(x.Shape(2).AsSpan())} to {Sizes.Show(shape.AsSpan())}");
        }

        for (int i = 0; i < result.Length; i++)
        {
            result[i] = (alpha * result[i]) + (c is null ? 0 : beta * c[i]);
        }

        return ConstantArguments.Result(x.Tensor(0).Type, shape, result);
    }

    /// <summary>An operator takes no more than some seconds.</summary>
    /// <exception cref="ModelException">It would.</exception>
    internal static void RequireWork(params ReadOnlySpan<long> sizes)
    {
        double work = 1;
        foreach (long size in sizes)
        {
            work *= size;
        }

        if (work > MaxWork)
        {
            throw new ModelException($"a product of {work} multiplications, expected at most {MaxWork}");
        }
    }

    /// <summary>For each matrix of the result that of the operand.</summary>
    private static int[] Matrices(ImmutableArray<int> shape, ImmutableArray<int> batch)
    {
        int count = (int)Sizes.Count(shape.AsSpan()[..^2]);
        return StridedPlacement.Broadcast(shape[..^2], batch).Apply<int>([[.. Enumerable.Range(0, count)]], 0);
    }

    private static Block<double> Matrix(ConstantArguments x, int input, bool transposed)
    {
        Block<double> block = x.Block(input);
        return block.Rank != 2
            ? throw new ModelException($"input {input} is of shape {Sizes.Show(block.Shape.AsSpan())}, expected a matrix")
            : !transposed ? block
            : new Block<double>([block.Shape[1], block.Shape[0]], new StridedPlacement(
                [block.Shape[1], block.Shape[0]], 0, [1, block.Shape[1]]).Apply<double>([block.Values], 0));
    }

    private static void Multiply(ReadOnlySpan<double> a, ReadOnlySpan<double> b, Span<double> result, int k, int n)
    {
        for (int row = 0; row * n < result.Length; row++)
        {
            Span<double> into = result.Slice(row * n, n);
            for (int i = 0; i < k; i++)
            {
                double factor = a[(row * k) + i];
                ReadOnlySpan<double> from = b.Slice(i * n, n);
                for (int column = 0; column < n; column++)
                {
                    into[column] += factor * from[column];
                }
            }
        }
    }
}
