using Interp.Engine.Common;
using Interp.Engine.Functions;
using Interp.Engine.Layers;
using Interp.Engine.Numbers;
using Interp.Engine.Statistics;
using Interp.Tests.Support;
using Interp.Tests.Weights;

namespace Interp.Tests.Engine.Functions;

/// <summary>Each function's value and slope against its formula, written out with <see cref="Math"/>.</summary>
[TestClass]
public sealed class ActivationFunctionTests
{
    public static IEnumerable<object[]> Names => FunctionCases.All.Keys.Select(name => new object[] { name });

    /// <summary>All that a float64 rounds: x·(1/6) for x/6, sums in another order, and 1e-15 for the twin's integral.</summary>
    [TestMethod]
    [DynamicData(nameof(Names))]
    public void At_DenseInputs_IsTheFormula(string name)
    {
        double[] points = [.. Enumerable.Range(-256, 513).Select(i => i / 16.0), 1e-9, -1e-9, 3.0000001, -3.0000001, 5.9999999];
        ActivationFunction f = FunctionCases.All[name];
        for (int i = 0; i < points.Length; i++)
        {
            (double value, double slope) = Twin(f, points[i]);
            (double foundValue, double foundSlope) = f.At(points[i]);
            Assert.AreEqual(value, foundValue, 1e-14 * Math.Max(1, Math.Abs(points[i])), $"{name}({points[i]})");
            Assert.AreEqual(slope, foundSlope, 1e-14 * Math.Max(1, Math.Abs(points[i])), $"{name}'({points[i]})");
        }
    }

    [TestMethod]
    [DynamicData(nameof(Names))]
    public void Kinks_OfEachFunction_AreWhereTheSlopeJumps(string name)
    {
        ActivationFunction f = FunctionCases.All[name];
        for (int i = -80; i <= 80; i++)
        {
            double x = i / 8.0;
            bool jumps = Math.Abs(f.At(x + 1e-9).Slope - f.At(x - 1e-9).Slope) > 1e-3;
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
        Assert.AreEqual(value, ActivationFunctions.GELU.At(x).Value, 1e-15);
        Assert.AreEqual(slope, ActivationFunctions.GELU.At(x).Slope, 1e-15);
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
        Assert.AreEqual("relu6, threshold", string.Join(", ", Of(ActivationRole.Rectifier)));
        Assert.AreEqual("silu, hardswish, gelu, gelu_tanh, elu, selu, celu, softplus, mish", string.Join(", ", Of(ActivationRole.Smooth)));
        Assert.AreEqual("hardtanh, hardsigmoid, sigmoid, tanh, softsign", string.Join(", ", Of(ActivationRole.Gate)));
        Assert.AreEqual("leaky_relu", string.Join(", ", Of(ActivationRole.Leaky)));
        Assert.AreEqual(ActivationRole.Rectifier, ActivationFunctions.Hardtanh.With(0, 4).Role, "a ReLU with a ceiling");
        Assert.AreEqual(ActivationRole.Leaky, ActivationFunctions.Threshold.With(1, 0.5, 4).Role);
    }

    [TestMethod]
    public void With_WrongParameters_AreRefusedInOneLine()
    {
        Errors.Of<ModelException>(() => ActivationFunctions.SiLU.With(1), "silu", "expected 0 parameters, found 1");
        Errors.Of<ModelException>(() => ActivationFunctions.Threshold.With(1, 2),
            "expected 3 parameters (threshold, negative_slope, max_value), found 2");
        Errors.Of<ModelException>(() => ActivationFunctions.Softplus.With(0), "beta is 0, expected a float32 number other than 0");
        Errors.Of<ModelException>(() => ActivationFunctions.ELU.With(double.NaN), "alpha is NaN, expected a float32 number");
        Errors.Of<ModelException>(() => ActivationFunctions.ELU.With(1e39), "alpha is 1E+39, expected a float32 number");
    }

    [TestMethod]
    public void Layers_OfOneFunction_AreEqualWhereTheirParametersAre()
    {
        Activation leaky = Activation.Of(ActivationFunctions.LeakyReLU.With(0.25));

        Assert.AreEqual(leaky, new Activation("leaky_relu", [0.25]));
        Assert.AreEqual(leaky.GetHashCode(), new Activation("leaky_relu", [0.25]).GetHashCode());
        Assert.AreNotEqual(leaky, new Activation("leaky_relu", [0.5]));
        Assert.AreNotEqual(leaky, new Activation("leaky_relu"));
        Assert.AreEqual(0.25, leaky.F.Coefficients.A);
        Assert.AreEqual(0.01, new Activation("leaky_relu").F.Coefficients.A);
    }

    /// <summary>f and f' as in the literature; a new function needs a line here.</summary>
    internal static (double Value, double Slope) Twin(ActivationFunction function, double x)
    {
        (double a, double b, double c) = function.Coefficients;
        double s = 1 / (1 + Math.Exp(-x));
        double gate = Math.Clamp(x / 6 + 0.5, 0, 1), line = a * x + b;
        const double Alpha = 1.6732632423543772848, Scale = 1.0507009873554804934;
        double tanh = Math.Tanh(Math.Sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x)), soft = Math.Log(1 + Math.Exp(x));
        double density = Math.Exp(-x * x / 2) / Math.Sqrt(2 * Math.PI);
        return function.Name switch
        {
            "relu6" => (Math.Clamp(x, 0, 6), x is > 0 and < 6 ? 1 : 0),
            "silu" => (x * s, s * (1 + x * (1 - s))),
            "hardswish" => (x * gate, x < -3 ? 0 : x > 3 ? 1 : x / 3 + 0.5),
            "gelu" => (x * Normal(x), Normal(x) + x * density),
            "hardsigmoid" => (Math.Clamp(line, 0, 1), line is > 0 and < 1 ? a : 0),
            "leaky_relu" => x > 0 ? (x, 1) : (a * x, a),
            "threshold" => x > a ? (Math.Min(x, c), x < c ? 1 : 0) : (b * (x - a), b),
            "hardtanh" => (Math.Clamp(x, a, b), x > a && x < b ? 1 : 0),
            "elu" => x > 0 ? (x, 1) : (a * (Math.Exp(x) - 1), a * Math.Exp(x)),
            "selu" => x > 0 ? (Scale * x, Scale) : (Scale * Alpha * (Math.Exp(x) - 1), Scale * Alpha * Math.Exp(x)),
            "celu" => x > 0 ? (x, 1) : (a * (Math.Exp(x / a) - 1), Math.Exp(x / a)),
            "softplus" => (Math.Log(1 + Math.Exp(a * x)) / a, 1 / (1 + Math.Exp(-a * x))),
            "mish" => (x * Math.Tanh(soft), Math.Tanh(soft) + x * s / (Math.Cosh(soft) * Math.Cosh(soft))),
            "softsign" => (x / (1 + Math.Abs(x)), 1 / ((1 + Math.Abs(x)) * (1 + Math.Abs(x)))),
            "gelu_tanh" => (0.5 * x * (1 + tanh),
                0.5 * (1 + tanh) + 0.5 * x * (1 - tanh * tanh) * Math.Sqrt(2 / Math.PI) * (1 + 3 * 0.044715 * x * x)),
            "sigmoid" => (s, s * (1 - s)),
            "tanh" => (Math.Tanh(x), 1 / (Math.Cosh(x) * Math.Cosh(x))),
            _ => throw new InvalidOperationException($"no formula of {function.Name}"),
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
}
