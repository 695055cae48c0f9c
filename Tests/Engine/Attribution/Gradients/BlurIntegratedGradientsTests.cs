using Interp.Engine.Attribution;
using Interp.Engine.Graph;
using Interp.Engine.Imaging;
using Interp.Engine.Reference;
using Interp.Tests.Support;

namespace Interp.Tests.Engine.Attribution.Gradients;

[TestClass]
public sealed class BlurIntegratedGradientsTests
{
    [TestMethod]
    public void LinearNetwork_AnySteps_IsWeightTimesWhatTheBlurTookAway()
    {
        float[] weights = [.. Enumerable.Range(0, 48).Select(i => (i % 7) - 3f)];
        Network linear = GradientCase.Linear(4, weights, [0]);
        NetworkInput input = Requests.RandomInput(4, 1);
        using var backend = new ReferenceBackend();

        AttributionResult result = GradientCase.Explain(linear, backend, input, "blur-ig", "steps", "3", "max-sigma", "2");

        float[] blurred = GaussianBlur.Apply(input.Tensor, 4, 4, 2, 8);
        TensorAssert.RelativeL2([.. weights.Select((w, i) => (double)w * (input.Tensor[i] - blurred[i]))], result.Values, 1e-6,
            "differences telescope but for rounding to float32");
        Assert.AreEqual(0, result.Fact("completeness_error"), 1e-5, "float32 logits");
    }

    [TestMethod]
    public void ConvolutionalNetwork_MoreSteps_IsMoreComplete()
    {
        Network net = TinyNets.Vgg();
        NetworkInput input = Requests.RandomInput(32, 2);
        using var backend = new ReferenceBackend();
        using var explainer = new Explainer(net, backend);

        double few = GradientCase.Explain(explainer, input, "blur-ig", "steps", "4", "max-sigma", "4").Fact("completeness_error");
        double many = GradientCase.Explain(explainer, input, "blur-ig", "steps", "64", "max-sigma", "4").Fact("completeness_error");

        Assert.IsLessThan(0.05, many, "steps of a sixteenth of a pixel");
        Assert.IsLessThan(few, many);
    }
}
