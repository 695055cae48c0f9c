using Interp.Engine.Common;
using Interp.Engine.Graph;
using Interp.Engine.Layers;
using Interp.Engine.Tensors;

namespace Interp.Tests.Engine.Layers;

[TestClass]
public sealed class ShapeInferenceTests
{
    /// <summary>Sizes worked by hand from PyTorch's formula ⌊(size + 2·padding − dilation·(kernel − 1) − 1) / stride⌋ + 1.</summary>
    [TestMethod]
    [DataRow(3, 1, 1, 1, 224, 224)]
    [DataRow(7, 2, 3, 1, 224, 112)]
    [DataRow(5, 1, 0, 1, 9, 5)]
    [DataRow(3, 2, 0, 1, 8, 3)]
    [DataRow(3, 1, 2, 2, 10, 10)]
    [DataRow(1, 3, 0, 1, 10, 4)]
    public void Conv2d_Output_FollowsTheFormula(int kernel, int stride, int padding, int dilation, int size, int expected)
    {
        var layer = new Conv2d(4, 6, Window.Square(kernel, stride, padding, dilation), Groups: 2);

        Assert.AreEqual(new Shape(5, 6, expected, expected), layer.Infer([new Shape(5, 4, size, size)]));
        Assert.AreEqual(new Shape(6, 2, kernel, kernel), layer.Parameters[0]);
    }

    /// <summary>With the size rounded up, a window that would start in the right-hand padding is dropped.</summary>
    [TestMethod]
    [DataRow(3, 2, 0, 6, false, 2)]
    [DataRow(3, 2, 0, 6, true, 3)]
    [DataRow(2, 2, 1, 5, true, 3)]
    [DataRow(2, 3, 1, 4, true, 2)]
    public void MaxPool2d_CeilMode_FollowsPyTorch(int kernel, int stride, int padding, int size, bool ceil, int expected) =>
        Assert.AreEqual(new Shape(1, 2, expected, expected),
            new MaxPool2d(Window.Square(kernel, stride, padding), ceil).Infer([new Shape(1, 2, size, size)]));

    /// <summary>As TensorFlow pads: the output is ⌈size/stride⌉, an odd row stands at the end, or at the start.</summary>
    [TestMethod]
    [DataRow(PaddingRule.SameUpper, 224, 3, 2, 1, 112, 0, 1)]
    [DataRow(PaddingRule.SameUpper, 225, 3, 2, 1, 113, 1, 1)]
    [DataRow(PaddingRule.SameLower, 224, 3, 2, 1, 112, 1, 0)]
    [DataRow(PaddingRule.SameUpper, 224, 7, 2, 1, 112, 2, 3)]
    [DataRow(PaddingRule.SameUpper, 9, 3, 1, 2, 9, 2, 2)]
    [DataRow(PaddingRule.SameUpper, 9, 4, 1, 1, 9, 1, 2)]
    [DataRow(PaddingRule.SameUpper, 10, 1, 3, 1, 4, 0, 0)]
    public void Window_SamePadding_DependsOnTheSize(
        PaddingRule rule, int size, int kernel, int stride, int dilation, int expected, int start, int end)
    {
        Window window = Window.Square(kernel, stride, dilation: dilation) with { PaddingRule = rule };
        Window at = window.At(size, size);

        Assert.AreEqual(Size2.Square(start), at.Padding);
        Assert.AreEqual(Size2.Square(end), at.PaddingEnd ?? at.Padding);
        Assert.AreEqual(start == end, at.PaddingEnd is null);
        Assert.IsNull(at.PaddingRule);
        Assert.AreEqual(new Shape(1, 4, expected, expected), new Conv2d(3, 4, window).Infer([new Shape(1, 3, size, size)]));
        Assert.AreEqual(new Shape(1, 3, expected, expected), new MaxPool2d(window).Infer([new Shape(1, 3, size, size)]));
    }

