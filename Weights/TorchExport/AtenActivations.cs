using Interp.Engine.Common;
using static Interp.Weights.TorchExport.AtenOperator;

namespace Interp.Weights.TorchExport;

/// <summary>Activation functions.</summary>
internal static class AtenActivations
{
    private const double SeluAlpha = 1.6732632423543772848170429916717;
    private const double SeluGamma = 1.0507009873554804934193349852946;

    /// <summary>All of them.</summary>
    internal static IEnumerable<AtenOperator> Table =>
    [
        Of("relu.default(self)", c => Plain(c, "Relu")),
        Of("relu6.default(self)", c => Clip(c, 0, 6)),
        Of("hardtanh.default(self, min_val=-1, max_val=1)", c => Clip(c, c.Number("min_val"), c.Number("max_val"))),
        Of("sigmoid.default(self)", c => Plain(c, "Sigmoid")),
        Of("tanh.default(self)", c => Plain(c, "Tanh")),
        Of("silu.default(self)", c => c.Write("Mul", [c.Tensor("self"), c.Writer.Step("Sigmoid", [c.Tensor("self")])])),
        Of("hardswish.default(self)", c => Plain(c, "HardSwish")),
        Of("hardsigmoid.default(self)", c => c.Write("HardSigmoid", [c.Tensor("self")], ("alpha", 1.0 / 6), ("beta", 0.5))),
        Of("gelu.default(self, approximate='none')", c => c.Write("Gelu", [c.Tensor("self")], ("approximate", c.Word("approximate")))),
        Of("leaky_relu.default(self, negative_slope=0.01)", c => c.Write("LeakyRelu", [c.Tensor("self")],
            ("alpha", c.Number("negative_slope")))),
        Of("elu.default(self, alpha=1, scale=1, input_scale=1)", Elu),
        Of("celu.default(self, alpha=1.0)", c => c.Write("Celu", [c.Tensor("self")], ("alpha", c.Number("alpha")))),
        Of("selu.default(self)", c => c.Write("Selu", [c.Tensor("self")], ("alpha", SeluAlpha), ("gamma", SeluGamma))),
        Of("softplus.default(self, beta=1, threshold=20)", Softplus),
        Of("mish.default(self)", c => Plain(c, "Mish")),
        Of("log_sigmoid.default(self)", c => c.Write("Log", [c.Writer.Step("Sigmoid", [c.Tensor("self")])])),
        Of("prelu.default(self, weight)", c => Prelu(c)),
        Of("_prelu_kernel.default(self, weight)", c => c.Write("PRelu", [c.Tensor("self"), c.Tensor("weight")])),
        Of("softmax.int(self, dim, dtype=None)", c => Softmax(c, "Softmax")),
        Of("_softmax.default(self, dim, half_to_float)", c => Softmax(c, "Softmax")),
        Of("log_softmax.int(self, dim, dtype=None)", c => Softmax(c, "LogSoftmax")),
        Of("_log_softmax.default(self, dim, half_to_float)", c => Softmax(c, "LogSoftmax")),
    ];

    private static void Plain(AtenCall call, string @operator) => call.Write(@operator, [call.Tensor("self")]);

    private static void Clip(AtenCall call, double least, double most) =>
        call.Write("Clip", [call.Tensor("self"), call.Writer.Scalar(least), call.Writer.Scalar(most)]);

    private static void Elu(AtenCall call)
    {
        call.Require(call.Number("scale") == 1, "scale", "1");
        call.Require(call.Number("input_scale") == 1, "input_scale", "1");
        call.Write("Elu", [call.Tensor("self")], ("alpha", call.Number("alpha")));
    }

    /// <summary>log(1 + exp(βx)) / β. Above the threshold PyTorch takes x, which at 20 differs by 2e-9.</summary>
    private static void Softplus(AtenCall call)
    {
        const double Negligible = 20;
        double beta = call.Number("beta");
        call.Require(call.Number("threshold") >= Negligible, "threshold", $"at least {Negligible}");
        if (beta == 1)
        {
            Plain(call, "Softplus");
            return;
        }

        string scaled = call.Writer.Step("Mul", [call.Tensor("self"), call.Writer.Scalar(beta)]);
        call.Write("Div", [call.Writer.Step("Softplus", [scaled]), call.Writer.Scalar(beta)]);
    }

    /// <summary>PyTorch's factors belong to the channels, axis 1; ONNX's to the last axes.</summary>
    private static void Prelu(AtenCall call)
    {
        string weight = call.Tensor("weight");
        if (call.Writer.ShapeOf(weight) is not [var count])
        {
            throw new ModelException("its argument 'weight' is no row of constants");
        }

        int rank = call.Rank("self");
        if (count > 1 && rank > 2)
        {
            long[] axes = [.. Enumerable.Range(1, rank - 2)];
            weight = call.Writer.Step("Unsqueeze", [weight, call.Writer.Wholes(axes)]);
        }

        call.Write("PRelu", [call.Tensor("self"), weight]);
    }

    private static void Softmax(AtenCall call, string @operator)
    {
        call.Ignore("dtype", "half_to_float");
        call.Write(@operator, [call.Tensor("self")], ("axis", call.Whole("dim")));
    }
}
