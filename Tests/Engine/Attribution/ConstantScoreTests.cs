using Interp.Engine.Attribution;
using Interp.Engine.Cpu;
using Interp.Engine.Graph;
using Interp.Tests.Support;

namespace Interp.Tests.Engine.Attribution;

[TestClass]
public sealed class ConstantScoreTests
{
    private const string Said = "the score does not change with";

    private static readonly string[] s_methods =
        ["rise", "scorecam", "ablationcam", "occlusion", "hsic", "sobol", "lime", "kernelshap", "shapley-sampling"];

    public static IEnumerable<(string, int)> MethodsAndOutputs =>
        from method in s_methods from outputs in (int[])[1, 3] select (method, outputs);

    [TestMethod]
    [DynamicData(nameof(MethodsAndOutputs))]
    public void LogitsThatNothingChanges_AreSaid(string method, int outputs)
    {
        AttributionResult result = Explain(OutputNets.Of(outputs, scale: 0), method);

        Assert.HasCount(1, result.Diagnosis.Where(d => d.StartsWith(Said, StringComparison.Ordinal)), string.Join('\n', result.Diagnosis));
        Assert.IsTrue(method is "rise" or "scorecam" || result.Values.All(v => v == 0), "no rounding is drawn as if it were a map");
    }

    [TestMethod]
    [DynamicData(nameof(MethodsAndOutputs))]
    public void LogitsThatFollowTheImage_AreNotComplainedAbout(string method, int outputs) =>
        Assert.IsEmpty(Explain(OutputNets.Of(outputs), method).Diagnosis.Where(d => d.Contains(Said, StringComparison.Ordinal)));

    [TestMethod]
    [DataRow("40", true)]
    [DataRow("20", true)]
    [DataRow("2", false)]
    public void Rise_OfASaturatedProbability_SaysToWeighByTheTarget(string bias, bool expected)
    {
        Network network = OutputNets.Of(1, bias: float.Parse(bias));
        string[] said = [.. Explain(network, "rise").Diagnosis];

        bool isSaid = said.Any(
            d => d.StartsWith($"{Said} the masks: the probability of class 0 is 1 for all 12", StringComparison.Ordinal));
        Assert.AreEqual(expected, isSaid, string.Join('\n', said));
        Assert.AreEqual(expected, said.Any(d => d.EndsWith("option 'score' target", StringComparison.Ordinal)));
        AttributionResult advised = Explain(network, "rise", "score", "target");
        Assert.IsEmpty(advised.Diagnosis.Where(d => d.Contains(Said, StringComparison.Ordinal)), "the advice helps");
    }

    private static AttributionResult Explain(Network network, string method, params string[] options)
    {
        using var backend = new CpuBackend(new CpuOptions { Threads = 1 });
        using var explainer = new Explainer(network, backend);
        string[] brief = [.. AttributionCatalog.All.Find(method).Options.SelectMany(o => o.Name switch
        {
            "samples" or "segments" => (string[])[o.Name, "12"],
            "stride" => [o.Name, "4"],
            _ => [],
        })];
        return AttributionCatalog.All.Find(method).Explain(Requests.Of(explainer, method, new ClassTarget(0), [.. brief, .. options]));
    }
}
