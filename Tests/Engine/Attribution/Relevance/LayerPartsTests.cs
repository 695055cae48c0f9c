using Interp.Engine.Attribution.Relevance.Parts;
using Interp.Engine.Cpu;
using Interp.Engine.Graph;
using Interp.Engine.Layers;
using Interp.Engine.Reference;
using Interp.Engine.Tensors;
using Interp.Tests.Support;

namespace Interp.Tests.Engine.Attribution.Relevance;

[TestClass]
public sealed class LayerPartsTests
{
    [TestMethod]
    public void Apply_EachPart_IsItsFormula()
    {
        (WeightPart Part, float[] Expected)[] cases =
        [
            (WeightPart.Own, [-2, 0, 4]),
            (WeightPart.Positive, [0, 0, 4]),
            (WeightPart.Negative, [-2, 0, 0]),
            (WeightPart.Ones, [1, 1, 1]),
            (WeightPart.Squared, [4, 0, 16]),
            (WeightPart.Scaled(0.5, -1), [2, 0, 2]),
            (WeightPart.MorePositive(0.25), [-2, 0, 5]),
            (WeightPart.MoreNegative(0.25), [-2.5f, 0, 4]),
        ];
        foreach ((WeightPart part, float[] expected) in cases)
        {
            float[] values = [-2, 0, 4];
            part.Apply(values);
            CollectionAssert.AreEqual(expected, values, $"{part}");
        }
    }

    [TestMethod]
    public void Open_ConvolutionOfOneSign_RunsForwardAndBackAlone()
    {
        Weight weight = Weight.FromValues("w", new Shape(2, 1, 1, 1), [3, -2]);
        Weight bias = Weight.FromValues("b", new Shape(2), [-1, 5]);
        Node node = new NetworkBuilder(1).Then("conv", new Conv2d(1, 2, Window.Square(1)), weight, bias).BuildPart("c", 2).Output;
        using var backend = new ReferenceBackend();
        using var parts = new LayerParts(backend);

        using PartRun run = parts.Open(node, new Shape(1, 1, 1, 2), WeightPart.Positive, bias: true, isShared: false, default);

        CollectionAssert.AreEqual(new float[] { 3, 6, 5, 5 }, run.Forward([1, 2]), "weights 3 and 0, biases 0 and 5");
        CollectionAssert.AreEqual(new float[] { 3, 0 }, run.Back([1, 0, 7, 7]));
        Assert.AreEqual(70, run.BiasShare([1, 0, 7, 7]));
    }

    [TestMethod]
    public void Open_LinearWithoutForward_GivesTheTransposedMap()
    {
        Weight weight = Weight.FromValues("w", new Shape(2, 3), [1, 2, 3, 4, 5, 6]);
        Node node = new NetworkBuilder(3).Then("row", new Flatten()).Then("fc", new Linear(3, 2, Bias: false), weight).BuildPart(
            "c", 1).Output;
        using var backend = new CpuBackend(new CpuOptions { Threads = 1 });
        using var parts = new LayerParts(backend);

        using PartRun run = parts.Open(node, new Shape(1, 3), WeightPart.Own, bias: true, isShared: false, default);

        CollectionAssert.AreEqual(new float[] { 9, 12, 15 }, run.Back([1, 2]));
        Assert.AreEqual(0, run.BiasShare([1, 2]));
    }

    [TestMethod]
    [DoNotParallelize]
    public void Open_OwnWeights_AreNotCopied() => LeakCheck.Run(() =>
    {
        Weight weight = Weight.FromValues("w", new Shape(512, 4096), new float[512 * 4096]);
        Node node = new NetworkBuilder(4096).Then("row", new Flatten()).Then("fc", new Linear(4096, 512, Bias: false), weight).BuildPart(
            "c", 1).Output;
        using var backend = new CpuBackend(new CpuOptions { Threads = 1 });
        using var parts = new LayerParts(backend);
        long before = NativeBuffer.LiveBytes;

        using PartRun own = parts.Open(node, new Shape(1, 4096), WeightPart.Own, bias: true, isShared: false, default);
        Assert.IsLessThan(weight.Bytes / 4, NativeBuffer.LiveBytes - before, "activations and gradients only");
    });

    [TestMethod]
    public void BuildPart_OutputOfAnyShape_HasNoClasses()
    {
        Network part = new NetworkBuilder(3).Then("relu", new ReLU()).BuildPart("part", 4);

        Assert.AreEqual(0, part.Classes);
        Assert.AreEqual(0, part.Labels.Count);
        Assert.AreEqual(new Shape(2, 3, 4, 5), part.Shapes(2, 4, 5)[part.Output.Id]);
    }
}
