using System.Text.Json;
using Interp.Engine.Common;
using Interp.Engine.Concepts;

namespace Interp.Tests.Engine.Concepts;

/// <summary>Directions beside scikit-learn's (scripts/make_concept_goldens.py) and their own conditions.</summary>
[TestClass]
public sealed class ConceptVectorTests
{
    private sealed record Case(
        string Name, int Features, double Alpha, double[] Sides, double[] Values, double[] Logistic, double LogisticIntercept, double[] Svm,
        double SvmIntercept);

    private sealed record Goldens(Case[] Cases, double[] A, double[] B, double T, double P);

    private static readonly Lazy<Goldens> s_goldens = new(() => JsonSerializer.Deserialize<Goldens>(
        File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Fixtures", "concepts", "vectors.json")), JsonSerializerOptions.Web)!);

    [TestMethod]
    public void LogisticAndSvm_AreScikitLearns()
    {
        foreach (Case c in s_goldens.Value.Cases)
        {
            foreach ((ConceptVectorKind kind, double[] golden, double intercept) in
                (ReadOnlySpan<(ConceptVectorKind, double[], double)>)[
                    (ConceptVectorKind.Logistic, c.Logistic, c.LogisticIntercept), (ConceptVectorKind.Svm, c.Svm, c.SvmIntercept)])
            {
                (double[][] rows, double[] kernel) = Scaled(c);
                DualVector fit = kind.Fit(kernel, c.Sides, c.Alpha);
                double[] v = Primal(rows, fit.Weights);
                Assert.IsGreaterThan(1 - 1e-6, Cosine(v, golden), $"{c.Name}, {kind.Name}");

                // scikit-learn stops where its gradient is 1e-7 at most, and its support vector machine penalises the intercept a little.
                Assert.AreEqual(Math.Sqrt(golden.Sum(x => x * x)), Math.Sqrt(v.Sum(x => x * x)), 2e-5 * Math.Sqrt(v.Sum(x => x * x)));
                Assert.AreEqual(intercept, fit.Intercept, 1e-4, $"{c.Name}, {kind.Name}");
            }
        }
    }

    [TestMethod]
    [DataRow("logistic")]
    [DataRow("svm")]
    public void Fit_MeetsTheConditionsOfTheMinimum(string name)
    {
        foreach (Case c in s_goldens.Value.Cases)
        {
            (double[][] rows, double[] kernel) = Scaled(c);
            DualVector fit = ConceptVectorKind.All.Find(name).Fit(kernel, c.Sides, c.Alpha);
            double[] v = Primal(rows, fit.Weights), gradient = [.. v.Select(x => c.Alpha * x)];
            double byIntercept = 0;
            for (int i = 0; i < rows.Length; i++)
            {
                double margin = c.Sides[i] * (rows[i].Zip(v, (x, w) => x * w).Sum() + fit.Intercept);
                double slope = c.Sides[i] / rows.Length * (name == "svm" ? -2 * Math.Max(0, 1 - margin) : -1 / (1 + Math.Exp(margin)));
                byIntercept += slope;
                for (int k = 0; k < v.Length; k++)
                {
                    gradient[k] += slope * rows[i][k];
                }
            }

            double scale = c.Alpha * Math.Sqrt(v.Sum(x => x * x));
            Assert.IsLessThan(1e-8 * scale, Math.Sqrt(gradient.Sum(g => g * g)), c.Name);
            Assert.AreEqual(0, byIntercept, 1e-10, c.Name);
            Assert.AreEqual(0, fit.Weights.Sum(), 1e-9 * fit.Weights.Sum(Math.Abs), c.Name);
        }
    }

    [TestMethod]
    public void MeanDifference_IsThat_WithTheBoundaryHalfWay()
    {
        Case c = s_goldens.Value.Cases[0];
        (double[][] rows, double[] kernel) = Scaled(c);
        DualVector fit = ConceptVectorKind.MeanDifference.Fit(kernel, c.Sides, c.Alpha);
        double[] v = Primal(rows, fit.Weights), on = Mean(1), off = Mean(-1);
        for (int k = 0; k < v.Length; k++)
        {
            Assert.AreEqual(on[k] - off[k], v[k], 1e-12);
        }

        double half = on.Zip(off, (a, b) => (a + b) / 2).Zip(v, (m, w) => m * w).Sum();
        Assert.AreEqual(-half, fit.Intercept, 1e-12);

        double[] Mean(double side) => [.. Enumerable.Range(0, c.Features)
            .Select(k => rows.Where((_, i) => c.Sides[i] == side).Average(r => r[k]))];
    }

    [TestMethod]
    public void TinyPenalty_OnSidesThatAreApart_IsRefusedInOneLine()
    {
        double[] kernel = [1e12, -1e12, -1e12, 1e12];
        InputException e = Assert.ThrowsExactly<InputException>(() => ConceptVectorKind.Svm.Fit(kernel, [1, -1], 1e-12));
        Assert.Contains("option 'alpha'", e.Message);
    }

    [TestMethod]
    public void Welch_IsSciPys()
    {
        Goldens g = s_goldens.Value;
        (double t, _, double p) = Interp.Engine.Statistics.Welch.Test(g.A, g.B);
        Assert.AreEqual(g.T, t, 1e-12);
        Assert.AreEqual(g.P, p, 1e-12);
    }

    private static (double[][] Rows, double[] Kernel) Scaled(Case c)
    {
        double[][] rows = [.. c.Values.Select(v => (double)(float)v).Chunk(c.Features)];
        double[] mean = [.. Enumerable.Range(0, c.Features).Select(k => rows.Average(r => r[k]))];
        double[][] centred = [.. rows.Select(r => r.Zip(mean, (x, m) => x - m).ToArray())];
        double s = Math.Sqrt(centred.Sum(r => r.Sum(x => x * x)) / c.Values.Length);
        double[][] scaled = [.. centred.Select(r => Array.ConvertAll(r, x => x / s))];
        return (scaled, [.. scaled.SelectMany(a => scaled.Select(b => a.Zip(b, (x, y) => x * y).Sum()))]);
    }

    private static double[] Primal(double[][] rows, double[] weights) =>
        [.. Enumerable.Range(0, rows[0].Length).Select(k => rows.Zip(weights, (r, w) => r[k] * w).Sum())];

    private static double Cosine(double[] a, double[] b) =>
        a.Zip(b, (x, y) => x * y).Sum() / Math.Sqrt(a.Sum(x => x * x) * b.Sum(x => x * x));
}
