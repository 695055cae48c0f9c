using Interp.Engine.Attribution;
using Interp.Engine.Evidence;
using Interp.Engine.Evidence.Metrics;
using Interp.Engine.Imaging;
using Interp.Engine.Reference;
using Interp.Tests.Support;

namespace Interp.Tests.Engine.Evidence.Metrics;

[TestClass]
public sealed class FaithfulnessTests
{
    private static readonly AttributionMethod Vanilla = AttributionCatalog.All.Find("vanilla");

    [TestMethod]
    [DataRow(new float[] { 1, 0, 0, 0 }, 3.0, true)]
    [DataRow(new float[] { 0, 0, 1, 0 }, -2.0, false)]
    [DataRow(new float[] { 4, -9, 2, 0 }, 2.0, false)]
    [DataRow(new float[] { 7, 5, 6, 5 }, 2.0, false)]
    public void Confidence_KeepsTheMapsShareOfEachPixel(float[] map, double logit, bool rises)
    {
        using var backend = new ReferenceBackend();
        using var explainer = new Explainer(EvidenceCases.Linear(3, 1, -2, 0.5f), backend);

        EvidenceFinding found = new Confidence().Measure(EvidenceCases.Of(explainer, EvidenceCases.Image(1, 1, 1, 1), map));

        // Maps in 0…1: [1 0 0 0]; [0 0 1 0]; negative values cut, [1 0 ½ 0]; least value taken off, [1 0 ½ 0].
        double before = EvidenceCases.Sigmoid(2.5), after = EvidenceCases.Sigmoid(logit);
        Assert.AreEqual(Math.Max(0, before - after) / before, found["drop"], 1e-6, "float32 logits");
        Assert.AreEqual(rises ? 1 : 0, found["increase"]);
    }

    [TestMethod]
    public void Infidelity_OfTheGradientOfALinearNetwork_IsZero()
    {
        using var backend = new ReferenceBackend();
        using var explainer = new Explainer(EvidenceCases.Linear(3, 1, -2, 0.5f), backend);
        NetworkInput image = EvidenceCases.Image(1, 2, -1, 3);

        EvidenceFinding gradient = new Infidelity().Measure(EvidenceCases.Of(explainer, image, Vanilla, new ClassTarget(0)));
        EvidenceFinding contribution = new Infidelity().Measure(EvidenceCases.Of(explainer, image, 6, 4, 4, 3));
        EvidenceFinding empty = new Infidelity().Measure(EvidenceCases.Of(explainer, image, new float[4]));

        Assert.AreEqual(0, gradient["infidelity"], 1e-6, "float32 logits and gradients");
        Assert.AreEqual(0, contribution["infidelity"], 1e-6, "twice each pixel's share w·x; the scale does not count");
        Assert.AreEqual(1, empty["infidelity"]);
    }

    [TestMethod]
    public void Sensitivity_OfALinearNetwork_IsZero()
    {
        using var backend = new ReferenceBackend();
        using var explainer = new Explainer(EvidenceCases.Linear(3, 1, -2, 0.5f), backend);

        EvidenceFinding found = new Sensitivity().Measure(
            EvidenceCases.Of(explainer, EvidenceCases.Image(1, 2, -1, 3), Vanilla, new ClassTarget(0)));

        Assert.AreEqual((0, 0), (found["sensitivity"], found["sensitivity-mean"]));
    }

    [TestMethod]
    public void Sensitivity_OfAMapThatIsTheImage_IsTheChangeOfTheImage()
    {
        using var backend = new ReferenceBackend();
        using var explainer = new Explainer(EvidenceCases.Linear(1, 1, 1, 1), backend);
        EvidenceRequest request = EvidenceCases.Of(explainer, EvidenceCases.Image(3, 0, 0, 4), new Copy(), new ClassTarget(0));

        EvidenceFinding found = new Sensitivity().Measure(request with { Options = new() { SensitivityRadius = 0.5 } });

        // ‖x‖ = 5; δ has 12 values of at most 0.5, so ‖δ‖ ≤ 0.5·√12.
        Assert.IsTrue(found.Values[0] > 0.05 && found.Values[0] <= 0.5 * Math.Sqrt(12) / 5, $"{found.Values[0]}");
        Assert.IsTrue(found["sensitivity-mean"] > 0.05 && found["sensitivity-mean"] < found["sensitivity"]);
    }

    [TestMethod]
    public void Road_OfThePixelThatDecides_IsPositiveAndOfTheOthersNegative()
    {
        using var backend = new ReferenceBackend();
        using var explainer = new Explainer(EvidenceCases.Linear(4, 0, 0, 0), backend);
        NetworkInput image = EvidenceCases.Image(1, -1, -1, -1);
        EvidenceOptions options = new() { RoadPercentiles = [75] };

        EvidenceFinding right = new Road().Measure(EvidenceCases.Of(explainer, image, 4, 3, 2, 1) with { Options = options });
        EvidenceFinding wrong = new Road().Measure(EvidenceCases.Of(explainer, image, 1, 2, 3, 4) with { Options = options });

        // Without the first pixel its neighbours, all −1, stand for it, give or take 4 deviations of the noise: z = −4 ± 0.16; without the
        // last one z = 4.
        double least = EvidenceCases.Sigmoid(4), most = EvidenceCases.Sigmoid(-4);
        Assert.AreEqual((least - most) / 2, right["road"], 0.002);
        Assert.AreEqual((most - least) / 2, wrong["road"], 0.002);
        Assert.AreEqual(right["road"], (right["road-least"] - right["road-most"]) / 2, 1e-15);
    }

    /// <summary>Answers with the image itself.</summary>
    private sealed class Copy : AttributionMethod
    {
        public override string Name => "copy";

        public override string Title => Name;

        public override string Summary => Name;

        public override string Formula => Name;

        public override string Paper => Name;

        public override AttributionKind Kind => AttributionKind.Contribution;

        protected override Explanation Compute(AttributionRequest request) => new(request.Input.Tensor);
    }
}
