using Interp.Engine.Backends;
using Interp.Engine.Cpu;
using Interp.Engine.Functions;
using Interp.Engine.Graph;
using Interp.Engine.Layers;
using Interp.Engine.Reference;
using Interp.Engine.Rules;
using Interp.Tests.Engine.Functions;
using Interp.Tests.Support;

namespace Interp.Tests.Engine.Rules;

/// <summary>What ReLU rules do at other activations: N + f'(x)·(A − N) where they apply, the true gradient elsewhere.</summary>
[TestClass]
public sealed class SlopedRuleTests
{
    private static readonly ReluRule[] s_rules = [.. ReluRules.All, ReluRules.Redirected];

    public static IEnumerable<object[]> Cases =>
        from f in FunctionCases.All.Keys
        from rule in s_rules
        from smooth in (bool[])[false, true]
        select new object[] { f, rule.Name, smooth };

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void Backward_RuleAtActivation_IsTheFormula(string function, string ruleName, bool withSmooth)
    {
        ActivationFunction f = FunctionCases.All[function];
        ReluRule rule = Array.Find(s_rules, r => r.Name == ruleName)!;
        rule = withSmooth ? rule.WithSmooth : rule;
        bool applies = f.Role is ActivationRole.Rectifier or ActivationRole.Leaky || (f.Role == ActivationRole.Smooth && withSmooth);
        float[] x = [-7, -3, -2.5f, -1, -0.25f, 0, 0.25f, 1, 2, 3, 4, 5.5f, 6, 7, 0.5f, -0.5f];
        float[] upstream = [1, -1, 2, -2, 0.5f, -0.5f, 1, -1, 2, -2, 0.5f, -0.5f, 1, -1, 0, -3];
        double[] expected = [.. x.Zip(upstream,
            (v, r) => Expected(applies ? ruleName : "vanilla", ActivationFunctionTests.Twin(f, v).Slope, r))];
        Network network = TinyNets.Single(Activation.Of(f), 1, 4);
        foreach (IBackend backend in (IBackend[])[new ReferenceBackend(),
            .. Enum.GetValues<InstructionSet>().Where(InstructionSets.Supported)
                .Select(set => new CpuBackend(new CpuOptions { Threads = 1, InstructionSet = set }))])
        {
            using (backend)
            {
                using Session session = backend.Open(network, new SessionOptions { Height = 4, Width = 4 });
                session.Forward(x);
                session.Backward(rule, default, new Seed(network.Output, upstream));
                float[] gradient = session.InputGradient();
                for (int i = 0; i < x.Length; i++)
                {
                    // Slopes are up to 1.1, with errors of some 2^-24, and R is up to 3.
                    Assert.AreEqual(expected[i], gradient[i], 1e-6, $"{backend.Info}: x = {x[i]}, R = {upstream[i]}");
                }
            }
        }
    }

    [TestMethod]
    public void WithSmooth_OfEachRule_KeepsItsNameAndIsIdempotent()
    {
        foreach (ReluRule rule in s_rules)
        {
            Assert.IsFalse(rule.IncludesSmooth);
            Assert.IsTrue(rule.WithSmooth.IncludesSmooth);
            Assert.AreSame(rule.WithSmooth.WithSmooth.Name, rule.Name);
            Assert.AreSame(ReluRules.Vanilla, rule.For(ActivationFunctions.SiLU));
            Assert.AreSame(rule, rule.For(ActivationFunctions.ReLU6));
            Assert.AreSame(rule, rule.For(ActivationFunctions.LeakyReLU));
            Assert.AreSame(ReluRules.Vanilla, rule.WithSmooth.For(ActivationFunctions.Sigmoid));
        }
    }

    private static double Expected(string rule, double slope, double r) => rule switch
    {
        "vanilla" => slope * r,
        "guided" => r > 0 ? slope * r : 0,
        "deconvnet" => Math.Max(r, 0),
        "redirected" => r > 0 ? r : slope * r,
        _ => throw new InvalidOperationException(rule),
    };
}
