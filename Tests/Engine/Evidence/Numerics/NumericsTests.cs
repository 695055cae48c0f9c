using Interp.Engine.Common;
using Interp.Engine.Evidence.Metrics;
using Interp.Engine.Evidence.Numerics;
using System.Text.Json;

namespace Interp.Tests.Engine.Evidence.Numerics;

/// <summary>Against scripts/goldens/evidence.py: float64 from the definitions, by other formulas where there are any.</summary>
[TestClass]
public sealed class NumericsTests
{
    private static readonly Lazy<Golden> Maps = new(() => JsonSerializer.Deserialize<Golden>(
        File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Fixtures", "evidence", "maps.json")), JsonSerializerOptions.Web)!);

    [TestMethod]
    public void Spearman_WithTies_IsTheGolden() =>
        Assert.AreEqual(Maps.Value.Spearman, MapSimilarity.Spearman(Maps.Value.A, Maps.Value.B), 1e-12, "exact ranks, float64 sums of 208");

    [TestMethod]
    public void Ssim_IsTheGolden() =>
        Assert.AreEqual(Maps.Value.Ssim, MapSimilarity.Ssim(Maps.Value.A, Maps.Value.B, (Maps.Value.Height, Maps.Value.Width)), 1e-4,
            "windows are blurred in float32: variances within 1e-7, next to C2 = 9e-4");

    [TestMethod]
    public void Gini_IsTheMeanDifferenceOfPairs() =>
        Assert.AreEqual(Maps.Value.Gini, Sparseness.Gini(Maps.Value.B), 1e-12, "float64 sums of 208");

    [TestMethod]
    public void Spearman_ByHand_IsTheTextbooks()
    {
        // Ranks 1 2½ 2½ 4 and 4 1 3 2: Σ d² over (n³ − n)/6 does not hold with ties; by definition −3 / √(4.5·5).
        Assert.AreEqual(-3 / Math.Sqrt(4.5 * 5), MapSimilarity.Spearman([1, -2, 2, 4], [9, 0, 5, 3]), 1e-15);
        Assert.AreEqual(1, MapSimilarity.Spearman([1, 2, 3], [10, -20, 300]), 1e-15);
        Assert.IsTrue(double.IsNaN(MapSimilarity.Spearman([1, 1, 1], [1, 2, 3])));
    }

    [TestMethod]
    [DataRow(new float[] { 0, 0, 0, -1 }, 0.75)]
    [DataRow(new float[] { 2, -2, 2, 2 }, 0.0)]
    [DataRow(new float[] { 1, 2, 3, 4 }, 0.25)]
    public void Gini_ByHand_IsTheTextbooks(float[] map, double expected) => Assert.AreEqual(expected, Sparseness.Gini(map), 1e-15);

    [TestMethod]
    public void Gini_OfAnEmptyMap_IsNotDefined() => Assert.IsTrue(double.IsNaN(Sparseness.Gini(new float[4])));

    [TestMethod]
    public void Imputation_IsTheDenseSolutionAndNoise()
    {
        Golden golden = Maps.Value;
        var noise = new Rng(4);

        float[] imputed = NoisyLinearImputation.Apply(golden.Image, (9, 7), golden.Missing, noise);

        for (int i = 0; i < imputed.Length; i++)
        {
            double added = golden.Missing.Contains(i % 63) ? 0.01 * noise.Gaussian((ulong)i) : 0;
            Assert.AreEqual(golden.Imputed[i] + added, imputed[i], 5e-5,
                $"value {i}: a residual of 1e-6 of a right-hand side of norm 3, times the inverse's norm of about 10");
        }
    }

    [TestMethod]
    public void Imputation_OfASlope_GoesOnWithIt()
    {
        // A weighted mean of symmetric neighbours keeps any linear function; the hole does not touch the border.
        float[] slope = [.. Enumerable.Range(0, 400).Select(i => (0.1f * (i % 20)) - (0.2f * (i / 20)))];
        int[] hole = [.. Enumerable.Range(0, 400).Where(i => i % 20 is > 2 and < 17 && i / 20 is > 3 and < 15)];

        float[] imputed = NoisyLinearImputation.Apply(slope, (20, 20), hole, new Rng(1));

        Assert.IsTrue(hole.All(i => Math.Abs(imputed[i] - slope[i]) < 0.05), "five deviations of the noise");
    }

    [TestMethod]
    public void Imputation_WithNothingToGoBy_IsNoise() =>
        Assert.IsTrue(NoisyLinearImputation.Apply([1, 2, 3, 4], (2, 2), [0, 1, 2, 3], new Rng(1)).All(v => Math.Abs(v) < 0.05));

    private sealed record Golden(
        float[] A, float[] B, int Height, int Width, double Spearman, double Ssim, double Gini, float[] Image, int[] Missing,
        double[] Imputed);
}
