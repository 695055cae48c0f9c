using Interp.Engine.Backends;
using Interp.Engine.Cpu;
using Interp.Engine.Functions;
using Interp.Engine.Graph;
using Interp.Engine.Rules;
using Interp.Tests.Support;

namespace Interp.Tests.Engine.Backends;

/// <summary>The number of threads changes no bit, on networks large enough that every way to cut the work is taken.</summary>
[TestClass]
public sealed class ThreadTests
{
    [TestMethod]
    [DataRow(ConvChoice.Auto, MemoryUse.Normal)]
    [DataRow(ConvChoice.Winograd, MemoryUse.Normal)]
    [DataRow(ConvChoice.Direct, MemoryUse.Low)]
    public void Passes_AnyNumberOfThreads_GiveTheSameBits(ConvChoice convolution, MemoryUse memory)
    {
        foreach ((Network network, int batch) in ((Network, int)[])[(TinyNets.WideVgg(), 2), (TinyNets.Mobile(), 1),
            (TinyNets.Diamond(), 3), (LayerNets.SqueezeExcite(ActivationFunctions.SiLU, ActivationFunctions.Sigmoid, size: 75), 2),
            (LayerNets.Shuffle(58, size: 75), 2), (LayerNets.ConvNext(size: 50), 2), (LayerNets.Dense(size: 40), 2)])
        {
            var expected = Run(network, batch, new CpuOptions { Threads = 1, Convolution = convolution, Memory = memory });
            foreach (int threads in (int[])[2, 3, 7])
            {
                var actual = Run(network, batch, new CpuOptions { Threads = threads, Convolution = convolution, Memory = memory });
                foreach ((string what, float[] values) in expected)
                {
                    TensorAssert.SameBits(values, actual[what], $"{network.Name}, {threads} threads: {what}");
                }
            }
        }
    }

    private static Dictionary<string, float[]> Run(Network network, int batch, CpuOptions options)
    {
        using var backend = new CpuBackend(options);
        using Session session = backend.Open(network, new SessionOptions { Batch = batch });
        session.Forward(new Gaussian(80).Values(session.InputShape.Count));
        var results = new Dictionary<string, float[]> { ["logits"] = session.Logits() };
        foreach (ReluRule rule in ReluRules.All)
        {
            session.Backward(rule, default, new Seed(network.Output, new Gaussian(81).Values(batch * network.Classes)));
            results[rule.Name] = session.InputGradient();
        }

        return results;
    }
}
