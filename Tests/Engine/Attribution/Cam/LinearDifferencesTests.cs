using Interp.Engine.Attribution.Cam;
using Interp.Engine.Common;
using Interp.Engine.Graph;
using Interp.Engine.Layers;
using Interp.Engine.Tensors;
using Interp.Tests.Support;

namespace Interp.Tests.Engine.Attribution.Cam;

[TestClass]
public sealed class LinearDifferencesTests
{
    [TestMethod]
    [DataRow(1, 40, 5)]
    [DataRow(9, 7, 33)]
    [DataRow(49, 3, 17)]
    [DataRow(16, 2, 16)]
    public void Outputs_EachBlockReplaced_AreThoseOfTheLayer(int each, int blocks, int outputs)
    {
        (Node linear, float[] w, float[] b) = Layer(each * blocks, outputs);
        float[] x = new Gaussian(3).Values(each * blocks), replaced = new Gaussian(4).Values(each * blocks);
        replaced.AsSpan(0, each).Clear();
        int[] which = [blocks - 1, 0];

        float[] found = new LinearDifferences(linear, x, replaced, blocks).Outputs(which, ThreadLimit.Of(1));

        TensorAssert.SameBits(
            found, new LinearDifferences(linear, x, replaced, blocks).Outputs(which, ThreadLimit.Of(3)), "three threads");
        for (int row = 0; row <= which.Length; row++)
        {
            for (int o = 0; o < outputs; o++)
            {
                double expected = b[o];
                for (int i = 0; i < x.Length; i++)
                {
                    bool isReplaced = row > 0 && i / each == which[row - 1];
                    expected += (double)w[(o * x.Length) + i] * (isReplaced ? replaced[i] : x[i]);
                }

                // 2⁻²⁴ of the value for the one rounding to float32; float64 sums of at most 150 products leave nothing beside it.
                Assert.AreEqual(expected, found[(row * outputs) + o], (6e-8 * Math.Abs(expected)) + 1e-12, $"row {row}, output {o}");
            }
        }
    }

    [TestMethod]
    public void Outputs_OfTwoMaps_AreTheOnesWorkedOut()
    {
        Node linear = new NetworkBuilder(2).Then("flat", new Flatten()).Then(
            "fc", new Linear(4, 1), Weight.FromValues("w", new Shape(1, 4), [1, 2, 3, 4]), Weight.FromValues("b", new Shape(1), [0.5f]))
            .Build("worked", new Interp.Engine.Models.Preprocessing { InputSize = 1, InputWidth = 2 }).Output;

        // 0.5 + (1·1 + 2·1) + (3·2 + 4·1) = 13.5; without the first block 10.5, without the second 3.5.
        float[] found = new LinearDifferences(linear, [1, 1, 2, 1], new float[4], 2).Outputs([0, 1], ThreadLimit.Of(1));

        CollectionAssert.AreEqual((float[])[13.5f, 10.5f, 3.5f], found);
    }

    private static (Node Linear, float[] W, float[] B) Layer(int inputs, int outputs)
    {
        float[] w = new Gaussian(1).Values(inputs * outputs), b = new Gaussian(2).Values(outputs);
        Network network = new NetworkBuilder(inputs).Then("flat", new Flatten()).Then(
            "fc", new Linear(inputs, outputs),
            Weight.FromValues("w", new Shape(outputs, inputs), w), Weight.FromValues("b", new Shape(outputs), b))
            .Build("linear", new Interp.Engine.Models.Preprocessing { InputSize = 1 });
        return (network.Output, w, b);
    }
}