    /// <summary>Worked by hand from the definitions; 33/1.1 is 30, which float32 does not show.</summary>
    [TestMethod]
    [DataRow(1.5, SampleGrid.Asymmetric, NearestRounding.Floor, 4, "0 0 1 2 2 3")]
    [DataRow(2, SampleGrid.HalfPixel, NearestRounding.HalfDown, 3, "0 0 1 1 2 2")]
    [DataRow(2, SampleGrid.HalfPixel, NearestRounding.Ceil, 3, "0 1 1 2 2 2")]
    [DataRow(2, SampleGrid.Asymmetric, NearestRounding.HalfUp, 3, "0 1 1 2 2 2")]
    [DataRow(2, SampleGrid.Asymmetric, NearestRounding.HalfDown, 3, "0 0 1 1 2 2")]
    [DataRow(2, SampleGrid.AlignCorners, NearestRounding.HalfUp, 3, "0 0 1 1 2 2")]
    [DataRow(0.5, SampleGrid.Asymmetric, NearestRounding.Floor, 5, "0 2")]
    public void Upsample_Sources_AreAsDefined(double scale, SampleGrid grid, NearestRounding rounding, int size, string sources)
    {
        IPixelLayer layer = new Upsample(scale, scale, null, grid, rounding);

        Assert.AreEqual(sources, string.Join(' ', layer.At(size, size).Rows));
        Assert.AreEqual(30, ((IPixelLayer)new Upsample((float)1.1, 1)).At(40, 1).Rows[33]);
    }

    [TestMethod]
    public void Pad2d_Sources_AreAsDefined()
    {
        Assert.AreEqual("2 1 0 1 2 3 2", string.Join(' ', Rows(PadMode.Reflect, 2, 1)));
        Assert.AreEqual("0 0 0 1 2 3 3", string.Join(' ', Rows(PadMode.Replicate, 2, 1)));
        Assert.AreEqual("-1 -1 0 1 2 3 -1", string.Join(' ', Rows(PadMode.Constant, 2, 1)));
        Assert.AreEqual("1 2", string.Join(' ', Rows(PadMode.Constant, -1, -1)));

        static int[] Rows(PadMode mode, int start, int end) =>
            ((IPixelLayer)new Pad2d(Size2.Square(start), Size2.Square(end), mode)).At(4, 4).Rows;
    }

    [TestMethod]
    public void Window_PaddingAtTheEnd_CountsOnce()
    {
        Window window = Window.Square(3, stride: 2) with { PaddingEnd = new Size2(1, 0) };

        Assert.AreEqual(new Shape(1, 4, 4, 3), new Conv2d(3, 4, window).Infer([new Shape(1, 3, 8, 8)]));
        Assert.AreEqual(new Shape(1, 3, 4, 3), new AvgPool2d(window).Infer([new Shape(1, 3, 8, 8)]));
    }

