using Interp.Engine.Attribution;
using Interp.Engine.Common;
using Interp.Engine.Cpu;
using Interp.Engine.Graph;
using Interp.Engine.Imaging;
using Interp.Engine.Layers;
using Interp.Engine.Tensors;
using Interp.Tests.Support;
using Interp.Weights;

namespace Interp.Tests.Engine.Attribution.Cam;

[TestClass]
public sealed class CamLayersTests
{
    [TestMethod]
    [DataRow("vgg16", "features.29")]
    [DataRow("vgg19", "features.35")]
    [DataRow("vgg11_bn", "features.27")]
    public void Auto_Vgg_IsTheLastReluBeforeThePools(string name, string expected)
    {
        using var folder = new TemporaryFolder();
        ModelConverter.Convert(new ConversionRequest(Golden.Path(name, $"{name}.pth"), folder[name]));

        Assert.AreEqual(expected, Chosen(ModelStore.Load(folder[name]), new ClassTarget(0), size: 64));
    }

    [TestMethod]
    public void Auto_BranchesAndSums_IsTheLastLayerThatAllPathsPass()
    {
        Assert.AreEqual("mix_relu", Chosen(TinyNets.Diamond(), new ClassTarget(0), 17));
    }

    [TestMethod]
    [DataRow("mix:3", "joined")]
    [DataRow("narrow:2,1,1", "sum_relu")]
    [DataRow("left_relu:4", "left")]
    public void Auto_UnitOfALayer_IsTheLastLayerThatTheUnitDependsOn(string unit, string expected)
    {
        Network network = TinyNets.Diamond();

        Assert.AreEqual(expected, Chosen(network, UnitTarget.Parse(unit, network), 17));
    }

    [TestMethod]
    public void Layer_WithoutMaps_IsRefusedWithOneThatHasThem()
    {
        string message = Refused("gradcam", "fc0");

        Assert.Contains("option 'layer' fc0", message);
        Assert.Contains("such as relu2_1", message);
    }

    [TestMethod]
    [DataRow("relu9", "no layer 'relu9'")]
    [DataRow(" , ", "found nothing")]
    public void Layer_Unknown_IsRefused(string layer, string expected) => Assert.Contains(expected, Refused("layercam", layer));

    [TestMethod]
    public void Auto_UnitBehindTheInputOnly_SaysThatNoneIsLeft()
    {
        Network network = TinyNets.Vgg();
        using var backend = new CpuBackend(new CpuOptions { Threads = 1 });
        using var explainer = new Explainer(network, backend);

        InputException e = Assert.ThrowsExactly<InputException>(
            () => Explain(explainer, "gradcam", UnitTarget.Parse("conv0_0:1", network), 32));

        Assert.Contains("no layer with maps stands between the input and the channel conv0_0:1", e.Message);
    }

    [TestMethod]
    [DataRow("left_relu")]
    [DataRow("narrow")]
    [DataRow("pool")]
    [DataRow("right")]
    public void AblationCam_PathsAroundTheLayer_BringWhatTheyBringForTheImage(string name)
    {
        Network network = TinyNets.Diamond();
        using var backend = new CpuBackend(new CpuOptions { Threads = 1 });
        using var explainer = new Explainer(network, backend);
        Node layer = network.Find(name);
        AttributionRequest request = Requests.Of(explainer, "ablationcam", new ClassTarget(0), "layer", name);
        (double whole, float[] maps) = (request.Scores(1, (_, x) => request.Input.Tensor.CopyTo(x))[0],
            request.Forward(layer).Activation(layer));
        int channels = network.Shapes(1, 17, 17)[layer.Id][1], plane = maps.Length / channels;
        var expected = new double[plane];
        for (int k = 0; k < channels; k++)
        {
            double without = WithoutChannel(explainer, request, layer, k);
            for (int i = 0; i < plane; i++)
            {
                expected[i] += (whole - without) / Math.Abs(whole) * maps[(k * plane) + i];
            }
        }

        float[] cam = AttributionCatalog.All.Find("ablationcam").Explain(request).Arrays[0].Values;

        TensorAssert.RelativeL2([.. expected.Select(v => Math.Max(v, 0))], cam, 1e-4, "differences of float32 logits");
    }

    [TestMethod]
    [DataRow("residual blocks", "layer2.relu_1")]
    [DataRow("squeeze-and-excitation, SiLU and sigmoid", "point")]
    [DataRow("dense block with affine layers and average pool", "all")]
    [DataRow("slices and shuffle", "shuffled")]
    [DataRow("layer norms, GELU and layer scale", "sum")]
    [DataRow("affine image, branches, maps of scores", "joined_relu")]
    public void Automatic_OfEachBlock_IsTheLastThatAllPathsPass(string block, string layer) =>
        Assert.AreEqual(layer, Chosen(LayerNets.Blocks[block](), new ClassTarget(0), 14));

