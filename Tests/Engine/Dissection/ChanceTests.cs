using Interp.Engine.Attribution;
using Interp.Engine.Common;
using Interp.Engine.Cpu;
using Interp.Engine.Dissection;
using Interp.Engine.Graph;
using Interp.Engine.LabelSets;
using Interp.Engine.LabelSets.Patterns;
using Interp.Engine.Statistics;
using Interp.Tests.Support;

namespace Interp.Tests.Engine.Dissection;

/// <summary>What is called significant where there is nothing to find: labels that have been exchanged among the images.</summary>
[TestClass]
public sealed class ChanceTests
{
    private const int Shuffles = 80, Permuted = 39;

    /// <summary>With shuffled labels p-values are uniform, and units above the threshold are as many as were expected by chance.</summary>
    [TestMethod]
    public void Chance_OfShuffledLabels_GivesUniformPValues()
    {
        Network net = TinyNets.Vgg(size: 32);
        var patterns = new PatternSet(32, 32, seed: 5, count: 40);
        var options = new DissectionOptions { Quantile = 0.02, LabelSize = 16, Permutations = Permuted, Threads = 2, Examples = 0 };
        using var backend = new CpuBackend(new CpuOptions { Threads = 2 });
        using var explainer = new Explainer(net, backend, new ExplainerOptions { Backward = false });
        LabelledImage[] images = [.. Enumerable.Range(0, patterns.Count).Select(i => patterns.Read(i))];
        var p = new List<double>();
        (double found, double expected, int significant, int units) = (0, 0, 0, 0);
        for (int s = 0; s < Shuffles; s++)
        {
            int[] order = Draws.Permutation(patterns.Count, new Rng(77, (ulong)s));
            Interp.Engine.Dissection.Dissection d = Dissector.Run(
                explainer,
                [net.Find("relu2_1")],
                ListedLabels.Of(patterns.Concepts, images, i => order[i]),
                options with { Seed = (ulong)s })[0];
            UnitDissection unit = d.Units[s % d.Units.Length];
            if (unit.Concept >= 0)
            {
                p.Add(unit.P - (new Rng(78).Uniform((ulong)s) / (Permuted + 1))); // spread over its step
            }

            found += d.Counts.Detectors;
            expected += d.Counts.ExpectedByChance;
            significant += d.Counts.Significant;
            units += d.Units.Length;
        }

        (double distance, double uniform) = KolmogorovSmirnov.Uniform(p);
        Console.WriteLine($"{p.Count} units: D {distance:0.000}, p {uniform:0.000}; detectors {found / Shuffles:0.0}, expected "
            + $"{expected / Shuffles:0.0}; significant {significant} of {units}");
        Assert.IsGreaterThan(Shuffles * 3 / 4, p.Count);
        Assert.IsGreaterThan(0.01, uniform, $"D = {distance}");
        Assert.AreEqual(1.0, found / expected, 0.15, "detectors with shuffled labels are as many as chance gives");
        Assert.IsLessThan(0.02 * units, significant, "next to nothing is significant");
    }

    [TestMethod]
    public void Rolled_OfAnyPlane_MovesEveryPlaceRoundTheEdges()
    {
        var rng = new Rng(9);
        foreach ((int height, int width) in new[] { (1, 1), (3, 5), (8, 8), (9, 64), (7, 100), (112, 112), (5, 130) })
        {
            var words = new ulong[PlaneBits.WordsOf(height * width)];
            for (int i = 0; i < height * width; i++)
            {
                words[i >> 6] |= rng.Uniform((ulong)i) < 0.2 ? 1UL << (i & 63) : 0;
            }

            PlaneBits bits = PlaneBits.Of(words);
            foreach ((int down, int right) in new[] { (0, 0), (height / 2, width / 3), (height - 1, width - 1), (0, width - 1) })
            {
                PlaneBits rolled = bits.Rolled(height, width, down, right, new ulong[words.Length]);
                Assert.AreEqual(bits.Count, rolled.Count);
                for (int i = 0; i < height * width; i++)
                {
                    int to = ((((i / width) + down) % height) * width) + (((i % width) + right) % width);
                    Assert.AreEqual(bits.Has(i), rolled.Has(to), $"{height}x{width} by {down},{right}: place {i}");
                }
            }
        }
    }
}
