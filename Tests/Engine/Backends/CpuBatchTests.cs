using Interp.Engine.Backends;
using Interp.Engine.Cpu;
using Interp.Engine.Graph;
using Interp.Engine.Rules;
using Interp.Tests.Support;

namespace Interp.Tests.Engine.Backends;

/// <summary>An image has the same bits alone and in a batch.</summary>
[TestClass]
public sealed class CpuBatchTests
{
    public static IEnumerable<object[]> Names => LayerCases.All().Where(c => c.Batch > 1).Select(c => new object[] { c.Name });

    [TestMethod]
    [DynamicData(nameof(Names))]
    public void Passes_Batch_GiveTheBitsOfSingleImages(string name)
    {
        KernelCase c = KernelCases.Find(name);
        Network network = c.Network();
        using var backend = new CpuBackend(new CpuOptions { Threads = 2, Group = c.Batch });
        using Session batch = backend.Open(network, c.Options);
        using Session single = backend.Open(network, c.Options with { Batch = 1 });
        float[] input = c.Input(network);
        float[] upstream = new Gaussian(8).Values(batch.ShapeOf(network.Output).Count);
        batch.Forward(input);
        batch.Backward(ReluRules.Guided, default, new Seed(network.Output, upstream));
        (int image, int outputs) = (input.Length / c.Batch, upstream.Length / c.Batch);
        for (int n = 0; n < c.Batch; n++)
        {
            (int x, int y) = (n * image, n * outputs);
            single.Forward(input.AsSpan(x, image));
            single.Backward(ReluRules.Guided, default, new Seed(network.Output, upstream.AsMemory(y, outputs)));
            TensorAssert.SameBits(single.Logits(), batch.Logits()[y..(y + outputs)], $"logits of image {n}");
            TensorAssert.SameBits(single.InputGradient(), batch.InputGradient()[x..(x + image)], $"gradient of image {n}");
        }
    }
}
