using Interp.Engine.Attribution;
using Interp.Engine.Backends;
using Interp.Engine.Cpu;
using Interp.Engine.Evidence;
using Interp.Engine.Graph;
using Interp.Engine.Imaging;
using Interp.Tests.Support;

namespace Interp.Tests.Engine.Evidence;

/// <summary>The random-logit test from the passes of the map itself.</summary>
[TestClass]
public sealed class PassRecordTests
{
    private static readonly NetworkInput Image = Requests.RandomInput(32, 1);

    [TestMethod]
    [DataRow("vanilla")]
    [DataRow("smoothgrad", "samples", "11")]
    [DataRow("integrated-gradients", "steps", "9")]
    [DataRow("expected-gradients", "samples", "5")]
    [DataRow("guided-ig", "steps", "4")]
    [DataRow("blur-ig", "steps", "5")]
    [DataRow("gradcam", "smooth", "3")]
    [DataRow("lime", "samples", "20")]
    [DataRow("kernelshap", "samples", "20")]
    [DataRow("scorecam")]
    [DataRow("occlusion", "window", "16")]
    [DataRow("rise", "samples", "30")]
    [DataRow("lrp")]
    public void PreparedQuestion_GivesTheSameBits(string name, params string[] option)
    {
        using var backend = new CpuBackend(new CpuOptions { Threads = 2 });
        using var explainer = new Explainer(TinyNets.Vgg(), backend);
        AttributionMethod method = AttributionCatalog.All.Find(name);
        OptionValues values = method.Configure(option.Chunk(2).ToDictionary(o => o[0], o => o[1]));
        var question = new AttributionRequest(explainer, Image, new ClassTarget(2), values) { Seed = 5 };
        EvidenceMetric[] metrics = [EvidenceCatalog.All.Find("random-logit")];
        AttributionResult alone = method.Explain(question);
        MapEvidence again = new EvidenceBoard(metrics).Measure(question, alone);
        var board = new EvidenceBoard(metrics);

        AttributionRequest prepared = board.Prepare(question);
        AttributionResult map = method.Explain(prepared);
        MapEvidence shared = board.Measure(prepared, map);

        TensorAssert.SameBits(alone.Values, map.Values, name);
        Assert.AreEqual(alone.Work.Backward, map.Work.Backward, "passes for the other class are not the map's");
        CollectionAssert.AreEqual(again.Findings[0].Values, shared.Findings[0].Values);
    }

    [TestMethod]
    [DataRow("integrated-gradients", "steps")]
    [DataRow("kernelshap", "samples")]
    public void SecondAttribution_RunsNothingForwardButTheEndsOfPaths(string name, string option)
    {
        using var backend = new CpuBackend(new CpuOptions { Threads = 1 });
        using var explainer = new Explainer(TinyNets.Vgg(), backend);
        AttributionMethod method = AttributionCatalog.All.Find(name);
        var question = new AttributionRequest(
            explainer, Image, new ClassTarget(2), method.Configure(new Dictionary<string, string> { [option] = "24" }));
        var board = new EvidenceBoard([EvidenceCatalog.All.Find("random-logit")]);
        AttributionRequest prepared = board.Prepare(question);
        AttributionResult map = method.Explain(prepared);

        Work before = explainer.Work;
        board.Measure(prepared, map);

        Work after = explainer.Work - before;
        Assert.AreEqual(new Work(0, 0), after);
    }

    [TestMethod]
    public void NetworkOfOneClass_IsNotPrepared()
    {
        using var backend = new CpuBackend(new CpuOptions { Threads = 1 });
        using var explainer = new Explainer(
            OutputNets.Of(1, Interp.Engine.Models.OutputActivation.Sigmoid), backend);
        var question = new AttributionRequest(
            explainer, Requests.RandomInput(OutputNets.Size, 1), new ClassTarget(0), AttributionCatalog.All.Find("vanilla").Configure());

        Assert.AreSame(question, new EvidenceBoard(EvidenceCatalog.All).Prepare(question));
    }
}
