using System.Text.RegularExpressions;
using Interp.Cuda;
using Interp.Engine.Attribution;
using Interp.Engine.Attribution.Gradients;
using Interp.Engine.Backends;
using Interp.Engine.Cpu;
using Interp.Engine.Graph;
using Interp.Engine.Layers;
using Interp.Engine.Rules;
using Interp.Engine.Visualization;
using Interp.Engine.Visualization.Objectives.Units;
using Interp.Engine.Visualization.Parametrizations;
using Interp.Engine.Visualization.Transforms;
using Interp.Tests.Support;

namespace Interp.Tests.Cuda;

/// <summary>Every attribution method and a feature visualisation on a CUDA device against the CPU backend. A kind of device is tested by
/// one class derived from this.</summary>
public abstract class CudaMethodTests
{
    private const double EndToEnd = 1e-4;
    private const string Reason = "float32 sums in another order, 1e-6 a layer, through a method's own arithmetic";

    /// <summary>Options that make methods quick; each applies where a method has it.</summary>
    private static readonly (string Option, string Value)[] s_quick =
        [("samples", "8"), ("steps", "6"), ("channels", "6"), ("window", "8"), ("stride", "6"), ("segments", "6"), ("cells", "3"),
            ("passes", "40")];

    /// <summary>
    /// Direct convolutions, which give equal windows equal values, as matrix products do. Winograd's algorithm rounds them apart, and
    /// methods that decide by ties (DeepLIFT's
    /// max-pools over a plain baseline, guided integrated gradients' choice of values) then decide otherwise.
    /// </summary>
    private static readonly CpuOptions s_direct = new() { Threads = 1, Convolution = ConvChoice.Direct };

    /// <summary>Shapes that users have and that the tiny VGG has not: a pool that changes nothing, one that enlarges, one class, no hidden
    /// layer, grey images, no classes.</summary>
    private static readonly Dictionary<string, Func<Network>> s_shapes = new()
    {
        ["2x2 maps, pooled to 2x2, one class"] = () => VggNets.Make(11, 64, classes: 1, poolTo: 2),
        ["grey digits"] = () => ShapeNets.Grey(),
        ["maps without classes"] = ShapeNets.Maps,
        ["1x1 maps, pooled to 7x7, batch norm, one linear layer"] = () => VggNets.Make(13, 32, hidden: 0, norm: true),
    };

    public static IEnumerable<object[]> Methods => AttributionCatalog.All.Names.Select(n => new object[] { n });

    public static IEnumerable<object[]> ShapesAndMethods =>
        s_shapes.Keys.SelectMany(s => AttributionCatalog.All.Names.Select(n => new object[] { s, n }));

    public static IEnumerable<object[]> FamiliesAndMethods =>
        new[] { "resnet18", "mobilenet_v3_small", "convnext" }
            .SelectMany(f => AttributionCatalog.All.Names.Select(n => new object[] { f, n }));

    protected abstract CudaOptions Device { get; }

    [TestMethod]
    [DynamicData(nameof(Methods))]
    public void Explain_AnyMethod_MatchesTheCpu(string method)
    {
        Network network = TinyNets.Vgg();
        using CudaBackend cuda = CudaBackend.Open(Device);
        using var cpu = new CpuBackend(s_direct);

        AttributionResult expected = Explain(network, cpu, method), found = Explain(network, cuda, method);

        Assert.AreEqual(expected.Shape, found.Shape);
        TensorAssert.RelativeL2(expected.Values, found.Values, EndToEnd, Reason);
        Assert.AreEqual(expected.Score, found.Score, EndToEnd * Math.Abs(expected.Score), Reason);
        CollectionAssert.AreEqual(expected.Diagnosis, found.Diagnosis);
    }

