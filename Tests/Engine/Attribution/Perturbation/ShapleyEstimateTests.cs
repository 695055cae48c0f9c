using Interp.Engine.Attribution.Perturbation;
using Interp.Engine.Common;

namespace Interp.Tests.Engine.Attribution.Perturbation;

/// <summary>Estimates of Shapley values on games whose values are known.</summary>
[TestClass]
public sealed class ShapleyEstimateTests
{
    private const int Players = 8;

    [TestMethod]
    public void OrderAndItsReverse_OfAGameOfPairs_AreExact()
    {
        Func<bool[], double> game = z => Enumerable.Range(0, Players).Where(i => z[i]).Sum(i =>
            i - Enumerable.Range(0, i).Where(j => z[j]).Sum(j => Math.Sin(i + (3 * j))));

        (double[] values, _) = ShapleySampling.Average(Play(game, ShapleySampling.Orders(Players, 2, 5), Players - 1));

        AreNear(Exact(game), values, 1e-12, "what a pair adds is shared out half and half by an order and its reverse");
    }

    [TestMethod]
    [DataRow(0.001)]
    [DataRow(2.0)]
    [DataRow(6.0)]
    public void FittedGame_ValuesAndFit_AreWhatTheyAreByDefinition(double bend)
    {
        sbyte[][] points = [.. KernelShap.Coalitions(Players, 20, 3).Where((_, i) => i % 2 == 0).Select(Signs)];
        double[] differences = [.. points.Select((_, j) => Math.Cos(3 * j))];

        FittedGame fitted = FittedGame.Of(points, differences, 1.5, bend);

        // f stands for v(x) − v(−x), so v may be half of it.
        double[] values = fitted.Values();
        AreNear(Exact(z => fitted.At(Signs(z)) / 2), values, 1e-9 * Math.Max(1, values.Max(Math.Abs)), "sums over all coalitions");
        double whole = fitted.At([.. Enumerable.Repeat((sbyte)1, Players)]);
        Assert.AreEqual(whole, values.Sum(), 1e-7,
            "what all have together is shared out; of an additive game 1e7-fold weights cancel, behind a noise of 1e-8");
        if (bend > 1)
        {
            Assert.AreEqual(1.5, whole, 1e-4, "the whole against nothing is known, its noise being 1e-8");
        }

        Assert.AreEqual(-fitted.At(points[0]), fitted.At([.. points[0].Select(p => (sbyte)-p)]), 1e-12, "odd");
    }

    [TestMethod]
    public void Adjusted_OfAGameWithInteractions_HasNoBias()
    {
        Func<bool[], double> game = z =>
            (10 / (1 + Math.Exp(3 - Enumerable.Range(0, Players).Sum(i => z[i] ? (i - 2) / 2.0 : 0)))) + (z[0] && z[7] ? 2 : 0);
        double[] exact = Exact(game);
        const int Runs = 150;
        var adjusted = new double[Runs][];
        for (int run = 0; run < Runs; run++)
        {
            Game played = Play(game, KernelShap.Coalitions(Players, 40, (ulong)run), 2);
            AdjustedShapley found = AdjustedShapley.Of(played)!;
            adjusted[run] = found.Values;
            Assert.AreEqual(0, played.EfficiencyError(found.Values), 1e-9, "the sum is exact");
            Assert.IsTrue(found.Explained <= 1 && found.Errors.All(e => e >= 0), "R² and standard errors");
        }

        for (int k = 0; k < Players; k++)
        {
            double mean = adjusted.Average(a => a[k]), deviation = Math.Sqrt(adjusted.Average(a => (a[k] - mean) * (a[k] - mean)) / Runs);
            Assert.AreEqual(exact[k], mean, 4 * deviation, $"player {k}: four standard errors of {Runs} runs");
        }
    }

    [TestMethod]
    public void Adjusted_OfAnAdditiveGame_IsExact()
    {
        Func<bool[], double> game = z => 4 + Enumerable.Range(0, Players).Sum(i => z[i] ? i - 3.5 : 0);
        AdjustedShapley found = AdjustedShapley.Of(Play(game, KernelShap.Coalitions(Players, 40, 1), 2))!;
        AreNear([.. Enumerable.Range(0, Players).Select(i => i - 3.5)], found.Values, 1e-4, "the additive game among the fitted ones");
    }

    private static Game Play(Func<bool[], double> game, bool[][] coalitions, int together) => new(
        Players, together, coalitions, [.. coalitions.Select(game)], game([.. Enumerable.Repeat(true, Players)]), game(new bool[Players]));

    private static sbyte[] Signs(bool[] z) => [.. z.Select(stays => (sbyte)(stays ? 1 : -1))];

    /// <summary>φ_k = Σ over coalitions z without k of |z|! (M − 1 − |z|)! / M! · (v(z ∪ k) − v(z)).</summary>
    private static double[] Exact(Func<bool[], double> game)
    {
        double[] v = [.. Enumerable.Range(0, 1 << Players).Select(bits =>
            game([.. Enumerable.Range(0, Players).Select(k => (bits >> k & 1) == 1)]))];
        double Factorial(int n) => Enumerable.Range(1, n).Aggregate(1.0, (p, i) => p * i);
        return
        [
            .. Enumerable.Range(0, Players).Select(k => Enumerable.Range(0, v.Length).Where(z => (z >> k & 1) == 0).Sum(z =>
                Factorial(int.PopCount(z)) * Factorial(Players - 1 - int.PopCount(z)) / Factorial(Players) * (v[z | 1 << k] - v[z]))),
        ];
    }

    private static void AreNear(double[] expected, double[] found, double tolerance, string why)
    {
        for (int k = 0; k < expected.Length; k++)
        {
            Assert.AreEqual(expected[k], found[k], tolerance, why);
        }
    }
}
