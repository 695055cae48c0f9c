using Interp.Engine.Attribution;
using Interp.Engine.Reference;
using Interp.Tests.Support;

namespace Interp.Tests.Engine.Attribution.Cam;

/// <summary>Each formula on two 2×2 maps, by hand.</summary>
[TestClass]
public sealed class WorkedCamTests
{
    private static readonly float[] Maps = [1, 2, 3, 4, /**/ 2, 0, 0, 2];
    private static readonly float[] Gradients = [1, 0, 0, -0.5f, /**/ -1, 3, 1, -1];

    [TestMethod]
    [DataRow("gradcam", new[] { 1.125, 0.25, 0.375, 1.5 }, "weights 0.5/4 and 2/4: 0.125·(1,2,3,4) + 0.5·(2,0,0,2)")]
    [DataRow("gradcam-simple", new[] { 1.5, 1, 1.5, 3 }, "the mean of both")]
    [DataRow("xgradcam", new[] { -2.1, -0.2, -0.3, -2.4 }, "weights (1 − 2)/10 and (−2 − 2)/4: −0.1·(1,2,3,4) − (2,0,0,2)")]
    [DataRow("layercam", new double[] { 1, 0, 0, 0 }, "positive gradients stand where the maps are 0, but for the first")]
    [DataRow("hirescam", new double[] { -1, 0, 0, -4 }, "1·1 − 1·2, 0, 0, −0.5·4 − 1·2")]
    public void Map_OfTwoMaps_IsTheOneWorkedOut(string method, double[] expected, string why)
    {
        using var backend = new ReferenceBackend();
        using var explainer = new Explainer(CamNets.Linear(Gradients), backend);
        string[] signed = method == "gradcam-simple" ? [] : ["no-relu", "true"];

        float[] cam = CamNets.Explain(explainer, Maps, method, new ClassTarget(0), ["layer", "maps", .. signed]).Arrays[0].Values;

        TensorAssert.RelativeL2(expected, cam, 1e-6, $"{why}; float32 and XGrad-CAM's 1e-7");
    }

    [TestMethod]
    public void GradCamPlusPlus_OfTwoMaps_WeighsEachPositionByItsShare()
    {
        using var backend = new ReferenceBackend();
        using var explainer = new Explainer(CamNets.Linear(Gradients), backend);

        float[] cam = CamNets.Explain(explainer, Maps, "gradcam++", new ClassTarget(0), "layer", "maps").Arrays[0].Values;

        // α = 1 / (2 + g·ΣA): map 1 has ΣA = 10 and g = 1; map 2 has ΣA = 4 and g = 3 and 1.
        double w1 = 1 / 12.0, w2 = (3 / 14.0) + (1 / 6.0);
        TensorAssert.RelativeL2([w1 + (2 * w2), 2 * w1, 3 * w1, (4 * w1) + (2 * w2)], cam, 1e-6, "float32 and the formula's 1e-6");
    }

    [TestMethod]
    public void AblationCam_OfTwoMaps_WeighsByTheLossOfScore()
    {
        using var backend = new ReferenceBackend();
        using var explainer = new Explainer(CamNets.Linear(Gradients, bias: 10), backend);

        // S = 10 − 1 − 4 = 5; without map 1 it is 6, without map 2 it is 9.
        float[] cam = CamNets.Explain(explainer, Maps, "ablationcam", new ClassTarget(0), "layer", "maps", "no-relu", "true").Arrays[
            0].Values;
        double w1 = -1 / 5.0, w2 = -4 / 5.0;
        TensorAssert.RelativeL2([w1 + (2 * w2), 2 * w1, 3 * w1, (4 * w1) + (2 * w2)], cam, 1e-6, "float32 scores");
    }

    [TestMethod]
    public void AblationCam_NegativeScore_StillCountsALossAsALoss()
    {
        using var backend = new ReferenceBackend();
        using var explainer = new Explainer(CamNets.Linear([1, 1, 1, 1, 0, 0, 0, 0], bias: -30), backend);

        // S = −30 + 10 = −20, −30 without map 1, which therefore speaks for the class: weight 10 / 20.
        float[] cam = CamNets.Explain(explainer, Maps, "ablationcam", new ClassTarget(0), "layer", "maps").Arrays[0].Values;
        TensorAssert.RelativeL2([0.5, 1, 1.5, 2], cam, 1e-6, "float32 scores");
    }

