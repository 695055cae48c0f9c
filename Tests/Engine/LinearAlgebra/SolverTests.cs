using Interp.Engine.LinearAlgebra;
using Interp.Tests.Engine.Statistics;

namespace Interp.Tests.Engine.LinearAlgebra;

[TestClass]
public sealed class SolverTests
{
    private const string Condition = "float64 rounding times the condition number, about 60";

    private static readonly AlgebraGolden Golden = AlgebraGolden.Value;

    [TestMethod]
    public void Cholesky_IsSciPysSolution()
    {
        double[] x = Cholesky.Of(Golden.Symmetric, 12, Golden.Ridge)!.Solve(Golden.Right);
        for (int i = 0; i < x.Length; i++)
        {
            Assert.AreEqual(Golden.Solution[i], x[i], 1e-13, Condition);
        }
    }

    [TestMethod]
    public void Cholesky_OfASingularMatrix_IsNone()
    {
        Assert.IsNull(Cholesky.Of([1, 2, 2, 4], 2));
        Assert.IsNull(Cholesky.Of([1, 2, 2, 1], 2), "not positive definite");
        Assert.IsNull(Cholesky.Of([double.NaN], 1));
        Assert.IsNotNull(Cholesky.Of([1, 2, 2, 4], 2, 0.1));
    }

    [TestMethod]
    public void ConjugateGradients_AreSciPysSolution()
    {
        LinearSolution found = ConjugateGradients.Solve(Product, Golden.Right, 1e-13, 100);
        for (int i = 0; i < found.X.Length; i++)
        {
            Assert.AreEqual(Golden.Solution[i], found.X[i], 1e-11, Condition);
        }

        Assert.IsLessThan(40, found.Products);
        Assert.AreEqual(0, ConjugateGradients.Solve(Product, new double[12], 1e-13, 100).Products);

        static double[] Product(double[] v) => [.. Enumerable.Range(0, 12).Select(i =>
            Vectors.Dot(Golden.Symmetric.AsSpan(12 * i, 12), v) + (Golden.Ridge * v[i]))];
    }
}
