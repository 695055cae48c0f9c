using Interp.Engine.Backends;
using Interp.Engine.Cpu;
using Interp.Engine.Graph;
using Interp.Engine.Rules;
using Interp.Engine.Tensors;
using Interp.Tests.Support;

namespace Interp.Tests.Engine.Backends;

/// <summary>Whole networks of torchvision's families give the same bits at any number of threads, in any batch, and on any instruction set,
/// AVX-512 also where it is made up for in software.</summary>
[TestClass]
public sealed class NarrowNetworkBitsTests
{
    private const int Images = 4;

    public static IEnumerable<object[]> Cases => TorchvisionGolden.Names.Select(n => new object[] { n });

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void LogitsAndGradients_AnyThreadsBatchAndInstructionSet_AreTheSameBits(string name)
    {
        List<float[]> expected = Run(name, Images, new CpuOptions { Threads = 1 });

        Compare("two threads", Run(name, Images, new CpuOptions { Threads = 2 }));
        Compare("two threads, layer by layer", Run(name, Images, new CpuOptions { Threads = 2, Group = Images }));
        Compare("two images a thread", Run(name, Images, new CpuOptions { Threads = 2, Group = 2 }));
        Compare("one image at a time", Run(name, 1, new CpuOptions { Threads = 2 }));
        foreach (InstructionSet set in Enum.GetValues<InstructionSet>().Where(s => s != InstructionSets.Best && InstructionSets.Runs(s)))
        {
            Compare($"{set}", Run(name, Images, new CpuOptions { Threads = 1, InstructionSet = set, Emulated = true }));
        }

        void Compare(string how, List<float[]> found)
        {
            for (int i = 0; i < expected.Count; i++)
            {
                TensorAssert.SameBits(expected[i], found[i], $"{how}, {(i == 0 ? "logits" : ReluRules.All[i - 1].Name)}");
            }
        }
    }

    /// <summary>The logits of four images, then the gradients by each rule; the first image is the golden's.</summary>
    private static List<float[]> Run(string name, int batch, CpuOptions options)
    {
        using var golden = TorchvisionGolden.Open(name);
        (Shape shape, float[] first) = golden.Input;
        Network network = TorchvisionGolden.Load(name);
        float[] input = [.. first, .. new Gaussian(3).Values((Images - 1) * first.Length)];
        float[] upstream = new Gaussian(8).Values(Images * network.Classes);
        using var backend = new CpuBackend(options);
        using Session session = backend.Open(network, new SessionOptions { Batch = batch, Height = shape[2], Width = shape[3] });
        var results = Enumerable.Range(0, 1 + ReluRules.All.Count).Select(_ => new List<float>()).ToList();
        for (int n = 0; n < Images; n += batch)
        {
            session.Forward(input.AsSpan(n * first.Length, batch * first.Length));
            results[0].AddRange(session.Logits());
            for (int r = 0; r < ReluRules.All.Count; r++)
            {
                var seed = new Seed(network.Output, upstream.AsMemory(n * network.Classes, batch * network.Classes));
                session.Backward(ReluRules.All[r], default, seed);
                results[r + 1].AddRange(session.InputGradient());
            }
        }

        return [.. results.Select(r => r.ToArray())];
    }
}