    [TestMethod]
    [DynamicData(nameof(ShapesAndMethods))]
    public void Explain_ShapesThatUsersHave_MatchTheCpu(string shape, string method)
    {
        Network network = s_shapes[shape]();
        using CudaBackend cuda = CudaBackend.Open(Device);
        using var cpu = new CpuBackend(s_direct);

        AttributionResult expected = Explain(network, cpu, method, 0), found = Explain(network, cuda, method, 0);

        TensorAssert.RelativeL2(expected.Values, found.Values, EndToEnd, Reason);
        CollectionAssert.AreEqual(Words(expected), Words(found), "the same is said, of numbers that may round apart");
    }

    /// <summary>The reference decides as the device does: on blurred and mixed images these networks meet near-ties.</summary>
    [TestMethod]
    [DynamicData(nameof(FamiliesAndMethods))]
    public void Explain_FamiliesOfNetworks_MatchTheReference(string family, string method)
    {
        Network network = TorchvisionGolden.Load(family);
        using CudaBackend cuda = CudaBackend.Open(Device);
        using var reference = new DecidedReference(cuda);

        AttributionResult expected = Explain(network, reference, method), found = Explain(network, cuda, method);

        TensorAssert.RelativeL2(expected.Values, found.Values, MethodTolerance.Of(expected, EndToEnd), Reason);
        CollectionAssert.AreEqual(Words(expected), Words(found), "the same is said, of numbers that may round apart");
    }

    /// <summary>
    /// What the masks of a map share (the image, the fill and the labels) goes up once, beside the image whose logits are looked at, and
    /// for each masked image its numbers alone; its logits alone come back.
    /// </summary>
    [TestMethod]
    [DataRow("rise", 1, 0, 4 * (9 + 2))]
    [DataRow("lime", 2, 1, 4 * 9)]
    [DataRow("kernelshap", 2, 1, 4 * 9)]
    [DataRow("shapley-sampling", 2, 1, 4 * 9)]
    [DataRow("hsic", 2, 1, 4 * 9)]
    [DataRow("sobol", 2, 1, 4 * 9)]
    [DataRow("occlusion", 2, 0, 4 * 4)]
    public void Explain_MaskedImages_GoUpAsNumbers(string method, int images, int labels, int numbers)
    {
        Network network = TinyNets.Vgg();
        using CudaBackend cuda = CudaBackend.Open(Device);
        using var explainer = new Explainer(network, cuda, new ExplainerOptions { Backward = false, Batch = 7 });
        _ = Explain(explainer, method, ("samples", 8)); // Brings the weights.

        AttributionResult some = Explain(explainer, method, ("samples", 8), ("stride", 8)),
            more = Explain(explainer, method, ("samples", 30), ("stride", 4));

        int plane = some.Shape[1] * some.Shape[2] * sizeof(float), logits = network.Classes * sizeof(float);
        foreach (AttributionResult found in (AttributionResult[])[some, more])
        {
            long passes = found.Work.Forward;
            Assert.AreEqual((3 * plane * (1 + images)) + (plane * labels) + (numbers * (passes - 1)), found.Traffic.ToDevice, "up");
            Assert.AreEqual(logits * (passes + 1), found.Traffic.FromDevice, "down; those of the image are read twice");
        }

        Assert.IsGreaterThan(some.Work.Forward, more.Work.Forward);
    }

    [TestMethod]
    public void Explain_ScoreCam_SendsMapsAndNoImages()
    {
        Network network = TinyNets.Vgg();
        using CudaBackend cuda = CudaBackend.Open(Device);
        using var explainer = new Explainer(network, cuda, new ExplainerOptions { Backward = false, Batch = 7 });
        _ = Explain(explainer, "scorecam", ("channels", 3));

        AttributionResult some = Explain(explainer, "scorecam", ("channels", 3)), more = Explain(explainer, "scorecam", ("channels", 8));

        Assert.AreEqual(5, more.Work.Forward - some.Work.Forward);
        Assert.AreEqual(5 * 4 * ((8 * 8) + 2), more.Traffic.ToDevice - some.Traffic.ToDevice, "the cells of a map, and where it begins");
        Assert.AreEqual(5 * 4 * network.Classes, more.Traffic.FromDevice - some.Traffic.FromDevice);
    }

