using Interp.Engine.Cpu;
using Interp.Engine.Graph;
using Interp.Engine.Imaging;
using Interp.Engine.Models;
using Interp.Engine.Tensors;
using Interp.Engine.Visualization;
using Interp.Engine.Visualization.Objectives;
using Interp.Engine.Visualization.Objectives.Units;
using Interp.Engine.Visualization.Transforms;
using Interp.Tests.Support;

namespace Interp.Tests.Engine.Visualization;

[TestClass]
public sealed class SigmoidVisualizationTests
{
    [TestMethod]
    [DataRow(1)]
    [DataRow(3)]
    public void LogProbability_IsTheSigmoids(int outputs)
    {
        Network network = OutputNets.Of(outputs, OutputActivation.Sigmoid);
        float[] logits = [.. Enumerable.Range(0, 2 * outputs).Select(i => i - 1.5f)];
        var seen = new Observation(new Canvas(2, 1, 1), new float[6], _ => (new Shape(2, outputs), logits));

        ObjectiveValue value = new LogProbabilityObjective(network, 0).Evaluate(seen);

        float[] slope = value.Activations[network.Output];
        for (int n = 0; n < 2; n++)
        {
            double p = 1 / (1 + Math.Exp(-logits[n * outputs]));
            Assert.AreEqual(Math.Log(p), value.Values[n], 1e-15, "float64 rounding");
            Assert.AreEqual(1 - p, slope[n * outputs], 1e-7, "one rounding to float32");
            Assert.IsTrue(slope.AsSpan((n * outputs) + 1, outputs - 1).IndexOfAnyExcept(0f) < 0, "no other output matters");
        }
    }

    [TestMethod]
    public void UntilProbability_OfADetector_StopsWhereItIsReached()
    {
        Network network = OutputNets.Of(1);
        using var backend = new CpuBackend(new CpuOptions { Threads = 1 });
        using var visualizer = new Visualizer(network, backend);
        var grey = new RgbImage(OutputNets.Size, OutputNets.Size, [.. Enumerable.Repeat((byte)128, OutputNets.Size * OutputNets.Size * 3)]);
        double before = visualizer.Check.Probability(grey, 0), wanted = before + ((1 - before) / 8);

        VisualizationResult result = visualizer.Run(new LogProbabilityObjective(network, 0), new VisualizationOptions
        {
            Steps = 400,
            Class = 0,
            UntilProbability = wanted,
            CheckEvery = 4,
            FromGrey = true,
            Transforms = TransformChain.None,
        });

        ImageFacts facts = visualizer.Check.Facts(result.Image(0), 5, null, null);
        Assert.AreEqual(StopReason.Probability, result.Stopped);
        Assert.IsTrue(before is > 0 and < 1, $"{before}");
        Assert.IsTrue(facts.Probabilities[0] >= wanted && facts.Probabilities[0] < 1, $"{facts.Probabilities[0]}, wanted {wanted}");
        Assert.AreEqual(1 / (1 + Math.Exp(-facts.Top[0].Logit)), facts.Top[0].Probability, 1e-15, "float64 rounding");
        Assert.AreEqual(before, result.Curve[0].Probability[0], 0.01, "grey before its first step, not rounded to 8 bits");
    }
}
