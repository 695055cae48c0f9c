using Interp.Engine.Attribution;
using Interp.Engine.Backends;
using Interp.Engine.Cpu;
using Interp.Engine.Graph;
using Interp.Engine.Reference;
using Interp.Engine.Tensors;
using Interp.Tests.Support;

namespace Interp.Tests.Engine.Attribution.Cam;

/// <summary>What the papers promise, and one way of computing against another.</summary>
[TestClass]
public sealed class CamAxiomTests
{
    [TestMethod]
    public void GradCam_AfterGlobalPooling_IsCam()
    {
        Network network = CamNets.GlobalPooling();
        using var backend = new ReferenceBackend();
        using var explainer = new Explainer(network, backend);
        AttributionRequest request = Requests.Of(explainer, "gradcam", new ClassTarget(1), "no-relu", "true");

        float[] cam = AttributionCatalog.All.Find("gradcam").Explain(request).Arrays[0].Values;

        // CAM: Σ_k w_k A^k with the weights of the linear layer; Grad-CAM's are those over the 36 positions.
        Node maps = network.Find("maps");
        float[] a = request.Forward(maps).Activation(maps);
        float[] w = network.Find("fc").Weights[0].ToArray();
        double[] expected = [
            .. Enumerable.Range(0, 36).Select(i => Enumerable.Range(0, 5).Sum(k => (double)w[5 + k] * a[(k * 36) + i]) / 36)];
        TensorAssert.RelativeL2(expected, cam, 1e-6, "float32 activations and gradients");
    }

    [TestMethod]
    [DataRow("hirescam")]
    [DataRow("xgradcam")]
    public void Sum_BeforeTheRelu_PlusTheBiasIsTheLogit(string method)
    {
        Network network = CamNets.GlobalPooling();
        using var backend = new ReferenceBackend();
        using var explainer = new Explainer(network, backend);

        AttributionResult result = AttributionCatalog.All.Find(method).Explain(
            Requests.Of(explainer, method, new ClassTarget(2), "no-relu", "true"));

        double bias = network.Find("fc").Weights[1].ToArray()[2];
        Assert.AreEqual(result.Logit, result.Arrays[0].Values.Sum(v => (double)v) + bias, 1e-5, "float32 values, and XGrad-CAM's 1e-7");
    }

    [TestMethod]
    public void XGradCam_OfAnyNetwork_SumsToTheSameAsHiResCam()
    {
        using var backend = new ReferenceBackend();
        using var explainer = new Explainer(TinyNets.Vgg(), backend);

        double Sum(string method) => AttributionCatalog.All.Find(method)
            .Explain(Requests.Of(explainer, method, new ClassTarget(4), "layer", "relu1_1", "no-relu", "true")).Arrays[0].Values.Sum(v =>
            (double)v);

        double expected = Sum("hirescam");
        Assert.AreEqual(expected, Sum("xgradcam"), 1e-5 * Math.Abs(expected), "float32 values");
    }

    [TestMethod]
    public void GradCam_OfADifference_IsTheDifferenceOfSignedMaps()
    {
        using var backend = new ReferenceBackend();
        using var explainer = new Explainer(TinyNets.Diamond(), backend);
        float[] Map(Target target) =>
            AttributionCatalog.All.Find("gradcam").Explain(Requests.Of(explainer, "gradcam", target, "no-relu", "true")).Arrays[0].Values;

        float[] a = Map(new ClassTarget(1)), b = Map(new ClassTarget(3));

        TensorAssert.RelativeL2(a.Zip(b, (x, y) => (double)x - y).ToArray(), Map(new ClassTarget(1, Against: 3)), 1e-5,
            "float32 gradients of three passes");
    }

    [TestMethod]
    public void AblationCam_FromTheLayerOn_IsAblationOfTheWholeNetwork()
    {
        Network network = TinyNets.Vgg();
        using var backend = new ReferenceBackend();
        using var explainer = new Explainer(network, backend);
        var target = new ClassTarget(5, Probability: true);
        AttributionRequest request = Requests.Of(explainer, "ablationcam", target, "layer", "relu1_1", "no-relu", "true");

        float[] cam = AttributionCatalog.All.Find("ablationcam").Explain(request).Arrays[0].Values;

        Node maps = network.Find("relu1_1");
        Session session = request.Forward(maps);
        Shape shape = session.ShapeOf(maps);
        float[] a = session.Activation(maps);
        double whole = target.Scores(session)[0];
        int plane = shape[2] * shape[3];
        var expected = new double[plane];
        for (int k = 0; k < shape[1]; k++)
        {
            using Session without = backend.Open(Silenced(network, "conv1_1", k), new SessionOptions { Backward = false });
            without.Forward(request.Input.Tensor);
            double weight = (whole - target.Scores(without)[0]) / whole;
            for (int i = 0; i < plane; i++)
            {
                expected[i] += weight * a[(k * plane) + i];
            }
        }

        TensorAssert.RelativeL2(expected, cam, 1e-4, "differences of probabilities of logits rounded to float32");
    }

    [TestMethod]
    [DataRow("eigencam")]
    [DataRow("scorecam")]
    [DataRow("ablationcam")]
    [DataRow("gradcam++")]
    public void Values_AnyNumberOfThreads_AreTheSameBits(string method)
    {
        float[] Run(int threads)
        {
            using var backend = new CpuBackend(new CpuOptions { Threads = threads });
            using var explainer = new Explainer(TinyNets.Vgg(), backend);
            return AttributionCatalog.All.Find(method).Explain(Requests.Of(explainer, method, new ClassTarget(2))).Values;
        }

        TensorAssert.SameBits(Run(1), Run(3), method);
    }

    /// <summary>The network with one convolution's filter and bias set to 0, so that the map behind its ReLU is 0.</summary>
    private static Network Silenced(Network network, string conv, int channel)
    {
        var builder = new NetworkBuilder(network.InputChannels);
        foreach (Node node in network.Nodes.Skip(1))
        {
            Weight[] weights = [.. node.Weights.Select(w =>
            {
                float[] values = w.ToArray();
                int each = values.Length / w.Shape[0];
                if (node.Name == conv)
                {
                    values.AsSpan(channel * each, each).Clear();
                }

                return Weight.FromValues(w.Name, w.Shape, values);
            })];
            builder.Add(node.Name, node.Layer, [.. node.Inputs.Select(i => network.Nodes[i].Name)], weights);
        }

        return builder.Build(network.Name, network.Preprocessing);
    }
}
