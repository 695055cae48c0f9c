using Interp.Engine.Influence;
using Interp.Engine.LinearAlgebra;
using Interp.Engine.Statistics;
using Interp.Engine.Training;
using Interp.Tests.Engine.Training;
using Interp.Tests.Support;

namespace Interp.Tests.Engine.Influence;

/// <summary>What is known in closed form about leaving an image out.</summary>
[TestClass]
public sealed class LeaveOneOutTests
{
    /// <summary>Squared loss: the change of W by leaving i out is the first-order one divided by 1 − h_ii, exactly; so is the residual's.
    /// The first-order one is solved by conjugate gradients, the truth by fitting again.</summary>
    [TestMethod]
    public void Ridge_TruthIsTheFirstOrderByOneLessTheLeverage()
    {
        const int Images = 30, Inputs = 5;
        const double L2 = 0.05;
        LabelledFeatures data = SoftmaxRegressionTests.Data(Images, Inputs - 1, 2);
        var problem = new SoftmaxRegression(data, FeatureScale.Of(data), L2);
        double[] y = [.. Enumerable.Range(0, Images).Select(i => Math.Sin(i * i))];
        double[] all = Fit(null);
        for (int i = 0; i < Images; i++)
        {
            double[] h = problem.Row(i).ToArray();
            double residual = y[i] - Vectors.Dot(h, all);
            double[] first = ConjugateGradients.Solve(Product, [.. h.Select(v => -v * residual / Images)], 1e-14, 100).X;
            double leverage = Vectors.Dot(h, ConjugateGradients.Solve(Product, h, 1e-14, 100).X) / Images;
            double[] truth = [.. Fit(i).Zip(all, (a, b) => a - b)];
            TensorAssert.RelativeL2([.. first.Select(v => v / (1 - leverage))], truth, 1e-8, "rounding of the two fits' difference");
        }

        double[] Product(double[] v)
        {
            double[] moment = problem.SecondMoment();
            return [.. v.Select((x, k) => (L2 * x) + Vectors.Dot(moment.AsSpan(k * Inputs, Inputs), v))];
        }

        double[] Fit(int? without)
        {
            double[] a = new double[Inputs * Inputs], b = new double[Inputs];
            foreach (int i in Enumerable.Range(0, Images).Where(i => i != without))
            {
                for (int k = 0; k < Inputs; k++)
                {
                    Vectors.Add(a.AsSpan(k * Inputs, Inputs), problem.Row(i)[k] / Images, problem.Row(i));
                    b[k] += problem.Row(i)[k] * y[i] / Images;
                }
            }

            return Cholesky.Of(a, Inputs, L2)!.Solve(b);
        }
    }

    /// <summary>Two classes: the Hessian loses a matrix of rank one with the image, so that the Newton step is the first-order one divided
    /// by 1 − h_ii with the leverage of weighted least squares (D. Pregibon, 1981).</summary>
    [TestMethod]
    public void NewtonStep_OfTwoClasses_IsTheFirstOrderByOneLessTheLeverage()
    {
        InfluenceProblem problem = InfluenceCase.Of(SoftmaxRegressionTests.Data(60, 6, 2), 0.02, tolerance: 1e-13);
        for (int i = 0; i < problem.Count; i += 7)
        {
            double[] gradient = problem.Optimum.GradientOf(i), direction = SoftmaxPoint.Outer(problem.Objective.Row(i), [1, -1]);
            ReadOnlySpan<double> p = problem.Optimum.ProbabilitiesOf(i);
            double leverage = p[0] * p[1] / problem.Count
                * Vectors.Dot(direction, problem.Optimum.SolveHessian(direction, 1e-13).X);
            double[] first = problem.Optimum.SolveHessian(gradient, 1e-13).X, newton = Newton(i);
            double[] expected = [.. first.Select(v => v / problem.Count / (1 - leverage))];
            TensorAssert.RelativeL2(expected, newton, 1e-8, "systems to 1e-12, gradients of 1e-13 against 1e-2");
            Assert.IsGreaterThan(0.001, leverage, "there is a difference to see");
        }

        double[] Newton(int i)
        {
            double[] after = NewtonRemoval.Of(problem, [i], 1, 1e-12).Weights.ToArray();
            return [.. after.Zip(problem.Optimum.Weights.ToArray(), (a, b) => a - b)];
        }
    }

