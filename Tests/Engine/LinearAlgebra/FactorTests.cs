using Interp.Engine.Common;
using Interp.Engine.LinearAlgebra;
using Interp.Tests.Engine.Statistics;

namespace Interp.Tests.Engine.LinearAlgebra;

[TestClass]
public sealed class FactorTests
{
    private static readonly AlgebraGolden Golden = AlgebraGolden.Value;

    [TestMethod]
    public void Eigenvalues_AreSciPys_AndVectorsBelongToThem()
    {
        (double[] values, double[][] vectors) = SymmetricEigen.Of(Golden.Symmetric, 12);
        for (int i = 0; i < values.Length; i++)
        {
            Assert.AreEqual(Golden.Eigenvalues[i], values[i], 1e-13 * values[0], "float64 rounding");
            for (int k = 0; k < 12; k++)
            {
                double image = Vectors.Dot(Golden.Symmetric.AsSpan(12 * k, 12), vectors[i]);
                Assert.AreEqual(values[i] * vectors[i][k], image, 1e-13 * values[0], "float64 rounding");
                Assert.AreEqual(i == k ? 1 : 0, Vectors.Dot(vectors[i], vectors[k]), 1e-13, "orthonormal");
            }

            Assert.IsGreaterThan(0, vectors[i].MaxBy(Math.Abs));
        }
    }

    [TestMethod]
    public void Eigenvalues_OfEqualOnesAndSmallMatrices_AreFound()
    {
        CollectionAssert.AreEqual(new double[] { 2, 2, 0 }, SymmetricEigen.Of([2, 0, 0, 0, 0, 0, 0, 0, 2], 3).Values);
        CollectionAssert.AreEqual(new double[] { -3 }, SymmetricEigen.Of([-3], 1).Values);
        double[] pair = SymmetricEigen.Of([0, 1, 1, 0], 2).Values;
        Assert.AreEqual(1, pair[0], 1e-15);
        Assert.AreEqual(-1, pair[1], 1e-15);
        CollectionAssert.AreEqual(new double[5], SymmetricEigen.Of(new double[25], 5).Values);
    }

