using Interp.Engine.Backends;
using Interp.Engine.Graph;
using Interp.Engine.Layers;
using Interp.Engine.Models;
using Interp.Engine.Reference;
using Interp.Engine.Rules;
using Interp.Engine.Tensors;
using Interp.Tests.Support;

namespace Interp.Tests.Engine.Reference;

/// <summary>Layers on numbers small enough to be worked out on paper.</summary>
[TestClass]
public sealed class WorkedExampleTests
{
    [TestMethod]
    public void Conv2d_TwoByTwoKernelWithPaddingAndStride()
    {
        // Padded input 0 0 0 0 / 0 1 2 0 / 0 3 4 0 / 0 0 0 0, kernel 1 2 / 3 4 at every second place, bias 10.
        var layer = new Conv2d(1, 1, Window.Square(2, stride: 2, padding: 1));
        Network network = Build(
            1, layer, Weight.FromValues("w", new Shape(1, 1, 2, 2), [1, 2, 3, 4]), Weight.FromValues("b", new Shape(1), [10]));
        (double[] y, double[] gradient) = Run(network, 2, 2, [1, 2, 3, 4], [1, 10, 100, 1000]);
        CollectionAssert.AreEqual((double[])[14, 16, 16, 14], y);
        CollectionAssert.AreEqual((double[])[4, 30, 200, 1000], gradient);
    }

    [TestMethod]
    public void Conv2d_TwoGroups_DoNotMix()
    {
        var layer = new Conv2d(2, 2, Window.Square(1), Groups: 2, Bias: false);
        Network network = Build(2, layer, Weight.FromValues("w", new Shape(2, 1, 1, 1), [2, 3]));
        (double[] y, double[] gradient) = Run(network, 1, 2, [1, 5, 7, 11], [1, 2, 3, 4]);
        CollectionAssert.AreEqual((double[])[2, 10, 21, 33], y);
        CollectionAssert.AreEqual((double[])[2, 4, 9, 12], gradient);
    }

    [TestMethod]
    public void MaxPool2d_Ties_GoToTheFirstInRowOrder()
    {
        Network network = Build(1, new MaxPool2d(Window.Square(2, stride: 1)));
        (double[] y, double[] gradient) = Run(network, 3, 3, [2, 2, 1, 2, 2, 0, 0, 0, 0], [1, 10, 100, 1000]);
        CollectionAssert.AreEqual((double[])[2, 2, 2, 2], y);

        // The windows' first maxima: top left, top middle, middle left, centre.
        CollectionAssert.AreEqual((double[])[1, 10, 0, 100, 1000, 0, 0, 0, 0], gradient);
    }

    [TestMethod]
    public void MaxPool2d_NegativeInputs_PaddingNeverWins()
    {
        Network network = Build(1, new MaxPool2d(Window.Square(2, stride: 2, padding: 1)));
        (double[] y, double[] gradient) = Run(network, 2, 2, [-1, -2, -3, -4], [1, 2, 3, 4]);
        CollectionAssert.AreEqual((double[])[-1, -2, -3, -4], y);
        CollectionAssert.AreEqual((double[])[1, 2, 3, 4], gradient);
    }

    [TestMethod]
    public void MaxPool2d_WindowWhollyInPadding_IsMinusInfinityAndPassesNothing()
    {
        var window = new Window(new(1, 2), new(1, 1), new(0, 1), new(1, 5));
        Network network = Build(1, new MaxPool2d(window));
        (double[] y, double[] gradient) = Run(network, 1, 4, [1, 2, 3, 4], [9]);
        CollectionAssert.AreEqual((double[])[double.NegativeInfinity], y);
        CollectionAssert.AreEqual(new double[4], gradient);
    }

