using Interp.Engine.Backends;
using Interp.Engine.Common;
using Interp.Engine.Cpu;
using Interp.Engine.Graph;
using Interp.Engine.Layers;
using Interp.Engine.Reference;
using Interp.Engine.Rules;
using Interp.Tests.Support;

namespace Interp.Tests.Engine.Rules;

/// <summary>The rules on worked examples, on every backend: exact, since a rule only keeps or drops values.</summary>
[TestClass]
public sealed class ReluRuleTests
{
    [TestMethod]
    [DataRow("vanilla", new[] { 0.4f, 0f, 0f, 0f })]
    [DataRow("deconvnet", new[] { 0.4f, 1.1f, 0f, 0f })]
    [DataRow("guided", new[] { 0.4f, 0f, 0f, 0f })]
    [DataRow("redirected", new[] { 0.4f, 1.1f, 0f, 0f })]
    public void Backward_WorkedExample_IsExact(string rule, float[] expected) =>
        Check(rule, [1, 0, -1, -10], [0.4f, 1.1f, -0.5f, -0.1f], expected);

    /// <summary>What tells guided from vanilla: an active unit with a negative gradient. At x = 0 the gradient is 0.</summary>
    [TestMethod]
    [DataRow("vanilla", new[] { -0.5f, 0f, 0f, 2f })]
    [DataRow("deconvnet", new[] { 0f, 3f, 0.25f, 2f })]
    [DataRow("guided", new[] { 0f, 0f, 0f, 2f })]
    [DataRow("redirected", new[] { -0.5f, 3f, 0.25f, 2f })]
    public void Backward_NegativeGradientAndZeroInput_FollowTheFormula(string rule, float[] expected) =>
        Check(rule, [1, 0, -3, 5], [-0.5f, 3f, 0.25f, 2f], expected);

    [TestMethod]
    public void All_Names_AreThoseOfTheCommandLine() =>
        CollectionAssert.AreEqual(new[] { "vanilla", "deconvnet", "guided" }, ReluRules.All.Names.ToArray());

    [TestMethod]
    public void Find_UnknownRule_ListsTheKnownOnes() => Assert.AreEqual(
        "unknown ReLU rule 'gided': expected one of vanilla, deconvnet, guided",
        Assert.ThrowsExactly<InputException>(() => ReluRules.All.Find("gided")).Message);

    private static void Check(string rule, float[] x, float[] upstream, float[] expected)
    {
        Network network = TinyNets.Single(new ReLU(), 1, 2);
        foreach (IBackend backend in (IBackend[])[new ReferenceBackend(),
            .. Enum.GetValues<InstructionSet>().Where(InstructionSets.Supported)
            .Select(set => new CpuBackend(new CpuOptions { Threads = 1, InstructionSet = set }))])
        {
            using (backend)
            {
                using Session session = backend.Open(network, new SessionOptions { Height = 2, Width = 2 });
                session.Forward(x);
                session.Backward(rule == ReluRules.Redirected.Name ? ReluRules.Redirected : ReluRules.All.Find(rule), default,
                    new Seed(network.Output, upstream));
                CollectionAssert.AreEqual(expected, session.InputGradient(), backend.Info.ToString());
            }
        }
    }
}
