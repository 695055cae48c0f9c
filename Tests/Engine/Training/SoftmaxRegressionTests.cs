using System.Text.Json;
using Interp.Engine.Common;
using Interp.Engine.LinearAlgebra;
using Interp.Engine.Training;
using Interp.Tests.Support;

namespace Interp.Tests.Engine.Training;

[TestClass]
public sealed class SoftmaxRegressionTests
{
    private sealed record Case(int Features, int Classes, double L2, float[] Values, int[] Labels, double[] Weights, double Loss);

    [TestMethod]
    public void AtZero_EveryImageLosesTheLogarithmOfTheClasses()
    {
        SoftmaxPoint point = Problem(30, 5, 7, 0.1).At();
        Assert.AreEqual(Math.Log(7), point.Loss, 1e-14);
        Assert.AreEqual(Math.Log(7), point.LossOf(3), 1e-14);
        Assert.AreEqual(1 / 7.0, point.ProbabilitiesOf(29)[6], 1e-15);
    }

    [TestMethod]
    public void Gradient_IsTheLossesSlope_AndTheHessianTheGradients()
    {
        SoftmaxRegression problem = Problem(40, 6, 5, 0.05);
        const double Step = 1e-5; // Third derivatives are of order 1: the error is h² = 1e-10, that of rounding 1e-16 / h.
        double[] w = Normal(problem.Parameters, 1), d = Normal(problem.Parameters, 2);
        SoftmaxPoint at = problem.At(w), ahead = problem.At(Plus(w, Step, d)), behind = problem.At(Plus(w, -Step, d));

        Assert.AreEqual((ahead.Loss - behind.Loss) / (2 * Step), Dot(at.Gradient(), d), 1e-8);
        double[] slope = [.. ahead.Gradient().Zip(behind.Gradient(), (a, b) => (a - b) / (2 * Step))];
        TensorAssert.RelativeL2(slope, [.. at.HessianProduct(d)], 1e-8, "the step's square and rounding");
    }

    [TestMethod]
    public void GradientOfEachImage_AddsUpToTheGradientWithoutItsPenalty()
    {
        SoftmaxRegression problem = Problem(12, 4, 3, 0.2);
        double[] w = Normal(problem.Parameters, 5);
        SoftmaxPoint at = problem.At(w);
        var sum = new double[w.Length];
        for (int i = 0; i < 12; i++)
        {
            sum = Plus(sum, 1 / 12.0, at.GradientOf(i));
        }

        TensorAssert.RelativeL2(at.Gradient(), Plus(sum, 0.2, w), 1e-13, "float64 sums in another order");
    }

    [TestMethod]
    [DataRow(0.5)]
    [DataRow(0.01)]
    public void Separable_OnALine_HasTheClosedForm(double l2)
    {
        // Half of the images at h = 1 of class 0, half at −1 of class 1: W = [v, −v], no bias, and λv = 1 − σ(2v) halved over the two.
        var data = new LabelledFeatures(1, 2, [1, -1, 1, -1], [0, 1, 0, 1]);
        var fit = SoftmaxFit.Minimise(new SoftmaxRegression(data, FeatureScale.None(1), l2), 1e-13);
        double v = fit.Point.Weights[0];

        Assert.AreEqual(-v, fit.Point.Weights[1], 1e-12);
        Assert.AreEqual(0, fit.Point.Weights[2], 1e-12);
        Assert.AreEqual(1 - (1 / (1 + Math.Exp(-2 * v))), l2 * v, 1e-12);
    }

