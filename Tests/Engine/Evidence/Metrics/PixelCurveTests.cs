using Interp.Engine.Attribution;
using Interp.Engine.Evidence;
using Interp.Engine.Evidence.Metrics;
using Interp.Engine.Imaging;
using Interp.Engine.Reference;
using Interp.Tests.Support;

namespace Interp.Tests.Engine.Evidence.Metrics;

[TestClass]
public sealed class PixelCurveTests
{
    // float32 logits of order 1 through σ.
    private const double Tolerance = 1e-6;

    [TestMethod]
    public void Deletion_OfALinearNetwork_IsTheHandWorkedArea()
    {
        using var backend = new ReferenceBackend();
        using var explainer = new Explainer(EvidenceCases.Linear(3, 1, -2, 0.5f), backend);
        EvidenceRequest request = EvidenceCases.Of(explainer, EvidenceCases.Image(1, 1, 1, 1), 0.9f, 0.2f, 0.1f, 0.5f);

        EvidenceFinding found = PixelCurve.Deletion.Measure(request with { Options = new() { CurveSteps = 4 } });

        // Pixels go in the order 0, 3, 1, 2; z: 2.5, −0.5, −1, −2, 0.
        double[] p = [.. new[] { 2.5, -0.5, -1, -2, 0 }.Select(EvidenceCases.Sigmoid)];
        Assert.AreEqual(((p[0] / 2) + p[1] + p[2] + p[3] + (p[4] / 2)) / 4, found.Values[0], Tolerance);
        CollectionAssert.AreEqual(new[] { 0, 0.25f, 0.5f, 0.75f, 1 }, found.Curves[0].Values[..5]);
        Assert.AreEqual(p[3], found.Curves[0].Values[8], Tolerance);
    }

    [TestMethod]
    public void Insertion_StartsFromTheBlurredImageAndEndsAtTheImage()
    {
        using var backend = new ReferenceBackend();
        using var explainer = new Explainer(EvidenceCases.Linear(1, 0, 0, 0), backend);
        NetworkInput image = EvidenceCases.Image(2, 1, 1, 1);
        float blurred = Baseline.Blur.Of(image, explainer.Network.Preprocessing)[0];

        EvidenceFinding found = PixelCurve.Insertion.Measure(
            EvidenceCases.Of(explainer, image, 0, 1, 2, 3) with { Options = new() { CurveSteps = 4 } });

        double before = EvidenceCases.Sigmoid(blurred), after = EvidenceCases.Sigmoid(2);
        Assert.AreEqual((3.5 * before + 0.5 * after) / 4, found.Values[0], Tolerance);
    }

    [TestMethod]
    public void Steps_ThatDoNotDivideThePixels_StillEndWithAllOfThem()
    {
        using var backend = new ReferenceBackend();
        using var explainer = new Explainer(EvidenceCases.Linear(1, 1, 1, 1), backend);

        EvidenceFinding found = PixelCurve.Deletion.Measure(
            EvidenceCases.Of(explainer, EvidenceCases.Image(1, 1, 1, 1), 4, 3, 2, 1) with { Options = new() { CurveSteps = 3 } });

        CollectionAssert.AreEqual(new[] { 0, 0.25f, 0.75f, 1 }, found.Curves[0].Values[..4]);
        Assert.AreEqual(0.5, found.Curves[0].Values[^1], Tolerance);
    }

    [TestMethod]
    public void Order_OfEqualPixels_IsRandomAndReproducible()
    {
        int[] order = MapPlane.Order(new float[100], 0);

        CollectionAssert.AreEqual(order, MapPlane.Order(new float[100], 0));
        CollectionAssert.AreEquivalent(Enumerable.Range(0, 100).ToArray(), order);
        CollectionAssert.AreNotEqual(Enumerable.Range(0, 100).ToArray(), order);
        CollectionAssert.AreNotEqual(order, MapPlane.Order(new float[100], 1));
    }
}
