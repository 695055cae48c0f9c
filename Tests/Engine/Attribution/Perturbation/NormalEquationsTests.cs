using Interp.Engine.Attribution.Perturbation;
using Interp.Engine.Common;

namespace Interp.Tests.Engine.Attribution.Perturbation;

[TestClass]
public sealed class NormalEquationsTests
{
    [TestMethod]
    public void Solve_WorkedExample_IsTheLineThroughThreePoints()
    {
        // y = a + b t through (0, 1), (1, 2), (2, 4) with weights 1, 2, 1: A = [[4, 4], [4, 6]], b = [9, 12].
        double[][] rows = [[1, 0], [1, 1], [1, 2]];
        double[] weights = [1, 2, 1];
        var equations = new NormalEquations(rows, weights);

        double[] x = equations.Solve(NormalEquations.RightSide(rows, weights, [1, 2, 4]));

        Assert.IsFalse(equations.IsSingular);
        Assert.AreEqual(0.75, x[0], 1e-14, "float64 rounding");
        Assert.AreEqual(1.5, x[1], 1e-14, "float64 rounding");
    }

    [TestMethod]
    public void Solve_RandomSystem_FindsWhatMadeIt()
    {
        var rng = new Rng(4);
        ulong at = 0;
        double[][] rows = [.. Enumerable.Range(0, 60).Select(_ => Enumerable.Range(0, 20).Select(_ => rng.Gaussian(at++)).ToArray())];
        double[] truth = [.. Enumerable.Range(0, 20).Select(_ => rng.Gaussian(at++))];
        double[] weights = [.. Enumerable.Range(0, 60).Select(_ => rng.Uniform(at++) + 0.1)];
        double[] y = [.. rows.Select(r => r.Zip(truth, (a, b) => a * b).Sum())];

        double[] x = new NormalEquations(rows, weights).Solve(NormalEquations.RightSide(rows, weights, y));

        for (int i = 0; i < truth.Length; i++)
        {
            Assert.AreEqual(truth[i], x[i], 1e-11, "float64 rounding times the condition number, some tens squared");
        }
    }

    [TestMethod]
    public void OneRowForTwoUnknowns_IsSingularAndSharesEvenly()
    {
        double[][] rows = [[1, 1]];
        var equations = new NormalEquations(rows, [1]);

        double[] x = equations.Solve(NormalEquations.RightSide(rows, [1], [4]));

        Assert.IsTrue(equations.IsSingular);
        Assert.AreEqual(2, x[0], 1e-5, "the smallest solution, but for the millionth on the diagonal");
        Assert.AreEqual(2, x[1], 1e-5, "the smallest solution, but for the millionth on the diagonal");
    }
}
