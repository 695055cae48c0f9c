using System.Collections.Immutable;
using Interp.Engine.Common;
using Interp.Weights.Graphs.Arrays;

namespace Interp.Weights.Graphs.Evaluation;

/// <summary>Einstein's summation over axes that letters name: those that the result does not have are summed over.</summary>
internal static class EinsumOperator
{
    internal static GraphTensor[] Einsum(ConstantArguments x)
    {
        string equation = x.Attributes.String("equation", "").Replace(" ", "", StringComparison.Ordinal);
        string[] sides = equation.Split("->");
        string[] terms = sides[0].Split(',');
        if (sides.Length > 2 || terms.Length != x.Inputs || !sides.All(s => s.All(c => char.IsAsciiLetter(c) || c == ',')))
        {
            throw new ModelException($"equation '{Text.OneLine(equation)}' for {x.Inputs} inputs is not supported");
        }

        // Without a right side: the letters that occur once, in their order.
        string all = string.Concat(terms);
        string result = sides.Length == 2 ? sides[1] : string.Concat(all.Where(c => all.Count(d => d == c) == 1).Order());
        if (result.Distinct().Count() < result.Length || result.Any(c => !all.Contains(c, StringComparison.Ordinal)))
        {
            throw new ModelException($"equation '{Text.OneLine(equation)}' has no such result");
        }

        string letters = result + string.Concat(all.Distinct().Where(c => !result.Contains(c, StringComparison.Ordinal)));
        int[] sizes = SizesOf(x, terms, letters);
        ImmutableArray<int> shape = ConstantArguments.Checked([.. sizes[..result.Length]]);
        ProductOperators.RequireWork([.. sizes.Select(s => (long)s), terms.Length]);
        double[][] values = [.. Enumerable.Range(0, terms.Length).Select(k => x.Tensor(k).Read())];
        long[][] strides = [.. terms.Select((term, k) => Strides(term, letters, x.Shape(k)))];
        var sums = new double[Sizes.Count(shape.AsSpan())];
        long perSum = Sizes.Count(sizes.AsSpan(result.Length));
        var walk = new Odometer([.. sizes]);
        for (int to = 0; to < sums.Length; to++)
        {
            for (long i = 0; i < perSum; i++, walk.Next())
            {
                double product = 1;
                for (int k = 0; k < values.Length; k++)
                {
                    long from = 0;
                    for (int axis = 0; axis < sizes.Length; axis++)
                    {
                        from += walk.Index[axis] * strides[k][axis];
                    }

                    product *= values[k][from];
                }

                sums[to] += product;
            }
        }

        return ConstantArguments.Result(x.Tensor(0).Type, shape, sums);
    }

    private static int[] SizesOf(ConstantArguments x, string[] terms, string letters)
    {
        var sizes = new int[letters.Length];
        Array.Fill(sizes, -1);
        for (int k = 0; k < terms.Length; k++)
        {
            ImmutableArray<int> shape = x.Shape(k);
            for (int axis = 0; axis < Math.Max(terms[k].Length, shape.Length); axis++)
            {
                int letter = axis < terms[k].Length ? letters.IndexOf(terms[k][axis], StringComparison.Ordinal) : -1;
                if (terms[k].Length != shape.Length || (sizes[letter] >= 0 && sizes[letter] != shape[axis]))
                {
                    throw new ModelException($"term '{terms[k]}' for {Sizes.Show(shape.AsSpan())}");
                }

                sizes[letter] = shape[axis];
            }
        }

        return sizes;
    }

    /// <summary>Stride of each letter in a term: 0 where it does not occur, a sum where it occurs twice.</summary>
    private static long[] Strides(string term, string letters, ImmutableArray<int> shape)
    {
        long[] own = Sizes.Strides(shape.AsSpan());
        return [.. letters.Select(letter => term.Select((c, axis) => c == letter ? own[axis] : 0).Sum())];
    }
}