    [TestMethod]
    [DataRow("vanilla")]
    [DataRow("gradcam")]
    [DataRow("lrp")]
    [DataRow("occlusion")]
    public void Explain_ResidualNetwork_MatchesTheCpu(string method)
    {
        Network network = TinyNets.Diamond();
        using CudaBackend cuda = CudaBackend.Open(Device);
        using var cpu = new CpuBackend(s_direct);

        TensorAssert.RelativeL2(Explain(network, cpu, method).Values, Explain(network, cuda, method).Values, EndToEnd, Reason);
    }

    [TestMethod]
    [DataRow("fft", "colours")]
    [DataRow("pixel", "colours")]
    [DataRow("fft", "grey")]
    public void Visualize_Unit_ClimbsAsOnTheCpu(string parametrization, string images)
    {
        Network network = images == "grey" ? ShapeNets.Grey() : TinyNets.Vgg();
        var options = new VisualizationOptions
        {
            Steps = 4,
            Parametrization = ParametrizationCatalog.All.Find(parametrization),
            Transforms = TransformChain.Parse("pad:2,jitter:3,scale:0.9..1.1,rotate:-5..5"),
        };
        using CudaBackend cuda = CudaBackend.Open(Device);
        using var cpu = new CpuBackend(s_direct);
        using var onCuda = new Visualizer(network, cuda);
        using var onCpu = new Visualizer(network, cpu);

        VisualizationResult expected = onCpu.Run(Channel(network), options), found = onCuda.Run(Channel(network), options);

        // Adam divides by the gradient's size: where that is all but zero, rounding decides a pixel's direction, so images are compared a
        // little more loosely.
        TensorAssert.RelativeL2(expected.Images, found.Images, 1e-3, Reason);
        Assert.AreEqual(expected.Curve[^1].Objective[0], found.Curve[^1].Objective[0], 1e-3 * Math.Abs(expected.Curve[^1].Objective[0]),
            Reason);
    }

    private static ChannelObjective Channel(Network network) =>
        new(network.Nodes.First(n => n.Name.StartsWith("conv2", StringComparison.Ordinal)), 3);

    private static string[] Words(AttributionResult result) => [.. result.Diagnosis.Select(d => Regex.Replace(d, "[0-9]+", "0"))];

    /// <summary>Where a network has no ReLU, rules for ReLUs are applied at what stands in for them.</summary>
    private static (string Option, string Value)[] Rule(Network network, AttributionMethod method) =>
        ReluRuleOption.Of(method.Configure()) == ReluRules.Vanilla || network.Nodes.Any(n => n.Layer is ReLU) ? []
            : [("rule-activations", "all")];

    /// <summary>With 3×3 cells, 9 superpixels, windows of 8, and more.</summary>
    private static AttributionResult Explain(Explainer explainer, string method, params (string Option, int Value)[] more)
    {
        AttributionMethod found = AttributionCatalog.All.Find(method);
        (string Option, int Value)[] all = [("cells", 3), ("segments", 9), ("window", 8), .. more];
        string[] options =
            [.. all.Where(o => found.Options.Any(m => m.Name == o.Option)).SelectMany(o => (string[])[o.Option, $"{o.Value}"])];
        return found.Explain(Requests.Of(explainer, found, new ClassTarget(2), options));
    }

    private static AttributionResult Explain(Network network, IBackend backend, string method, int target = 2)
    {
        using var explainer = new Explainer(network, backend);
        AttributionMethod found = AttributionCatalog.All.Find(method);
        string[] options = [
            .. s_quick.Where(q => found.Options.Any(o => o.Name == q.Option)).Concat(Rule(network, found))
                .SelectMany(q => new[] { q.Option, q.Value })];
        Target asked = network.Classes > 0 ? new ClassTarget(target) : new UnitTarget(network.Output, 1);
        return found.Explain(Requests.Of(explainer, found, asked, options));
    }
}
