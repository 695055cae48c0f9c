using Interp.Engine.Functions;
using Interp.Engine.Reference;

namespace Interp.Tests.Engine.Functions;

/// <summary>Each function's value and slope against its formula, written out with <see cref="Math"/>.</summary>
[TestClass]
public sealed class ActivationFunctionTests
{
    public static IEnumerable<object[]> Names => ActivationFunctions.All.Names.Select(name => new object[] { name });

    /// <summary>All that a float64 rounds: x·(1/6) for x/6, sums in another order, and 1e-15 for the twin's integral.</summary>
    [TestMethod]
    [DynamicData(nameof(Names))]
    public void At_DenseInputs_IsTheFormula(string name)
    {
        double[] points = [.. Enumerable.Range(-256, 513).Select(i => i / 16.0), 1e-9, -1e-9, 3.0000001, -3.0000001, 5.9999999];
        var at = new Evaluation(points);
        ActivationFunctions.All.Find(name).Accept(at);
        for (int i = 0; i < points.Length; i++)
        {
            (double value, double slope) = Twin(name, points[i]);
            Assert.AreEqual(value, at.Values[i], 1e-14 * Math.Max(1, Math.Abs(points[i])), $"{name}({points[i]})");
            Assert.AreEqual(slope, at.Slopes[i], 1e-14 * Math.Max(1, Math.Abs(points[i])), $"{name}'({points[i]})");
        }
    }

    [TestMethod]
    [DynamicData(nameof(Names))]
    public void Kinks_OfEachFunction_AreWhereTheSlopeJumps(string name)
    {
        ActivationFunction f = ActivationFunctions.All.Find(name);
        for (int i = -80; i <= 80; i++)
        {
            double x = i / 8.0;
            var at = new Evaluation([x - 1e-9, x + 1e-9]);
            f.Accept(at);
            bool jumps = Math.Abs(at.Slopes[1] - at.Slopes[0]) > 1e-3;
            Assert.AreEqual(f.Kinks.Contains(x), jumps, $"{name} at {x}");
            Assert.AreEqual(f.Kinks.Count(k => k < x), f.Piece(x), $"{name} at {x}");
        }
    }

    /// <summary>x·Φ(x) and Φ(x) + x·φ(x) from tables of Φ and φ.</summary>
    [TestMethod]
    [DataRow(0.0, 0.0, 0.5)]
    [DataRow(1.0, 0.84134474606854294859, 1.08331547058768620977)]
    [DataRow(-1.0, -0.15865525393145705141, -0.08331547058768620977)]
    [DataRow(2.0, 1.95449973610364158560, 1.08523180107819697830)]
    public void Gelu_TableValues_AreExact(double x, double value, double slope)
    {
        var at = new Evaluation([x]);
        ActivationFunctions.GELU.Accept(at);
        Assert.AreEqual(value, at.Values[0], 1e-15);
        Assert.AreEqual(slope, at.Slopes[0], 1e-15);
    }

    /// <summary>A sum of some dozens of positive terms rounds by a few units of 1e-16.</summary>
    [TestMethod]
    [DataRow(0.1, 0.11246291601828489220)]
    [DataRow(0.5, 0.52049987781304653768)]
    [DataRow(1.0, 0.84270079294971486934)]
    [DataRow(2.0, 0.99532226501895273416)]
    [DataRow(2.5, 0.99959304798255504106)]
    [DataRow(3.0, 0.99997790950300141456)]
    [DataRow(7.0, 1.0)]
    public void ErrorFunction_TableValues_AreExact(double x, double value)
    {
        Assert.AreEqual(value, ScalarLane.Erf(new ScalarLane(x)).Value, 1e-15);
        Assert.AreEqual(-value, ScalarLane.Erf(new ScalarLane(-x)).Value, 1e-15);
    }

    [TestMethod]
    public void Roles_OfTheFunctions_AreAsDocumented()
    {
        Assert.AreEqual("relu6", string.Join(", ", Of(ActivationRole.Rectifier)));
        Assert.AreEqual("silu, hardswish, gelu", string.Join(", ", Of(ActivationRole.Smooth)));
        Assert.AreEqual("hardsigmoid, sigmoid, tanh", string.Join(", ", Of(ActivationRole.Gate)));
    }

    /// <summary>f and f' as in the literature; a new function needs a line here.</summary>
    internal static (double Value, double Slope) Twin(string name, double x)
    {
        double s = 1 / (1 + Math.Exp(-x));
        double gate = Math.Clamp(x / 6 + 0.5, 0, 1);
        double density = Math.Exp(-x * x / 2) / Math.Sqrt(2 * Math.PI);
        return name switch
        {
            "relu6" => (Math.Clamp(x, 0, 6), x is > 0 and < 6 ? 1 : 0),
            "silu" => (x * s, s * (1 + x * (1 - s))),
            "hardswish" => (x * gate, x < -3 ? 0 : x > 3 ? 1 : x / 3 + 0.5),
            "gelu" => (x * Normal(x), Normal(x) + x * density),
            "hardsigmoid" => (gate, x is > -3 and < 3 ? 1.0 / 6 : 0),
            "sigmoid" => (s, s * (1 - s)),
            "tanh" => (Math.Tanh(x), 1 / (Math.Cosh(x) * Math.Cosh(x))),
            _ => throw new InvalidOperationException($"no formula of {name}"),
        };
    }

    private static IEnumerable<string> Of(ActivationRole role) => ActivationFunctions.All.Where(f => f.Role == role).Select(f => f.Name);

    /// <summary>Φ(x) = ½ + ∫₀ˣ φ by Simpson's rule; beyond 9 it is 0 or 1 in float64.</summary>
    private static double Normal(double x)
    {
        const int Steps = 2000;
        double h = Math.Clamp(x, -9, 9) / Steps, sum = 0;
        for (int i = 0; i <= Steps; i++)
        {
            double weight = i is 0 or Steps ? 1 : i % 2 == 1 ? 4 : 2;
            sum += weight * Math.Exp(-i * h * i * h / 2);
        }

        return 0.5 + sum * h / 3 / Math.Sqrt(2 * Math.PI);
    }

    private sealed class Evaluation(double[] x) : IActivationVisitor
    {
        public double[] Values { get; } = new double[x.Length];

        public double[] Slopes { get; } = new double[x.Length];

        public void Visit<TFunction>() where TFunction : struct, IActivationFunction
        {
            for (int i = 0; i < x.Length; i++)
            {
                (ScalarLane value, ScalarLane slope) = TFunction.At(new ScalarLane(x[i]));
                (Values[i], Slopes[i]) = (value.Value, slope.Value);
            }
        }
    }
}
