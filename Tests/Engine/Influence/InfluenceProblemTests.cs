using Interp.Engine.Common;
using Interp.Engine.Influence;
using Interp.Engine.Influence.Methods;
using Interp.Engine.Influence.Suspects;
using Interp.Engine.LinearAlgebra;
using Interp.Tests.Engine.Training;
using Interp.Tests.Support;

namespace Interp.Tests.Engine.Influence;

[TestClass]
public sealed class InfluenceProblemTests
{
    [TestMethod]
    public void EveryMethodAndSuspect_HasTheSameBitsAtAnyThreads()
    {
        (double[] Scores, string Name)[][] found = [.. new[] { 1, 2, 5 }.Select(threads =>
        {
            InfluenceProblem problem = InfluenceCase.Problem(images: 130, features: 9, classes: 5, threads: threads);
            TestPoint[] tests = InfluenceCase.Tests(problem);
            return InfluenceMethods.All.Select(m => (m.Scores(problem, tests).Values.SelectMany(v => v).ToArray(), m.Name))
                .Concat(SuspectScores.All.Select(s => (s.Of(problem), s.Name))).ToArray();
        })];
        for (int m = 0; m < found[0].Length; m++)
        {
            CollectionAssert.AreEqual(found[0][m].Scores, found[1][m].Scores, found[0][m].Name);
            CollectionAssert.AreEqual(found[0][m].Scores, found[2][m].Scores, found[0][m].Name);
        }
    }

    [TestMethod]
    public void TestImages_AskedTogetherOrAlone_GetTheSameBits()
    {
        InfluenceProblem problem = InfluenceCase.Problem();
        TestPoint[] tests = InfluenceCase.Tests(problem);
        foreach (InfluenceMethod method in InfluenceMethods.All)
        {
            double[][] together = method.Scores(problem, tests).Values;
            CollectionAssert.AreEqual(together[2], method.Scores(problem, [tests[2]]).Values[0], method.Name);
        }
    }

    [TestMethod]
    public void From_KeptWeights_IsTheSameProblem()
    {
        InfluenceProblem made = InfluenceProblem.Of(SoftmaxRegressionTests.Data(90, 6, 4), new InfluenceOptions { Seed = 3 });
        var kept = InfluenceProblem.From(made.Train, made.L2, made.Optimum.Weights.ToArray(), made.Trials, made.Options);
        CollectionAssert.AreEqual(made.Optimum.Weights.ToArray(), kept.Optimum.Weights.ToArray());
        Assert.AreEqual(0, kept.Fit.Steps);
        Assert.AreEqual(made.HeldOut, kept.HeldOut);
        Assert.IsNotNull(made.HeldOut);
        Assert.IsLessThanOrEqualTo(1e-10, made.Fit.GradientNorm);
    }

    [TestMethod]
    public void Answer_OfAnySize_IsFinite_AndTheHeads()
    {
        var sure = HeadAnswer.Of([1000, 0, -1000], [1], 0);
        Assert.AreEqual(1000, sure.Margin, 1e-9);
        Assert.AreEqual(0, sure.Loss);
        var wrong = HeadAnswer.Of([1000, 0, -1000], [1], 2);
        Assert.AreEqual(-2000, wrong.Margin, 1e-9);
        Assert.AreEqual(2000, wrong.Loss, 1e-9);
        Assert.AreEqual(0, wrong.Prediction);

        InfluenceProblem problem = InfluenceCase.Problem();
        HeadAnswer answer = problem.Answer(new TestPoint(problem.Train.Row(4).ToArray(), problem.Train.Labels[4]));
        Assert.AreEqual(problem.Optimum.LossOf(4), answer.Loss, 1e-13);
        Assert.AreEqual(problem.Optimum.ProbabilitiesOf(4)[1], answer.Probabilities[1], 1e-14);
        Assert.AreEqual(Math.Log(answer.Probability / (1 - answer.Probability)), answer.Margin, 1e-10);
    }

    [TestMethod]
    public void WhatDoesNotFit_IsRefused()
    {
        InfluenceProblem problem = InfluenceCase.Problem(images: 8);
        Assert.ThrowsExactly<ArgumentException>(() => problem.Answer(new TestPoint([1], 0)));
        Assert.ThrowsExactly<ArgumentException>(
            () => InfluenceMethods.Influence.Scores(problem, [new TestPoint(new float[6], 4)]));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => Retraining.Of(problem, [8]));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => NewtonRemoval.Of(problem, [-1]));
        StringAssert.Contains(Assert.ThrowsExactly<InputException>(
            () => Retraining.Of(problem, [.. Enumerable.Range(0, 8)])).Message, "at least one to be left");
        StringAssert.Contains(Assert.ThrowsExactly<InputException>(() => InfluenceMethods.All.Find("trac")).Message, "tracin");
        Assert.IsEmpty(InfluenceMethods.Influence.Scores(problem, []).Values);
    }

    [TestMethod]
    public void Cancelled_EveryMethodStops()
    {
        foreach (InfluenceMethod method in InfluenceMethods.All)
        {
            InfluenceProblem problem = InfluenceCase.Problem(images: 12);
            Assert.ThrowsExactly<OperationCanceledException>(
                () => method.Scores(problem, InfluenceCase.Tests(problem), null, new CancellationToken(true)), method.Name);
        }
    }

    [TestMethod]
    [DataRow("influence", 3)]
    [DataRow("tracin", 200)]
    [DataRow("trak", 10)]
    public void Progress_CountsUpToTheEnd(string name, int of)
    {
        InfluenceProblem problem = InfluenceCase.Problem(images: 12);
        var told = new List<InfluenceProgress>();
        InfluenceMethods.All.Find(name).Scores(problem, InfluenceCase.Tests(problem), told.Add);
        Assert.AreEqual(of, told[^1].Of);
        Assert.AreEqual(of, told[^1].Done);
    }

    [TestMethod]
    [DataRow(9, 4)]
    [DataRow(4, 9)]
    public void GramInverse_ByEitherMatrix_IsTheSolution(int rows, int columns)
    {
        double[] phi = [.. Enumerable.Range(0, rows * columns).Select(i => Math.Sin(i * i))];
        double[] v = [.. Enumerable.Range(0, columns).Select(i => Math.Cos(3 * i))];
        double ridge = 0.3 * Vectors.Dot(phi, phi) / columns;
        double[] Gram(double[] x)
        {
            double[] y = [.. x.Select(e => ridge * e)];
            for (int i = 0; i < rows; i++)
            {
                Vectors.Add(y, Vectors.Dot(phi.AsSpan(i * columns, columns), x), phi.AsSpan(i * columns, columns));
            }

            return y;
        }

        double[] x = ConjugateGradients.Solve(Gram, v, 1e-14, 100).X;
        double[] expected = [.. Enumerable.Range(0, rows).Select(i => Vectors.Dot(phi.AsSpan(i * columns, columns), x))];
        double[] found = GramInverse.Of(phi, columns, 0.3, new ParallelOptions { MaxDegreeOfParallelism = 2 }).Products(v);
        TensorAssert.RelativeL2(expected, found, 1e-12, "float64 sums in another order");
    }
}