    [TestMethod]
    public void Eigen_OfALargeMatrix_MultipliesBack()
    {
        const int N = 150;
        var rng = new Rng(6);
        var a = new double[N * N];
        for (int i = 0; i < N; i++)
        {
            for (int j = 0; j <= i; j++)
            {
                a[(i * N) + j] = a[(j * N) + i] = rng.Gaussian((ulong)((i * N) + j));
            }
        }

        (double[] values, double[][] vectors) = SymmetricEigen.Of(a, N);
        for (int at = 0; at < a.Length; at += 37)
        {
            double back = Enumerable.Range(0, N).Sum(k => values[k] * vectors[k][at / N] * vectors[k][at % N]);
            Assert.AreEqual(a[at], back, 1e-11, "float64 sums of 150, values up to 24");
        }
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void ThinSvd_IsSciPys(bool turned)
    {
        double[] a = turned ? DenseProduct.Transpose(Golden.Wide, 40) : Golden.Wide;
        var svd = ThinSvd.Of(a, turned ? 15 : 40, 15, new ParallelOptions());
        for (int j = 0; j < 15; j++)
        {
            Assert.AreEqual(Golden.Singular[j], svd.Values[j], 1e-12, "roots of the squares, the least 3");
        }

        int columns = turned ? 15 : 40;
        for (int at = 0; at < a.Length; at += 7)
        {
            double back = Enumerable.Range(0, 15).Sum(j => svd.Values[j] * svd.Left[j][at / columns] * svd.Right[j][at % columns]);
            Assert.AreEqual(a[at], back, 1e-12, "float64 rounding");
        }
    }

    [TestMethod]
    public void ThinSvd_OfRankOne_HasZerosBehind()
    {
        var svd = ThinSvd.Of([1, 2, 2, 4, 3, 6], 2, 2, new ParallelOptions());
        Assert.AreEqual(Math.Sqrt(70), svd.Values[0], 1e-13);
        Assert.AreEqual(0, svd.Values[1]);
        Assert.IsTrue(svd.Left[1].All(v => v == 0));
    }

    [TestMethod]
    public void NonNegativeFactors_ReachScikitLearnsError_AtAnyNumberOfThreads()
    {
        FactorsGolden golden = StatisticsGolden.Parse<FactorsGolden>("factors");
        var found = NonNegativeFactors.Of(golden.Values, golden.Columns, golden.Rank, threads: 1);
        StatisticsGolden.IsClose(golden.Error, found.Error, 1e-3, "two ways down into the same valley");
        StatisticsGolden.IsClose(golden.Norm, found.Norm, 1e-14, "a sum");
        Assert.IsTrue(found.U.All(v => v >= 0) && found.W.All(v => v >= 0));
        Assert.IsInRange(0.5, 1, found.R2);
        var again = NonNegativeFactors.Of(golden.Values, golden.Columns, golden.Rank, threads: 7);
        CollectionAssert.AreEqual(found.W, again.W);
        CollectionAssert.AreEqual(found.U, again.U);
    }

    [TestMethod]
    public void NonNegativeFactors_OfAPlantedProduct_FindItsParts()
    {
        // Parts with channels of their own, and rows that have one part alone: then the product has one factorisation.
        const int Rows = 120, Columns = 50, Rank = 5;
        var rng = new Rng(8);
        double[] u = [.. Enumerable.Range(0, Rows * Rank).Select(i => (i / Rank) % 6 == i % Rank || (i / Rank) % 6 == 5
            ? 0.2 + rng.Uniform((ulong)i) : 0)];
        double[] w = [.. Enumerable.Range(0, Rank * Columns).Select(i => (i % Columns) % 6 == i / Columns || (i % Columns) % 6 == 5
            ? rng.Uniform(10_000 + (ulong)i) : 0)];
        var a = new double[Rows * Columns];
        DenseProduct.Multiply(u, w, a, Rank, Columns, new ParallelOptions());

        var found = NonNegativeFactors.Of(a, Columns, Rank, tolerance: 1e-9);

        Assert.IsLessThan(1e-3, found.Error / found.Norm);
        for (int j = 0; j < Rank; j++)
        {
            double[] truth = w[(j * Columns)..((j + 1) * Columns)];
            double best = Enumerable.Range(0, Rank).Max(k => Vectors.Dot(truth, found.W.AsSpan(k * Columns, Columns)));
            Assert.IsGreaterThan(0.999, best / Math.Sqrt(Vectors.Dot(truth, truth)), $"part {j}");
        }
    }

    [TestMethod]
    public void NonNegativeFactors_OfWhatTheyCannotFactor_AreRefused()
    {
        Assert.Contains("-1", Assert.ThrowsExactly<ArgumentException>(() => NonNegativeFactors.Of([1, -1, 0, 1], 2, 1)).Message);
        Assert.ThrowsExactly<ArgumentException>(() => NonNegativeFactors.Of([1, double.NaN, 0, 1], 2, 1));
        Assert.Contains(
            "all values are 0", Assert.ThrowsExactly<ArgumentException>(() => NonNegativeFactors.Of([0, 0, 0, 0], 2, 1)).Message);
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => NonNegativeFactors.Of([1, 1, 1, 1], 2, 3));
    }

    [TestMethod]
    public void NonNegativeFactors_OfLowerRank_LeavePartsUnused()
    {
        var found = NonNegativeFactors.Of([1, 2, 0, 2, 4, 0, 3, 6, 0], 3, 2);
        Assert.IsLessThan(1e-6, found.Error / found.Norm);
        Assert.IsTrue(found.U.All(double.IsFinite) && found.W.All(double.IsFinite));
    }

    [TestMethod]
    public void NonNegativeLeastSquares_IsSciPys()
    {
        double[] w = DenseProduct.Transpose(Golden.Basis, 6);
        double[] u = new NonNegativeLeastSquares(w, 6).Solve(Golden.Target);
        for (int i = 0; i < u.Length; i++)
        {
            Assert.AreEqual(Golden.NonNegative[i], u[i], 1e-11, "the normal equations square the condition number");
        }
    }

    [TestMethod]
    public void NonNegativeLeastSquares_OfRowsThatDependOnEachOther_FitsAllTheSame()
    {
        double[] u = new NonNegativeLeastSquares([1, 0, 1, 0, 0, 1], 3).Solve([2, 3]);
        Assert.AreEqual(2, u[0] + u[1], 1e-12);
        Assert.AreEqual(3, u[2], 1e-12);
        CollectionAssert.AreEqual(new double[3], new NonNegativeLeastSquares([1, 0, 1, 0, 0, 1], 3).Solve([-1, -1]));
        CollectionAssert.AreEqual(new double[2], new NonNegativeLeastSquares(new double[4], 2).Solve([1, 1]));
    }

    [TestMethod]
    public void Assignment_IsSciPys()
    {
        int[] found = Assignment.Least(Golden.Costs, 8);
        CollectionAssert.AreEqual(Golden.Assignment, found);
        Assert.AreEqual(Golden.Cost, found.Select((c, r) => Golden.Costs[(8 * r) + c]).Sum(), 1e-14);
    }

    private sealed record FactorsGolden(int Rows, int Columns, int Rank, double[] Values, double Error, double Norm);
}
