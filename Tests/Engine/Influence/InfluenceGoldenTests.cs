using System.Text.Json;
using Interp.Engine.Influence;
using Interp.Engine.Influence.Methods;
using Interp.Engine.Influence.Suspects;
using Interp.Engine.Training;
using Interp.Tests.Support;

namespace Interp.Tests.Engine.Influence;

/// <summary>Against whole matrices in NumPy (<c>scripts/make_influence_golden.py</c>).</summary>
[TestClass]
public sealed class InfluenceGoldenTests
{
    private static readonly Lazy<Golden> s_golden = new(() => JsonSerializer.Deserialize<Golden>(
        File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Fixtures", "influence", "small.json")), JsonSerializerOptions.Web)!);

    private static readonly Lazy<InfluenceProblem> s_problem = new(() => InfluenceCase.Of(
        new LabelledFeatures(s_golden.Value.Features, s_golden.Value.Classes, s_golden.Value.Values, s_golden.Value.Labels),
        s_golden.Value.L2, seed: s_golden.Value.Seed));

    private sealed record Golden(
        int Features, int Classes, double L2, ulong Seed, int Dimensions, int Heads, float[] Values, int[] Labels, float[][] Tests,
        int[] TestLabels, double[] Eigenvalues, double[] SelfInfluence, double[] KroneckerSelfInfluence,
        Dictionary<string, double[][]> Scores);

    private static TestPoint[] Tests => [.. s_golden.Value.Tests.Zip(s_golden.Value.TestLabels, (h, y) => new TestPoint(h, y))];

    [TestMethod]
    [DataRow("influence", 1e-7, "the residual of 1e-8 that the system is solved to")]
    [DataRow("relatif", 1e-7, "the residual of 1e-8 that the system is solved to")]
    [DataRow("tracin", 1e-11, "rounding in 200 steps")]
    [DataRow("ekfac", 1e-8, "W* to 1e-10 through 1/λ")]
    [DataRow("datainf", 1e-9, "the difference of two numbers that are alike")]
    [DataRow("representer", 1e-8, "the gradient's norm at the optimum through 1/λ")]
    [DataRow("trak", 1e-4, "half-set heads to a gradient of 1e-6, through 1/λ")]
    public void Method_GivesTheNumbersOfWholeMatrices(string name, double tolerance, string reason)
    {
        Golden golden = s_golden.Value;
        InfluenceMethod method = name == "trak" ? new Trak(golden.Dimensions, golden.Heads) : InfluenceMethods.All.Find(name);
        double[][] found = method.Scores(s_problem.Value, Tests).Values;
        for (int t = 0; t < found.Length; t++)
        {
            TensorAssert.RelativeL2(golden.Scores[name][t], found[t], tolerance, reason);
        }
    }

    [TestMethod]
    public void Removal_GivesTheNumbersOfWholeMatrices()
    {
        (Golden golden, InfluenceProblem problem) = (s_golden.Value, s_problem.Value);
        for (int t = 0; t < 2; t++)
        {
            double[] truth = [.. Enumerable.Range(0, problem.Count).Select(i => Retraining.Of(problem, [i]).Rise(Tests[t]))];
            double[] newton = [.. Enumerable.Range(0, problem.Count).Select(i => NewtonRemoval.Of(problem, [i], 1, 1e-10).Rise(Tests[t]))];
            TensorAssert.RelativeL2(golden.Scores["truth"][t], truth, 1e-6, "a gradient of 1e-9 through 1/λ, against rises of 1e-3");
            TensorAssert.RelativeL2(golden.Scores["newton"][t], newton, 1e-7, "W* to 1e-10 through 1/λ");
        }
    }

    [TestMethod]
    public void KroneckerFactors_AreThoseOfWholeMatrices()
    {
        var factors = KroneckerFactors.Of(s_problem.Value, CancellationToken.None);
        TensorAssert.RelativeL2(s_golden.Value.Eigenvalues, factors.Eigenvalues, 1e-8, "W* to 1e-10 through 1/λ");
        TensorAssert.RelativeL2(s_golden.Value.KroneckerSelfInfluence, factors.SelfProducts(), 1e-8, "W* to 1e-10 through 1/λ");
        CollectionAssert.AreEqual(factors.SelfProducts(), SuspectScores.All.Find("self-ekfac").Of(s_problem.Value));
    }

    [TestMethod]
    public void SelfInfluence_OfLooselySolvedSystems_HasTheSquareOfTheirError()
    {
        double[] found = SuspectScores.All.Find("self-influence").Of(s_problem.Value);
        TensorAssert.RelativeL2(s_golden.Value.SelfInfluence, found, 1e-3, "of the order of the residual's square, 1e-4");
    }
}