    [TestMethod]
    public void Automatic_MapsOfScores_AreLeftOutForAClassAlone()
    {
        Network network = LayerNets.Scores();
        using var backend = new CpuBackend(new CpuOptions { Threads = 1 });
        using var explainer = new Explainer(network, backend);

        string choice = (string)Explain(explainer, "gradcam", new ClassTarget(0), 14).Facts.Single(f => f.Name == "layer_choice").Value;

        Assert.Contains("; scores and what follows it are maps of the classes' scores", choice);
        Assert.AreEqual("scores", Chosen(network, UnitTarget.Parse("scores_relu:1", network), 14));
    }

    [TestMethod]
    public void Layer_NameOfAModule_IsTheLayerThatItReturns()
    {
        using var backend = new CpuBackend(new CpuOptions { Threads = 1 });
        using var explainer = new Explainer(LayerNets.Residual(), backend);

        AttributionResult result = Explain(explainer, "gradcam", new ClassTarget(0), 14, "layer", "layer1");

        Assert.AreEqual("layer1.relu_1", result.Facts.Single(f => f.Name == "layer").Value);
    }

    [TestMethod]
    public void AblationCam_BranchesBehindTheLayer_AreRunTogether()
    {
        using var backend = new CpuBackend(new CpuOptions { Threads = 1 });
        using var explainer = new Explainer(TinyNets.Diamond(), backend);

        AttributionResult first = Explain(explainer, "ablationcam", new ClassTarget(0), 17, "layer", "relu");
        AttributionResult second = Explain(explainer, "ablationcam", new ClassTarget(0), 17, "layer", "relu");

        Assert.IsGreaterThan(0f, first.Maximum);
        CollectionAssert.AreEqual(first.Values, second.Values);
        Assert.AreEqual(1, second.Work.Forward, "one pass of the whole network; what runs behind the layer is not counted");
    }

    [TestMethod]
    public void AblationCam_ChannelOfTheLayerItself_WeighsThatChannelAlone()
    {
        Network network = TinyNets.Vgg();
        using var backend = new CpuBackend(new CpuOptions { Threads = 1 });
        using var explainer = new Explainer(network, backend);
        AttributionRequest request = Requests.Of(explainer, "ablationcam", UnitTarget.Parse("relu1_1:3", network), "layer", "relu1_1");

        float[] cam = AttributionCatalog.All.Find("ablationcam").Explain(request).Arrays[0].Values;

        Node layer = network.Find("relu1_1");
        float[] map = [.. request.Forward(layer).Activation(layer).Chunk(cam.Length).ElementAt(3)];
        CollectionAssert.AreEqual(map, cam, "S is the channel's mean, all of which is lost: the weight is exactly 1");
    }

    /// <summary>S of a network in which the layer's channel is 0.</summary>
    private static double WithoutChannel(Explainer explainer, AttributionRequest request, Node layer, int channel)
    {
        Network network = explainer.Network;
        int channels = network.Shapes(1, 17, 17)[layer.Id][1];
        var builder = new NetworkBuilder(network.InputChannels);
        foreach (Node n in network.Nodes.Skip(1))
        {
            string[] inputs = [.. n.Inputs.Select(i => network.Nodes[i].Name + (i == layer.Id ? ".kept" : ""))];
            builder.Add(n.Name, n.Layer, inputs, n.Weights.AsSpan());
            if (n.Id == layer.Id)
            {
                float[] kept =
                [
                    .. Enumerable.Range(0, channels * channels)
                        .Select(i => i % (channels + 1) == 0 && i / channels != channel ? 1f : 0),
                ];
                builder.Then(
                    $"{n.Name}.kept", new Conv2d(channels, channels, Window.Square(1), Bias: false),
                    Weight.FromValues("kept", new Shape(channels, channels, 1, 1), kept));
            }
        }

        using Explainer other = explainer.With(builder.Build("without", network.Preprocessing));
        AttributionRequest asked = request with { Explainer = other };
        return asked.Scores(1, (_, x) => request.Input.Tensor.CopyTo(x))[0];
    }

    private static string Refused(string method, string layer)
    {
        using var backend = new CpuBackend(new CpuOptions { Threads = 1 });
        using var explainer = new Explainer(TinyNets.Vgg(), backend);
        return Assert.ThrowsExactly<InputException>(() => Explain(explainer, method, new ClassTarget(0), 32, "layer", layer)).Message;
    }

    private static string Chosen(Network network, Target target, int size)
    {
        using var backend = new CpuBackend(new CpuOptions { Threads = 1 });
        using var explainer = new Explainer(network, backend);
        return (string)Explain(explainer, "gradcam", target, size).Facts.Single(f => f.Name == "layer").Value;
    }

    private static AttributionResult Explain(Explainer explainer, string method, Target target, int size, params string[] options)
    {
        NetworkInput input = Requests.RandomInput(size, 3);
        return AttributionCatalog.All.Find(method).Explain(Requests.Of(explainer, method, target, options) with { Input = input });
    }
}