    [TestMethod]
    public void AdaptiveAvgPool2d_FiveToThree_WindowsOverlap()
    {
        // Columns 0-1, 1-3, 3-4 of five.
        Network network = Build(1, new AdaptiveAvgPool2d(new Size2(1, 3)));
        (double[] y, double[] gradient) = Run(network, 1, 5, [1, 3, 5, 10, 20], [2, 3, 4]);
        CollectionAssert.AreEqual((double[])[2, 6, 15], y);
        CollectionAssert.AreEqual((double[])[1, 2, 1, 3, 2], gradient);
    }

    [TestMethod]
    public void AdaptiveAvgPool2d_TwoToThree_RepeatsColumns()
    {
        // Columns 0, 0-1, 1 of two.
        Network network = Build(1, new AdaptiveAvgPool2d(new Size2(1, 3)));
        (double[] y, double[] gradient) = Run(network, 1, 2, [4, 8], [1, 10, 100]);
        CollectionAssert.AreEqual((double[])[4, 6, 8], y);
        CollectionAssert.AreEqual((double[])[6, 105], gradient);
    }

    [TestMethod]
    public void Linear_TwoToThree()
    {
        var weights =
            new[] { Weight.FromValues("w", new Shape(3, 2), [1, 2, 3, 4, 5, 6]), Weight.FromValues("b", new Shape(3), [100, 200, 300]) };
        Network network = new NetworkBuilder(2).Then("flat", new Flatten()).Then("linear", new Linear(2, 3), weights)
            .Build("linear", new Preprocessing { InputSize = 1 });
        (double[] y, double[] gradient) = Run(network, 1, 1, [10, 1], [1, 10, 100]);
        CollectionAssert.AreEqual((double[])[112, 234, 356], y);
        CollectionAssert.AreEqual((double[])[531, 642], gradient);
    }

    [TestMethod]
    public void AddAndConcat_SharedInput_GradientsAddUp()
    {
        Network network = new NetworkBuilder(1).Add("sum", new Add(), ["input", "input"], [])
            .Add("joined", new Concat(), ["input", "sum", "input"], []).Then("flat", new Flatten()).Build(
            "dag", new Preprocessing { InputSize = 1 });
        (double[] y, double[] gradient) = Run(network, 1, 1, [3], [1, 10, 100]);
        CollectionAssert.AreEqual((double[])[3, 6, 3], y);
        CollectionAssert.AreEqual((double[])[121], gradient);
    }

    [TestMethod]
    public void Softmax_OneZeroAndLogThree()
    {
        Network network = new NetworkBuilder(2).Then("flat", new Flatten()).Then("softmax", new Softmax())
            .Build("softmax", new Preprocessing { InputSize = 1 });
        using var session = new ReferenceSession(network, new SessionOptions());
        session.ForwardExact([1000, 1000 + Math.Log(3)]);
        session.Backward(ReluRules.Vanilla, default, new Seed(network.Output, new float[] { 1, 0 }));

        // p = ¼, ¾ and p₀·(1 − p₀) = 3/16; ln 3 beside 1000 keeps 2^-44 of relative accuracy.
        TensorAssert.RelativeL2([0.25, 0.75], session.ActivationExact(network.Output), 1e-12, "rounding of the large logits");
        TensorAssert.RelativeL2([3.0 / 16, -3.0 / 16], session.GradientExact(network.Input), 1e-12, "rounding of the large logits");
    }

    private static Network Build(int channels, Layer layer, params ReadOnlySpan<Weight> weights) =>
        new NetworkBuilder(channels).Then("layer", layer, weights).Then("flat", new Flatten()).Build(
        layer.Kind, new Preprocessing { InputSize = 6 });

    private static (double[] Output, double[] Gradient) Run(Network network, int height, int width, double[] x, float[] upstream)
    {
        using var session = new ReferenceSession(network, new SessionOptions { Height = height, Width = width });
        session.ForwardExact(x);
        session.Backward(ReluRules.Vanilla, default, new Seed(network.Output, upstream));
        return (session.ActivationExact(network.Output), session.GradientExact(network.Input));
    }
}