    [TestMethod]
    public void OtherLayers_Output_IsAsDefined()
    {
        var x = new Shape(2, 3, 4, 5);

        Assert.AreEqual(x, new Activation("silu").Infer([x]));
        Assert.AreEqual(new Shape(2, 9), new Activation("tanh").Infer([new Shape(2, 9)]));
        Assert.AreEqual(x, new PReLU(3).Infer([x]));
        Assert.AreEqual(x, new GroupNorm(3, 3, 1e-5).Infer([x]));
        Assert.AreEqual(x, new Extremum().Infer([x, x]));
        Assert.AreEqual(new Shape(2, 3, 1, 5), new AdaptiveMaxPool2d(new Size2(1, 5)).Infer([x]));
        Assert.AreEqual(new Shape(2, 3, 8, 4), new Pad2d(new Size2(1, -2), new Size2(3, 1)).Infer([x]));
        Assert.AreEqual(new Shape(2, 3, 6, 10), new Upsample(1.5, 2).Infer([x]));
        Assert.AreEqual(new Shape(2, 3, 7, 9), new Upsample(1, 1, new Size2(7, 9)).Infer([x]));
        Assert.AreEqual(x, new ChannelAffine(3).Infer([x]));
        Assert.AreEqual(new Shape(2, 9), new LayerNorm(9, 1e-6).Infer([new Shape(2, 9)]));
        Assert.AreEqual(new Shape(2, 3, 2, 3), new AvgPool2d(Window.Square(2, 2), CeilMode: true).Infer([x]));
        Assert.AreEqual(x, new Multiply().Infer([x, new Shape(2, 3, 1, 1)]));
        Assert.AreEqual(x, new Multiply().Infer([x, new Shape(2, 1, 4, 5)]));
        Assert.AreEqual(x, new Multiply().Infer([x, x]));
        Assert.AreEqual(new Shape(2, 2, 4, 5), new ChannelSlice(1, 2).Infer([x]));
        Assert.AreEqual(x, new ChannelShuffle(3).Infer([x]));
        Assert.AreEqual(new Shape(2, 3, 7, 1), new AdaptiveAvgPool2d(new Size2(7, 1)).Infer([x]));
        Assert.AreEqual(new Shape(2, 60), new Flatten().Infer([x]));
        Assert.AreEqual(new Shape(2, 9), new Linear(60, 9).Infer([new Shape(2, 60)]));
        Assert.AreEqual(new Shape(2, 11, 4, 5), new Concat().Infer([x, new Shape(2, 8, 4, 5)]));
        Assert.AreEqual(x, new Add().Infer([x, x, x]));
        Assert.AreEqual(x, new ReLU().Infer([x]));
        Assert.AreEqual(x, new Dropout().Infer([x]));
        Assert.AreEqual(x, new Identity().Infer([x]));
        Assert.AreEqual(new Shape(2, 9), new Softmax().Infer([new Shape(2, 9)]));
    }