    [TestMethod]
    public void ScoreCam_OfTwoMaps_WeighsByTheProbabilityOfWhatIsLeft()
    {
        using var backend = new ReferenceBackend();
        using var explainer = new Explainer(CamNets.Linear(Gradients), backend);

        float[] cam = CamNets.Explain(explainer, Maps, "scorecam", new ClassTarget(0), "layer", "maps").Arrays[0].Values;

        // Masks (0,⅓,⅔,1) and (1,0,0,1) of the image; logits ±z, so that p = 1 / (1 + exp(−2z)).
        double z1 = (-0.5 * 4) - 2, z2 = 1 - 2 - 2 - 2;
        double w1 = 1 / (1 + Math.Exp(-2 * z1)), w2 = 1 / (1 + Math.Exp(-2 * z2));
        TensorAssert.RelativeL2([w1 + (2 * w2), 2 * w1, 3 * w1, (4 * w1) + (2 * w2)], cam, 1e-6, "float32 scores");
    }

    [TestMethod]
    public void ScoreCam_OneChannel_TakesTheMapThatVariesMost()
    {
        using var backend = new ReferenceBackend();
        using var explainer = new Explainer(CamNets.Linear(Gradients), backend);

        AttributionResult result = CamNets.Explain(explainer, Maps, "scorecam", new ClassTarget(0), "layer", "maps", "channels", "1");

        // Deviations are √1.25 and 1, so only the first map is left.
        Assert.AreEqual(1, result.Facts.Single(f => f.Name == "masks").Value);
        Assert.AreEqual(2f, result.Arrays[0].Values[1] / result.Arrays[0].Values[0], 1e-6f, "proportional to 1, 2, 3, 4");
    }

    [TestMethod]
    public void EigenCam_OfTwoMaps_IsTheProjectionOnTheDirectionOfMostVariance()
    {
        using var backend = new ReferenceBackend();
        using var explainer = new Explainer(CamNets.Linear(Gradients), backend);

        AttributionResult result = CamNets.Explain(
            explainer, [0, 1, 2, 3, /**/ 0, 0, 0, 0], "eigencam", new ClassTarget(0), "layer", "maps", "no-relu", "true");

        // Only the first map varies: the component is that map without its mean, rising where it rises.
        TensorAssert.RelativeL2([-1.5, -0.5, 0.5, 1.5], result.Arrays[0].Values, 1e-6, "float32");
        Assert.AreEqual(1.0, (double)result.Facts.Single(f => f.Name == "explained_variance").Value, 1e-12);
    }

    [TestMethod]
    public void GuidedGradCam_OfTwoMaps_IsTheGradientTimesTheScaledMap()
    {
        using var backend = new ReferenceBackend();
        using var explainer = new Explainer(CamNets.Linear([1, 1, 1, 1, 2, -1, 2, 0]), backend);

        AttributionResult result = CamNets.Explain(
            explainer, [1, 2, 3, 4, /**/ 1, 1, 1, 1], "vanilla-gradcam", new ClassTarget(0), "layer", "maps");
        AttributionResult guided = CamNets.Explain(
            explainer, [1, 2, 3, 4, /**/ 1, 1, 1, 1], "guided-gradcam", new ClassTarget(0), "layer", "maps");

        // Grad-CAM is (1,2,3,4) + 0.75, in 0…1: 0, ⅓, ⅔, 1. The image here has two channels.
        TensorAssert.RelativeL2([0, 1 / 3.0, 2 / 3.0, 1, 0, -1 / 3.0, 4 / 3.0, 0], result.Values, 1e-6, "float32");
        TensorAssert.RelativeL2([0, 1 / 3.0, 2 / 3.0, 1, 0, 0, 4 / 3.0, 0], guided.Values, 1e-6,
            "float32; guided lets no negative gradient through");
    }
}