    [TestMethod]
    public void Minimum_OfAnIndependentSolver_IsFound()
    {
        Case golden = JsonSerializer.Deserialize<Case>(
            File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Fixtures", "training", "softmax.json")), JsonSerializerOptions.Web)!;
        var data = new LabelledFeatures(golden.Features, golden.Classes, golden.Values, golden.Labels);
        var fit = SoftmaxFit.Minimise(new SoftmaxRegression(data, FeatureScale.Of(data), golden.L2), 1e-13);

        Assert.IsLessThanOrEqualTo(1e-13, fit.GradientNorm);
        Assert.AreEqual(golden.Loss, fit.Point.Loss, 1e-13);
        TensorAssert.RelativeL2(golden.Weights, fit.Point.Weights.ToArray(), 1e-11, "the gradient's norm through 1/λ");
    }

    [TestMethod]
    public void AtTheMinimum_WeightsAreTheImagesGradients()
    {
        SoftmaxRegression problem = Problem(50, 8, 4, 0.03);
        SoftmaxPoint best = SoftmaxFit.Minimise(problem, 1e-12).Point;
        var sum = new double[problem.Parameters];
        for (int i = 0; i < 50; i++)
        {
            sum = Plus(sum, -1 / (50 * 0.03), best.GradientOf(i));
        }

        TensorAssert.RelativeL2(sum, best.Weights.ToArray(), 1e-9, "the gradient's norm through 1/λ");
    }

    [TestMethod]
    public void SolveHessian_TakenTimesTheHessian_IsTheRightSide()
    {
        SoftmaxRegression problem = Problem(50, 8, 4, 0.03);
        SoftmaxPoint at = problem.At(Normal(problem.Parameters, 3));
        double[] b = Normal(problem.Parameters, 4);

        LinearSolution solved = at.SolveHessian(b, 1e-10);

        Assert.IsLessThanOrEqualTo(1e-10, solved.Residual);
        TensorAssert.RelativeL2(b, at.HessianProduct(solved.X), 1e-9, "the recursion's residual drifts from the true one by rounding");
        Assert.AreEqual(0, at.SolveHessian(new double[b.Length]).Products);
    }

    [TestMethod]
    public void Threads_GiveTheSameBits()
    {
        double[][] found = [.. new[] { 1, 2, 5 }.Select(threads =>
        {
            LabelledFeatures data = Data(300, 37, 11);
            return SoftmaxFit.Minimise(new SoftmaxRegression(data, FeatureScale.Of(data), 0.01, threads), 1e-8).Point.Weights.ToArray();
        })];
        CollectionAssert.AreEqual(found[0], found[1]);
        CollectionAssert.AreEqual(found[0], found[2]);
    }

    [TestMethod]
    [DataRow(1, 1, 1)]
    [DataRow(5, 3, 9)]
    [DataRow(130, 17, 23)]
    public void Product_IsThatOfPlainLoops_ToTheBit(int rows, int inner, int columns)
    {
        double[] a = Normal(rows * inner, 1), b = Normal(inner * columns, 2), c = new double[rows * columns], plain = new double[c.Length];
        DenseProduct.Multiply(a, b, c, inner, columns, new ParallelOptions { MaxDegreeOfParallelism = 2 });
        for (int i = 0; i < plain.Length; i++)
        {
            for (int k = 0; k < inner; k++)
            {
                double product = a[(i / columns * inner) + k] * b[(k * columns) + (i % columns)];
                plain[i] += product;
            }
        }

        CollectionAssert.AreEqual(plain, c);
        CollectionAssert.AreEqual(a, DenseProduct.Transpose(DenseProduct.Transpose(a, inner), rows));
    }

    [TestMethod]
    public void Cancelled_StopsBeforeTheNextProduct() =>
        Assert.ThrowsExactly<OperationCanceledException>(
            () => SoftmaxFit.Minimise(Problem(10, 3, 2, 1), cancel: new CancellationToken(true)));

    [TestMethod]
    public void WhatDoesNotFit_IsRefused()
    {
        LabelledFeatures data = Data(10, 3, 2);
        FeatureScale scale = FeatureScale.Of(data);
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new SoftmaxRegression(data, scale, 0));
        Assert.ThrowsExactly<ArgumentException>(() => new SoftmaxRegression(data, FeatureScale.None(4), 1));
        Assert.ThrowsExactly<ArgumentException>(() => new SoftmaxRegression(data, scale, 1).At(new double[3]));
        Assert.ThrowsExactly<ArgumentException>(() => new LabelledFeatures(2, 2, [1, 2, 3], [0]));
        Assert.ThrowsExactly<ArgumentException>(() => new LabelledFeatures(2, 2, [1, 2], [2]));
        StringAssert.Contains(
            Assert.ThrowsExactly<ArgumentException>(() => new LabelledFeatures(2, 2, [1, 2, 3, float.NaN], [0, 1])).Message,
            "feature 1 of image 1 is NaN");
    }

    private static SoftmaxRegression Problem(int images, int features, int classes, double l2)
    {
        LabelledFeatures data = Data(images, features, classes);
        return new SoftmaxRegression(data, FeatureScale.Of(data), l2);
    }

    internal static LabelledFeatures Data(int images, int features, int classes)
    {
        double[] values = Normal(images * features, 9);
        int[] labels = [.. Enumerable.Range(0, images).Select(i => i % classes)];
        return new LabelledFeatures(
            features, classes, [.. values.Select((v, i) => (float)(v + (labels[i / features] == i % features ? 1.5 : 0)))], labels);
    }

    private static double[] Normal(int count, ulong stream)
    {
        var rng = new Rng(0, stream);
        return [.. Enumerable.Range(0, count).Select(i => rng.Gaussian((ulong)i))];
    }

    private static double[] Plus(double[] a, double factor, double[] b) => [.. a.Zip(b, (x, y) => x + (factor * y))];

    private static double Dot(double[] a, double[] b) => a.Zip(b, (x, y) => x * y).Sum();
}
