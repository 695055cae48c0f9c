using Interp.Engine.Attribution;
using Interp.Engine.Common;
using Interp.Engine.Cpu;
using Interp.Engine.Graph;
using Interp.Engine.Imaging;
using Interp.Tests.Support;
using Interp.Tests.Weights;
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
    public void AblationCam_PathsAroundTheLayer_IsRefusedWithOneThatAllPass()
    {
        using var backend = new CpuBackend(new CpuOptions { Threads = 1 });
        using var explainer = new Explainer(TinyNets.Diamond(), backend);

        InputException e = Assert.ThrowsExactly<InputException>(
            () => Explain(explainer, "ablationcam", new ClassTarget(0), 17, "layer", "left_relu"));

        Assert.Contains("paths lead around it (from relu, right)", e.Message);
        Assert.Contains("such as sum", e.Message);
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
