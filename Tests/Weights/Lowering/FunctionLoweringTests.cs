using Interp.Weights.Graphs;
using Interp.Weights.Lowering;

namespace Interp.Tests.Weights.Lowering;

/// <summary>Activation functions are known by their values, in every form in which files write them.</summary>
[TestClass]
public sealed class FunctionLoweringTests
{
    private const double Sqrt2 = 1.4142135381698608; // As float32 holds it.

    public static IEnumerable<object[]> Forms =>
    [
        ["hardswish", "Mul(x, Div(Clip(Add(x, 3), 0, 6), 6))"],
        ["hardswish", "Div(Mul(x, Clip(Add(x, 3), 0, 6)), 6)"],
        ["hardswish", "Mul(x, HardSigmoid[alpha=0.16666667](x))"],
        ["hardswish", "Mul(Mul(x, Min(Relu(Add(3, x)), 6)), 0.16666667)"],
        ["hardswish", "HardSwish(x)"],
        ["silu", "Mul(Sigmoid(x), x)"],
        ["silu", "Div(x, Add(1, Exp(Neg(x))))"],
        ["gelu", $"Mul(Mul(x, Add(Erf(Div(x, {Sqrt2:R})), 1)), 0.5)"],
        ["gelu", $"Mul(x, Mul(0.5, Add(1, Erf(Div(x, {Sqrt2:R})))))"],
        ["gelu", "Gelu(x)"],
        ["gelu_tanh", "Mul(Mul(0.5, x), Add(1, Tanh(Mul(0.7978845608, Add(x, Mul(0.044715, Pow(x, 3)))))))"],
        ["relu", "Max(x, 0)"],
        ["relu", "Clip(x, 0)"],
        ["relu6", "Clip(x, 0, 6)"],
        ["relu6", "Min(Relu(x), 6)"],
        ["hardtanh", "Clip(x, -0.5, 2)"],
        ["hardtanh", "Clip(x, -0.25)"],
        ["leaky_relu", "LeakyRelu[alpha=0.2](x)"],
        ["leaky_relu", "Max(x, Mul(x, 0.1))"],
        ["elu", "Elu[alpha=0.7](x)"],
        ["hardsigmoid", "HardSigmoid(x)"],
        ["hardsigmoid", "Div(Clip(Add(x, 3), 0, 6), 6)"],
        ["threshold", "ThresholdedRelu[alpha=0.5](x)"],
        ["mish", "Mul(x, Tanh(Softplus(x)))"],
        ["softsign", "Div(x, Add(1, Abs(x)))"],
        ["softplus", "Log(Add(Exp(x), 1))"],
        ["sigmoid", "Reciprocal(Add(1, Exp(Neg(x))))"],
        ["tanh", "Tanh(x)"],
        ["", "Add(Sub(x, 1), 1)"],
        ["", "Clip(x)"],
        ["affine", "Mul(Add(x, 2), Sub(3, 1))"],
        ["affine relu", "Relu(Add(Mul(x, 2), 1))"],
        ["silu relu", "Relu(Mul(x, Sigmoid(x)))"],
        ["affine sigmoid multiply", "Mul(x, Sigmoid(Mul(1.702, x)))"],
        ["relu add", "Add(x, Relu(x))"],
    ];

    [TestMethod]
    [DynamicData(nameof(Forms))]
    public void Form_IsTheFunction(string kinds, string form)
    {
        var maker = new GraphMaker([null, 3, 5, 4]);
        string x = maker.Add("MaxPool", ["image"], null, ("kernel_shape", new[] { 2, 2 }));
        int at = 0;
        Parse(maker, x, form, ref at);
        string after = kinds.Length == 0 ? "maxpool2d" : $"maxpool2d {kinds}";

        ImportedNetwork imported = GraphImporter.Import(maker.Build(), new ImportOptions());
        Assert.AreEqual(after, LoweringCheck.Kinds(imported));
    }

    [TestMethod]
    [DataRow("Sqrt(Abs(x))", "Sqrt")]
    [DataRow("Sin(x)", "Sin")]
    [DataRow("Div(2, x)", "Div")]
    [DataRow("Pow(x, 0.5)", "Pow")]
    [DataRow("Selu[alpha=1](x)", "Selu")]
    public void UnknownFunction_IsRefusedByName(string form, string op)
    {
        var maker = new GraphMaker([null, 3, 5, 4]);
        int at = 0;
        Parse(maker, "image", form, ref at);

        Errors.Of<Interp.Engine.Common.ModelException>(
            () => GraphImporter.Import(maker.Build(), new ImportOptions()), $"operator {op} (node '{op}_");
    }

    [TestMethod]
    public void BiasBeforeAFormOfSeveralOperators_IsMergedFirst()
    {
        var maker = new GraphMaker([null, 3, 5, 4]);
        maker.Add("Conv", ["image", maker.Parameter(0, 1, 4, 3, 1, 1)]);
        string x = maker.Then("Add", [maker.Parameter(0, 1, 4, 1, 1)]).Last;
        maker.Add("Mul", [x, maker.Add("Sigmoid", [x])]);

        Assert.AreEqual("conv2d silu", LoweringCheck.Kinds(GraphImporter.Import(maker.Build(), new ImportOptions())));
    }

    /// <summary>Makes operators of a formula such as <c>Mul(x, Elu[alpha=2](x))</c>; returns its value's name.</summary>
    private static string Parse(GraphMaker maker, string x, string form, ref int at)
    {
        int start = at;
        while (at < form.Length && form[at] is not ('(' or ',' or ')' or '['))
        {
            at++;
        }

        string word = form[start..at].Trim();
        if (word == "x")
        {
            return x;
        }

        if (double.TryParse(word, System.Globalization.CultureInfo.InvariantCulture, out double number))
        {
            return maker.Constant([], (float)number);
        }

        var attributes = new List<(string, object)>();
        if (form[at] == '[')
        {
            int end = form.IndexOf(']', at);
            string[] pair = form[(at + 1)..end].Split('=');
            attributes.Add((pair[0], double.Parse(pair[1], System.Globalization.CultureInfo.InvariantCulture)));
            at = end + 1;
        }

        var inputs = new List<string>();
        do
        {
            at++;
            inputs.Add(Parse(maker, x, form, ref at));
        }
        while (form[at] == ',');
        at++;
        return maker.Add(word, [.. inputs], null, [.. attributes]);
    }
}
