using Interp.Engine.Attribution;
using Interp.Engine.Graph;
using Interp.Engine.Reference;
using Interp.Tests.Support;

namespace Interp.Tests.Engine.Attribution.Cam;

[TestClass]
public sealed class CamDiagnosisTests
{
    private static readonly float[] Maps = [1, 2, 3, 4, /**/ 2, 0, 0, 2];

    [TestMethod]
    public void Empty_AllWeightsNegative_SaysSoWithTheLargestValue()
    {
        AttributionResult result = Explain([-1, -1, -1, -1, -2, -2, -2, -2], Maps, "gradcam");

        Assert.HasCount(1, result.Diagnosis);
        Assert.AreEqual(
            "map is empty: no weight is positive at layer maps, so the ReLU left nothing; the largest value before it was -2; "
            + "try option 'no-relu' for the signed map, or another layer (option 'layer')",
            result.Diagnosis[0]);
    }

    [TestMethod]
    public void NoRelu_AllWeightsNegative_IsTheSignedMapWithoutComplaint()
    {
        AttributionResult result = Explain([-1, -1, -1, -1, -2, -2, -2, -2], Maps, "gradcam", "no-relu", "true");

        Assert.IsEmpty(result.Diagnosis);
        Assert.AreEqual(AttributionKind.SignedMap, result.Kind);
        Assert.AreEqual(-8f, result.Minimum);
        Assert.AreEqual(-8.0, result.Facts.Single(f => f.Name == "minimum_before_relu").Value);
    }

    [TestMethod]
    public void Empty_PositiveWeightButNegativeSum_SaysThatTheSumIsNotPositive()
    {
        AttributionResult result = Explain([-9, -9, -9, -9, 1, 1, 1, 1], Maps, "gradcam");

        Assert.Contains("the weighted sum is nowhere positive at layer maps", result.Diagnosis.Single());
    }

    [TestMethod]
    [DataRow("gradcam")]
    [DataRow("guided-gradcam")]
    public void Empty_NoGradient_SaysSo(string method) =>
        Assert.Contains("the gradient of the logit of class 0 is 0 everywhere at layer maps",
        Explain(new float[8], Maps, method).Diagnosis.Single());

    [TestMethod]
    [DataRow("gradcam")]
    [DataRow("ablationcam")]
    [DataRow("gradcam-simple")]
    public void Empty_DeadLayer_SaysSo(string method) =>
        Assert.Contains("every feature map of layer maps is 0",
        Explain([1, 1, 1, 1, 1, 1, 1, 1], [-1, -1, -1, -1, -1, -1, -1, -1], method).Diagnosis.Single());

    [TestMethod]
    public void Empty_MapsThatDoNotVary_LeaveNothingToEigenCam() =>
        Assert.Contains("add up to 0 everywhere",
        Explain([1, 1, 1, 1, 1, 1, 1, 1], [1, 1, 1, 1, 2, 2, 2, 2], "eigencam").Diagnosis.Single());

    [TestMethod]
    public void Empty_MapsThatDoNotVary_LeaveNothingToScoreCam() =>
        Assert.Contains("no feature map of layer maps has a weight",
        Explain([1, 1, 1, 1, 1, 1, 1, 1], [1, 1, 1, 1, 2, 2, 2, 2], "scorecam").Diagnosis.Single());

    [TestMethod]
    public void Empty_SaturatedProbability_SaysToExplainTheLogit()
    {
        using var backend = new ReferenceBackend();
        using var explainer = new Explainer(CamNets.Linear([99, 99, 99, 99, 99, 99, 99, 99]), backend);

        AttributionResult result = CamNets.Explain(explainer, Maps, "gradcam", new ClassTarget(0, Probability: true), "layer", "maps");

        Assert.Contains("explain the logit instead", result.Diagnosis.Single());
    }

    [TestMethod]
    [DataRow("gradcam")]
    [DataRow("ablationcam")]
    public void Empty_TargetBeforeTheLayer_SaysThatItDoesNotDependOnIt(string method)
    {
        Network network = TinyNets.Vgg();
        using var backend = new ReferenceBackend();
        using var explainer = new Explainer(network, backend);
        AttributionMethod m = AttributionCatalog.All.Find(method);

        AttributionResult result = m.Explain(Requests.Of(explainer, m, UnitTarget.Parse("relu0_1:2", network), "layer", "relu2_1"));

        Assert.AreEqual(
            "map is empty: the channel relu0_1:2 does not depend on layer relu2_1; choose a layer (option 'layer') that leads to relu0_1",
            result.Diagnosis.Single());
    }

    [TestMethod]
    public void SeveralLayers_OneEmpty_SaysWhichAddsNothing()
    {
        Network network = TinyNets.Vgg();
        using var backend = new ReferenceBackend();
        using var explainer = new Explainer(network, backend);

        AttributionResult result = AttributionCatalog.All.Find("gradcam")
            .Explain(Requests.Of(explainer, "gradcam", UnitTarget.Parse("conv1_1:2", network), "layer", "relu1_0,relu2_1", "relu-rule",
            "guided"));

        Assert.StartsWith("layer relu2_1 adds nothing: ", result.Diagnosis.Single());
        Assert.IsGreaterThan(0f, result.Maximum);
    }

    private static AttributionResult Explain(float[] gradients, float[] x, string method, params string[] options)
    {
        using var backend = new ReferenceBackend();
        using var explainer = new Explainer(CamNets.Linear(gradients), backend);
        return CamNets.Explain(explainer, x, method, new ClassTarget(0), ["layer", "maps", .. options]);
    }
}
