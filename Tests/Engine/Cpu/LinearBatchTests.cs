using Interp.Engine.Backends;
using Interp.Engine.Cpu;
using Interp.Engine.Graph;
using Interp.Engine.Layers;
using Interp.Engine.Models;
using Interp.Engine.Rules;
using Interp.Engine.Tensors;
using Interp.Tests.Support;

namespace Interp.Tests.Engine.Cpu;

/// <summary>
/// Linear layers take several images along the weights at once. No image's results depend on those beside it, not by a bit, whatever their
/// number, the
/// weights' type and the width of the registers.
/// </summary>
[TestClass]
public sealed class LinearBatchTests
{
    private const int Features = 1039, Classes = 37; // More than a piece of columns and a rest; a last group of rows that is not full.

    [TestMethod]
    [DataRow(DType.Float32)]
    [DataRow(DType.Float16)]
    public void Passes_AnyBatch_GiveEachImageTheSameBits(DType type)
    {
        const int Images = 11;
        Network network = LinearNetwork(type);
        float[] inputs = new Gaussian(5).Values(Images * Features);
        float[] gradients = new Gaussian(6).Values(Images * Classes);
        for (int i = 0; i < gradients.Length; i++)
        {
            gradients[i] = i % Classes % 3 == 0 || i % 5 == 0 ? 0f : gradients[i]; // Some rows are zero for all images, others for some.
        }

        (float[] logits, float[] inputGradient) = Run(network, inputs, gradients, 1, InstructionSets.Best);
        foreach (InstructionSet set in Enum.GetValues<InstructionSet>().Where(InstructionSets.Runs))
        {
            foreach (int batch in (int[])[3, 4, 5, 8, Images])
            {
                (float[] batchLogits, float[] batchGradient) = Run(network, inputs, gradients, batch, set);
                TensorAssert.SameBits(logits, batchLogits, $"logits, {set}, {batch} at once");
                TensorAssert.SameBits(inputGradient, batchGradient, $"gradient, {set}, {batch} at once");
            }
        }
    }

    /// <summary>Runs all images, <paramref name="batch"/> at once, the last run filled up with the first images.</summary>
    private static (float[] Logits, float[] InputGradient) Run(Network network, float[] inputs, float[] gradients, int batch,
        InstructionSet set)
    {
        int images = inputs.Length / Features;
        using var backend = new CpuBackend(new CpuOptions { Threads = 2, InstructionSet = set, Emulated = true });
        using Session session = backend.Open(network, new SessionOptions { Batch = batch });
        var logits = new List<float>();
        var inputGradients = new List<float>();
        for (int first = 0; first < images; first += batch)
        {
            int[] now = [.. Enumerable.Range(first, batch).Select(n => n % images)];
            session.Forward([.. now.SelectMany(n => inputs[(n * Features)..((n + 1) * Features)])]);
            logits.AddRange(session.Logits());
            float[] upstream = [.. now.SelectMany(n => gradients[(n * Classes)..((n + 1) * Classes)])];
            session.Backward(ReluRules.Vanilla, default, new Seed(network.Output, upstream));
            inputGradients.AddRange(session.InputGradient());
        }

        return ([.. logits.Take(images * Classes)], [.. inputGradients.Take(images * Features)]);
    }

    private static unsafe Network LinearNetwork(DType type)
    {
        float[] values = new Gaussian(4).Values(Classes * Features);
        Weight weight = Weight.FromValues("fc.weight", new Shape(Classes, Features), values);
        if (type == DType.Float16)
        {
            var memory = new NativeBuffer(2L * values.Length);
            Array.ConvertAll(values, v => (Half)v).CopyTo(new Span<Half>((void*)memory.Address, values.Length));
            weight = new Weight("fc.weight", new Shape(Classes, Features), DType.Float16, memory.Address, memory);
        }

        return new NetworkBuilder(Features).Then("flat", new Flatten()).Then("fc", new Linear(Features, Classes, Bias: false), weight)
            .Build("linear", new Preprocessing { InputSize = 1 });
    }
}
