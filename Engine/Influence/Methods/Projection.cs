using Interp.Engine.Common;
using Interp.Engine.LinearAlgebra;

namespace Interp.Engine.Influence.Methods;

/// <summary>Random projections of outer products h sᵀ: number j is (a_jᵀ h)(b_jᵀ s) with signs a_j ∈ ±1^(d+1) and b_j ∈ ±1^classes, so that
/// the products of two projections are on average those of the outer products, times the number of projections.</summary>
/// <param name="Count">How many.</param>
/// <param name="Features">The a_j as columns, <c>[d+1,count]</c>.</param>
/// <param name="Classes">The b_j as columns, <c>[classes,count]</c>.</param>
/// <param name="Parallel">Threads.</param>
internal sealed record Projection(int Count, double[] Features, double[] Classes, ParallelOptions Parallel)
{
    /// <summary>The signs of one head: those of the features are the first bits of its sequence, those of the classes the next.</summary>
    internal static Projection Of(InfluenceProblem problem, int count, int head)
    {
        var rng = new Rng(problem.Options.Seed, InfluenceStreams.Projections + (ulong)head);
        int features = problem.Objective.Inputs * count;
        return new Projection(
            count, Signs(rng, 0, features), Signs(rng, features, problem.Train.Classes * count), ThreadLimit.Of(problem.Options.Threads));
    }

    /// <summary>The projections of an outer product.</summary>
    internal double[] Of(double[] h, double[] s) => Apply(Product(h, Features), s);

    /// <summary>Those of many.</summary>
    /// <param name="left">a_jᵀ h, <c>[n,count]</c>, overwritten.</param>
    /// <param name="s"><c>[n,classes]</c>.</param>
    internal double[] Apply(double[] left, double[] s)
    {
        double[] right = Product(s, Classes);
        for (int i = 0; i < left.Length; i++)
        {
            left[i] *= right[i];
        }

        return left;
    }

    private double[] Product(double[] rows, double[] signs)
    {
        int inner = signs.Length / Count;
        var product = new double[(long)rows.Length / inner * Count];
        DenseProduct.Multiply(rows, signs, product, inner, Count, Parallel);
        return product;
    }

    /// <summary>Bit b of the sequence is bit b mod 32 of the first word of block b / 32.</summary>
    private static double[] Signs(Rng rng, int firstBit, int count)
    {
        var signs = new double[count];
        uint word = 0;
        for (int i = 0; i < count; i++)
        {
            int bit = firstBit + i;
            word = i == 0 || bit % 32 == 0 ? rng.Block((ulong)(bit / 32)).A : word;
            signs[i] = (word >> (bit % 32) & 1) == 0 ? -1 : 1;
        }

        return signs;
    }
}
