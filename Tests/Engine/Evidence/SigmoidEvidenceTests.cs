using Interp.Engine.Attribution;
using Interp.Engine.Cpu;
using Interp.Engine.Evidence;
using Interp.Engine.Models;
using Interp.Tests.Support;

namespace Interp.Tests.Engine.Evidence;

[TestClass]
public sealed class SigmoidEvidenceTests
{
    private static readonly EvidenceOptions Few = new()
    {
        CurveSteps = 6,
        SensitivitySamples = 2,
        InfidelitySamples = 5,
        RoadPercentiles = [20, 80],
        RandomizationStages = 2,
    };

    [TestMethod]
    [DataRow(1)]
    [DataRow(3)]
    public void Evidence_WatchesTheSigmoid(int outputs)
    {
        using var backend = new CpuBackend(new CpuOptions { Threads = 1 });
        using var explainer = new Explainer(OutputNets.Of(outputs, OutputActivation.Sigmoid), backend);
        AttributionMethod method = AttributionCatalog.All.Find("gradcam");
        EvidenceRequest request = EvidenceCases.Of(explainer, Requests.RandomInput(OutputNets.Size, 1), method, new ClassTarget(0));
        var board = new EvidenceBoard(EvidenceCatalog.All, Few);

        MapEvidence found = board.Measure(request.Question, request.Map, [new PixelBox(8, 8, 24, 24)]);

        double p = 1 / (1 + Math.Exp(-request.Map.Logit));
        foreach (string name in (string[])["deletion", "insertion"])
        {
            float[] curve = found.Findings.Single(f => f.Metric.Name == name).Curves[0].Values;
            Assert.IsTrue(found[name] is > 0 and < 1, $"{name} {found[name]}");
            float whole = curve[name == "deletion" ? curve.Length / 2 : ^1];
            Assert.AreEqual(p, whole, 1e-6, "the image as it is; float32 logits of another batch size");
            Assert.IsGreaterThan(2, curve[(curve.Length / 2)..].Distinct().Count(), "the curve follows what is taken away");
        }

        foreach (string name in (string[])["drop", "increase", "road-most", "road-least"])
        {
            Assert.IsTrue(found[name] is >= 0 and <= 1, $"{name} {found[name]}");
        }

        Assert.AreEqual(outputs == 1, double.IsNaN(found["random-logit-spearman"]), "a detector has no other class");
        Assert.IsTrue(double.IsFinite(found["infidelity"]));
    }
}
