using Interp.Engine.Backends;
using Interp.Engine.Common;
using Interp.Engine.Cpu;
using Interp.Engine.Graph;
using Interp.Engine.Rules;
using Interp.Tests.Support;

namespace Interp.Tests.Engine.Backends;

/// <summary>
/// Every instruction set gives the bits that this machine's widest gives, whichever way convolutions are computed; AVX-512 also where it is
/// made up for in software.
/// </summary>
[TestClass]
public sealed class InstructionSetTests
{
    private static readonly ReluRule[] s_rules = [.. ReluRules.All, ReluRules.Redirected];

    [TestMethod]
    [DynamicData(nameof(KernelCases.Names), typeof(KernelCases))]
    public void Passes_NarrowerVectors_GiveTheSameBits(string name)
    {
        KernelCase c = KernelCases.Find(name);
        Network network = c.Network();
        foreach (ConvChoice choice in (ConvChoice[])[ConvChoice.Direct, ConvChoice.Winograd])
        {
            List<float[]> expected = Run(c, network, choice, InstructionSets.Best);
            foreach (InstructionSet set in Enum.GetValues<InstructionSet>().Where(
                s => s != InstructionSets.Best && InstructionSets.Runs(s)))
            {
                List<float[]> actual = Run(c, network, choice, set);
                for (int i = 0; i < expected.Count; i++)
                {
                    TensorAssert.SameBits(expected[i], actual[i], $"{choice}, {set}, {(i == 0 ? "logits" : s_rules[i - 1].Name)}");
                }
            }
        }
    }

    [TestMethod]
    public void Backend_SetThatTheProcessorLacks_NamesTheWidest()
    {
        InstructionSet[] lacking = [.. Enum.GetValues<InstructionSet>().Where(s => !InstructionSets.Supported(s))];
        if (lacking.Length == 0)
        {
            Assert.Inconclusive("this processor has every instruction set");
        }

        foreach (InstructionSet set in lacking)
        {
            Assert.AreEqual(
                $"this processor has no {set}; the widest that it has is {InstructionSets.Best}",
                Assert.ThrowsExactly<BackendException>(() => new CpuBackend(new CpuOptions { InstructionSet = set })).Message);
        }
    }

    private static List<float[]> Run(KernelCase c, Network network, ConvChoice choice, InstructionSet set)
    {
        using var backend = new CpuBackend(new CpuOptions { Threads = 1, Convolution = choice, InstructionSet = set, Emulated = true });
        using Session session = backend.Open(network, c.Options);
        session.Forward(c.Input(network));
        var results = new List<float[]> { session.Logits() };
        foreach (ReluRule rule in s_rules)
        {
            session.Backward(rule, default, new Seed(network.Output, new Gaussian(8).Values(session.ShapeOf(network.Output).Count)));
            results.Add(session.InputGradient());
        }

        return results;
    }
}