    [TestMethod]
    public void Errors_AnyLayer_SayWhatWasExpectedAndFound()
    {
        var x = new Shape(2, 3, 4, 5);

        Fails(new Conv2d(4, 8, Window.Square(3)), "conv2d: expected 4 input channels, found [2,3,4,5]", x);
        Fails(new Conv2d(3, 8, Window.Square(9)), "conv2d: a kernel of 9 with dilation 1 does not fit into 4 with padding 0", x);
        Fails(new Conv2d(3, 8, Window.Square(3), Groups: 2), "conv2d: 3 input and 8 output channels do not split into 2 groups", x);
        Fails(new Conv2d(3, 8, Window.Square(3, stride: 0)), "conv2d: kernel, stride and dilation must be at least 1", x);
        Fails(new MaxPool2d(Window.Square(2, 2, 2)), "maxpool2d: a window would lie wholly in the padding of 4x5", x);
        Fails(new AvgPool2d(Window.Square(2) with { PaddingEnd = Size2.Square(2) }),
            "avgpool2d: a window would lie wholly in the padding", x);
        Fails(new MaxPool2d(Window.Square(2, 1, 4, 3)), "maxpool2d: a window would lie wholly in the padding", x);
        Fails(new AdaptiveMaxPool2d(Size2.Square(2)), "adaptive_maxpool2d: expected maps of a multiple of 2x2, found [2,3,4,5]", x);
        Fails(new Pad2d(Size2.Square(4), default, PadMode.Reflect), "reflectionpad2d: 4 and 0 do not fit on a size of 4", x);
        Fails(new Pad2d(Size2.Square(-2), Size2.Square(-2)), "constantpad2d: -2 and -2 do not fit on a size of 4", x);
        Fails(new Pad2d(default, default, Value: double.NaN), "constantpad2d: the value is NaN", x);
        Fails(new Upsample(0, 1), "upsample: expected scales above 0", x);
        Fails(new Upsample(0.1, 1), "upsample: a size of 4 becomes 0", x);
        Fails(new GroupNorm(2, 3, 1e-5), "groupnorm: 3 channels do not split into 2 groups", x);
        Fails(new GroupNorm(3, 3, 2), "instancenorm2d: epsilon is 2, expected 0 to 1", x);
        Fails(new Extremum(), "maximum: expected 2 inputs, found 1", x);
        Fails(new Extremum(Least: true), "minimum: expected inputs of one shape, found [2,3,4,5] and [2,3]", x, new Shape(2, 3));
        Fails(new Linear(61, 9), "linear: expected 61 input features, found [2,60]", new Shape(2, 60));
        Fails(new Linear(60, 9), "linear: expected an input of rank 2, found [2,3,4,5]", x);
        Fails(new AdaptiveAvgPool2d(new Size2(0, 1)), "adaptive_avgpool2d: expected an output of at least 1x1", x);
        Fails(new Add(), "add: expected inputs of one shape, found [2,3,4,5] and [2,3,4,6]", x, new Shape(2, 3, 4, 6));
        Fails(new Add(), "add: expected at least 2 inputs, found 1", x);
        Fails(new Concat(), "concat: expected [N,C,H,W] inputs that differ in C only, found [2,3,4,5] and [1,3,4,5]", x,
            new Shape(1, 3, 4, 5));
        Fails(new Softmax(), "softmax: expected an input of rank 2", x);
        Fails(new ReLU(), "relu: expected 1 input, found 2", x, x);
        Fails(new Activation("swash"),
            "activation function 'swash': expected relu6, leaky_relu, threshold, hardtanh, silu, hardswish, gelu, gelu_tanh, "
            + "elu, selu, celu, softplus, mish, hardsigmoid, sigmoid, tanh, softsign", x);
        Fails(new Activation("leaky_relu", []), "activation function 'leaky_relu': expected 1 parameters (negative_slope), found 0", x);
        Fails(new PReLU(4), "prelu: expected [N,4] or [N,4,H,W], found [2,3,4,5]", x);
        Fails(new ChannelAffine(4), "affine: expected [N,4] or [N,4,H,W], found [2,3,4,5]", x);
        Fails(new LayerNorm(4, 1e-6), "layernorm: expected [N,4] or [N,4,H,W], found [2,3,4,5]", x);
        Fails(new LayerNorm(3, double.NaN), "layernorm: epsilon is NaN, expected 0 to 1", x);
        Fails(new LayerNorm(3, -1e-6), "layernorm: epsilon is -1E-06, expected 0 to 1", x);
        Fails(new AvgPool2d(Window.Square(2, dilation: 2)), "avgpool2d: expected no dilation", x);
        Fails(new MaxPool2d(Window.Square(9) with { PaddingEnd = Size2.Square(1) }),
            "maxpool2d: a kernel of 9 with dilation 1 does not fit into 4 with padding 0 and 1", x);
        Fails(new Conv2d(3, 8, Window.Square(1) with { PaddingEnd = new Size2(-1, 0) }), "conv2d: kernel, stride and dilation must", x);
        Fails(new Multiply(), "multiply: expected 2 inputs, a map and a gate, found 1", x);
        Fails(new Multiply(), "multiply: expected a gate of shape [N,C,1,1], [N,1,H,W] or that of the map [2,3,4,5], found [2,3,1,5]",
            x, new Shape(2, 3, 1, 5));
        Fails(new ChannelSlice(2, 2), "channel_slice: channels 2 to 3 do not lie in [2,3,4,5]", x);
        Fails(new ChannelSlice(-1, 2), "channel_slice: channels -1 to 0 do not lie in [2,3,4,5]", x);
        Fails(new ChannelSlice(1, int.MaxValue), "channel_slice: channels 1 to 2147483647 do not lie in [2,3,4,5]", x);
        Fails(new ChannelShuffle(2), "channel_shuffle: 3 channels do not split into 2 groups", x);
        Fails(new ChannelShuffle(0), "channel_shuffle: 3 channels do not split into 0 groups", x);
        Fails(new Input(3), "an input layer may only be the first node", x);
    }

    private static void Fails(Layer layer, string message, params Shape[] inputs) =>
        Assert.StartsWith(message, Assert.ThrowsExactly<ModelException>(() => layer.Infer(inputs)).Message);
}
