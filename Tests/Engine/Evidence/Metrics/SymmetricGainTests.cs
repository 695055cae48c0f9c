using Interp.Engine.Attribution;
using Interp.Engine.Evidence;
using Interp.Engine.Evidence.Metrics;
using Interp.Engine.Imaging;
using Interp.Engine.Reference;
using Interp.Tests.Support;

namespace Interp.Tests.Engine.Evidence.Metrics;

[TestClass]
public sealed class SymmetricGainTests
{
    private static readonly EvidenceOptions Steps = new() { CurveSteps = 4 };

    [TestMethod]
    public void Gain_OfAnAdditiveNetwork_IsTheHandWorkedDifference()
    {
        using var backend = new ReferenceBackend();
        using var explainer = new Explainer(EvidenceCases.Linear(3, 1, -2, 0.5f), backend);

        EvidenceFinding found = new SymmetricGain().Measure(
            EvidenceCases.Of(explainer, EvidenceCases.Image(1, 1, 1, 1), 0.9f, 0.2f, 0.1f, 0.5f) with { Options = Steps });

        // Most first: pixels 0, 3, 1, 2; least first: 2, 1, 3, 0. The logit is the sum of what is left.
        double most = Area(2.5, -0.5, -1, -2, 0), least = Area(2.5, 4.5, 3.5, 3, 0);
        Assert.AreEqual(least, found["srg-least"], 1e-6, "float32 logits");
        Assert.AreEqual(least - most, found["srg"], 1e-6, "float32 logits");
    }

    [TestMethod]
    public void Gain_OfTheMapTurnedRound_IsItsNegative()
    {
        using var backend = new ReferenceBackend();
        using var explainer = new Explainer(EvidenceCases.Linear(3, 1, -2, 0.5f), backend);
        NetworkInput image = EvidenceCases.Image(2, 1, -1, 1);
        float[] map = [0.9f, 0.2f, 0.1f, 0.5f];

        EvidenceFinding there = new SymmetricGain().Measure(EvidenceCases.Of(explainer, image, map) with { Options = Steps });
        EvidenceFinding back = new SymmetricGain().Measure(
            EvidenceCases.Of(explainer, image, Array.ConvertAll(map, v => -v)) with { Options = Steps });

        Assert.AreEqual(-there["srg"], back["srg"], 1e-12, "float64 sums of the same values");
        Assert.AreEqual(-there["srg-blur"], back["srg-blur"], 1e-12, "float64 sums of the same values");
    }

    [TestMethod]
    public void Curves_OfDeletionAndInsertion_AreNotRunAgain()
    {
        using var backend = new ReferenceBackend();
        using var explainer = new Explainer(EvidenceCases.Linear(3, 1, -2, 0.5f), backend, new ExplainerOptions { Batch = 1 });
        EvidenceRequest request = EvidenceCases.Of(explainer, EvidenceCases.Image(1, 1, 1, 1), 0.9f, 0.2f, 0.1f, 0.5f);
        var board = new EvidenceBoard([PixelCurve.Deletion, PixelCurve.Insertion, new SymmetricGain()], Steps);

        MapEvidence evidence = board.Measure(request.Question, request.Map);

        Assert.AreEqual(3 + (4 * 3), evidence.Passes, "the image, the mean colour, the blurred image, and three images inside of each curve");
        Assert.AreEqual(evidence["srg-least"] - evidence["deletion"], evidence["srg"], 1e-15);
    }

    private static double Area(params double[] logits)
    {
        double[] p = [.. logits.Select(EvidenceCases.Sigmoid)];
        return ((p[0] / 2) + p[1] + p[2] + p[3] + (p[4] / 2)) / 4;
    }
}
