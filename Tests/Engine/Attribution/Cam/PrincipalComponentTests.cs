using Interp.Engine.Attribution.Cam;
using Interp.Tests.Support;

namespace Interp.Tests.Engine.Attribution.Cam;

[TestClass]
public sealed class PrincipalComponentTests
{
    [TestMethod]
    [DataRow(3, 8)]
    [DataRow(8, 3)]
    public void Project_KnownDecomposition_GivesItsLargestPart(int rows, int columns)
    {
        double[] v1 = Unit(rows, 0), v2 = Unit(rows, 1), u1 = Unit(columns, 0), u2 = Unit(columns, 1);
        double[] Row(int k) => [.. Enumerable.Range(0, columns).Select(i => (5 * v1[k] * u1[i]) + (4.9 * v2[k] * u2[i]))];
        double[][] x = [.. Enumerable.Range(0, rows).Select(Row)];

        (double[] found, double share) = PrincipalComponent.Project(x, default);

        double sign = Math.Sign(found[0] * u1[0]);
        TensorAssert.RelativeL2(u1.Select(u => sign * 5 * u).ToArray(), found, 1e-9, "power iteration stops when it moves less than 1e-12");
        Assert.AreEqual(25 / (25 + (4.9 * 4.9)), share, 1e-9);
    }

    [TestMethod]
    public void Project_Zeros_GivesZeros()
    {
        (double[] found, double share) = PrincipalComponent.Project([[0, 0, 0], [0, 0, 0]], default);

        Assert.IsTrue(Array.TrueForAll(found, v => v == 0));
        Assert.AreEqual(0, share);
    }

    /// <summary>Orthogonal unit vectors: rows of the cosine transform.</summary>
    private static double[] Unit(int n, int frequency)
    {
        double[] v = [.. Enumerable.Range(0, n).Select(i => Math.Cos(Math.PI * (frequency + 1) * (i + 0.5) / n))];
        double length = Math.Sqrt(v.Sum(c => c * c));
        return Array.ConvertAll(v, c => c / length);
    }
}
