using Interp.Engine.Common;
using Interp.Engine.LinearAlgebra;
using Interp.Engine.Statistics;

namespace Interp.Engine.Concepts.Discovery;

/// <summary>
/// Whether other images of the class give the same concepts: the images are cut into random halves, each half is factored, and the two
/// sets of directions are matched one to one for the largest sum of cosines. Non-negative directions are never far apart, so the same is
/// done with crops whose channels are shuffled: what cosine chance gives.
/// </summary>
/// <param name="Mean">Mean cosine of matched directions, over all pairs of all splits.</param>
/// <param name="Lowest">The least mean of a split.</param>
/// <param name="Highest">The largest.</param>
/// <param name="Chance">Mean cosine of matched directions of shuffled halves.</param>
/// <param name="ChanceHighest">The largest mean of a split there.</param>
/// <param name="Splits">How many splits.</param>
public sealed record ConceptStability(double Mean, double Lowest, double Highest, double Chance, double ChanceHighest, int Splits)
{
    /// <summary>For each concept of all images the mean cosine with its match in the halves.</summary>
    internal double[] OfEach { get; private init; } = [];

    internal static ConceptStability Of(
        PatchActivations activations, double[] w, DiscoveryOptions options, Action<int, int> progress, CancellationToken cancel)
    {
        int rank = options.Components, images = activations.Count / activations.Boxes.Length;
        var means = new List<double>();
        var chance = new List<double>();
        var each = new double[rank];
        for (int s = 0; s < options.Splits; s++)
        {
            int[] order = Draws.Permutation(images, new Rng(options.Seed, DiscoveryStreams.Halves + (ulong)s));
            double[][] halves = [activations.Of(order[..(images / 2)].Order()), activations.Of(order[(images / 2)..].Order())];
            double[][] found = [.. halves.Select(Factor)];
            means.Add(Match(found[0], found[1], rank).Average());
            for (int h = 0; h < 2; h++)
            {
                double[] cosines = Match(w, found[h], rank);
                each = [.. each.Zip(cosines, (sum, c) => sum + (c / (2 * options.Splits)))];
            }

            double[][] shuffled = [.. halves.Select((a, h) => Factor(RandomDirections.Shuffled(
                a, activations.Channels, new Rng(options.Seed, DiscoveryStreams.Shuffled + (ulong)((2 * s) + h)))))];
            chance.Add(Match(shuffled[0], shuffled[1], rank).Average());
            progress(s + 1, options.Splits);
        }

        return new ConceptStability(means.Average(), means.Min(), means.Max(), chance.Average(), chance.Max(), options.Splits)
        {
            OfEach = each,
        };

        double[] Factor(double[] a) => Array.TrueForAll(a, v => v == 0) ? new double[rank * activations.Channels]
            : NonNegativeFactors.Of(a, activations.Channels, rank, threads: options.Threads, cancel: cancel).W;
    }

    /// <summary>The cosine of each direction with its match.</summary>
    private static double[] Match(double[] a, double[] b, int rank)
    {
        int columns = a.Length / rank;
        var costs = new double[rank * rank];
        for (int i = 0; i < costs.Length; i++)
        {
            costs[i] = -Vectors.Dot(a.AsSpan(i / rank * columns, columns), b.AsSpan(i % rank * columns, columns));
        }

        int[] match = Assignment.Least(costs, rank);
        return [.. match.Select((column, row) => -costs[(row * rank) + column])];
    }
}