    [TestMethod]
    public void Newton_HasTheTruthsSize_AndFirstOrderItsOrder()
    {
        InfluenceProblem problem = InfluenceCase.Problem(images: 80, features: 12, classes: 5, l2: 0.02);
        foreach (TestPoint test in InfluenceCase.Tests(problem, 2))
        {
            int[] all = [.. Enumerable.Range(0, problem.Count)];
            double[] truth = [.. all.Select(i => Retraining.Of(problem, [i]).Rise(test))];
            double[] newton = [.. all.Select(i => NewtonRemoval.Of(problem, [i]).Rise(test))];
            double[] first = InfluenceMethods.Influence.Scores(problem, [test]).Values[0];
            double[] twice = [.. all.Select(i => NewtonRemoval.Of(problem, [i], steps: 2, 1e-6).Rise(test))];
            TensorAssert.RelativeL2(truth, twice, 0.02, "the error of a step is squared by the next");
            double slope = Vectors.Dot(truth, newton) / Vectors.Dot(newton, newton);
            Assert.IsTrue(slope is > 0.9 and < 1.1, $"slope {slope}");
            Assert.IsGreaterThan(0.99, Correlation.Pearson(truth, newton));
            Assert.IsGreaterThan(0.95, Correlation.Spearman(truth, first));
            Assert.IsGreaterThan(1.1, Vectors.Dot(truth, first) / Vectors.Dot(first, first), "first order is too small");
        }
    }

    [TestMethod]
    public void Duplicate_HasTheSameEstimate_AndBothTwiceTheEffect()
    {
        LabelledFeatures data = SoftmaxRegressionTests.Data(40, 4, 3).Select([.. Enumerable.Range(0, 40), 5]);
        InfluenceProblem problem = InfluenceCase.Of(data, 0.5); // A large penalty: small leverages, so that effects add up.
        TestPoint test = InfluenceCase.Tests(problem)[0];
        foreach (InfluenceMethod method in InfluenceMethods.All.Where(m => m.Name != "random"))
        {
            double[] scores = method.Scores(problem, [test]).Values[0];
            Assert.AreEqual(scores[5], scores[40], 1e-9 * Math.Abs(scores[5]), method.Name);
        }

        double one = Retraining.Of(problem, [5]).Rise(test), both = Retraining.Of(problem, [5, 40]).Rise(test);
        Assert.AreEqual(2, both / one, 0.05);
        Assert.AreEqual(both, NewtonRemoval.Of(problem, [40, 5]).Rise(test), 0.1 * Math.Abs(both));
    }

    [TestMethod]
    public void Representer_PartsAddUpToTheLogit()
    {
        InfluenceProblem problem = InfluenceCase.Problem();
        TestPoint[] tests = InfluenceCase.Tests(problem);
        double[][] parts = InfluenceMethods.All.Find("representer").Scores(problem, tests).Values;
        for (int t = 0; t < tests.Length; t++)
        {
            Assert.AreEqual(problem.Answer(tests[t]).Logits[tests[t].Label], parts[t].Sum(), 1e-9);
        }
    }

    [TestMethod]
    public void NoRemoval_IsTheHeadItself()
    {
        InfluenceProblem problem = InfluenceCase.Problem();
        TestPoint test = InfluenceCase.Tests(problem)[0];
        Assert.AreEqual(0, Retraining.Of(problem, []).Rise(test));
        Assert.AreEqual(0, NewtonRemoval.Of(problem, []).Rise(test), 1e-8);
    }
}
