using Interp.Engine.Attribution;
using Interp.Engine.Backends;
using Interp.Engine.Cpu;
using Interp.Engine.Graph;
using Interp.Engine.Imaging;
using Interp.Engine.Reference;
using Interp.Engine.Tensors;
using Interp.Tests.Support;
using Interp.Weights;

namespace Interp.Tests.Engine.Attribution.Relevance;

/// <summary>Against PyTorch in float64 on narrow VGGs, one with batch norm: goldens of scripts/goldens/relevance.py, which follows zennit
/// and captum.</summary>
[TestClass]
public sealed class RelevanceGoldenTests
{
    private const string Mixed = """
        { "rules": [
          { "first": ["conv2d", "linear"], "rule": "w-square" },
          { "last": "linear", "rule": "epsilon", "epsilon": 0.25 },
          { "name": "features.1*", "rule": "gamma", "gamma": 0.1 },
          { "kind": "conv2d", "rule": "alpha-beta", "alpha": 3, "bias": false },
          { "kind": "linear", "rule": "z-plus" } ] }
        """;

    private static readonly string[] Composites = ["epsilon-gamma-box", "epsilon-plus", "epsilon-alpha2-beta1", "epsilon-plus-flat"];

    [TestMethod]
    [DataRow("vgg16", "features.16", false)]
    [DataRow("vgg16", "features.16", true)]
    [DataRow("vgg11_bn", "features.14", false)]
    [DataRow("vgg11_bn", "features.14", true)]
    public void Family_MatchesPyTorch(string name, string layer, bool reference)
    {
        using var folder = new TemporaryFolder();
        ModelConverter.Convert(new ConversionRequest(Golden.Path(name, $"{name}.pth"), folder[name]));
        Network network = ModelStore.Load(folder[name]);
        (Shape shape, float[] all) = Golden.Array(name, "input.npy");
        (int height, int width) = (shape[2], shape[3]);
        var input = new NetworkInput("golden", new RgbImage(width, height, new byte[3 * height * width]), all[..(3 * height * width)], "");
        using IBackend backend = reference ? new ReferenceBackend() : new CpuBackend(new CpuOptions { Threads = 2 });
        using var explainer = new Explainer(network, backend);
        var target = new ClassTarget(Golden.Json<int[]>(name, "classes.json")[0]);

        AttributionResult Explain(string method, params string[] options)
        {
            AttributionMethod m = AttributionCatalog.All.Find(method);
            return m.Explain(
                new AttributionRequest(explainer, input, target, m.Configure(options.Chunk(2).ToDictionary(o => o[0], o => o[1]))));
        }

        void Check(string golden, float[] found, double tolerance = 2e-4) => TensorAssert.RelativeL2(
            Golden.Array("relevance", name, $"{golden}.npy").Values, found, tolerance,
            $"{golden}: small denominators enlarge rounding; float32 PyTorch is up to 2e-5 off, 1e-4 where unlike maps are subtracted");

        foreach (string composite in Composites)
        {
            Check($"lrp-{composite}", Explain("lrp", "composite", composite).Values);
        }

        (string Layer, string Channels)[] through = name == "vgg16"
            ? [("features.12", "1,4,7"), ("classifier.0", "0,3,8,15")] : [("features.11", "0,5,9"), ("classifier.0", "3,17")];
        foreach ((string below, string channels) in through)
        {
            Check($"lrp-through-{below}", Explain("lrp", "composite", "epsilon-plus", "through", $"{below}:{channels}").Values);
        }

        Check("lrp-mixed", Explain("lrp", "composite", Mixed).Values);
        Check("deep-taylor", Explain("deep-taylor").Values);
        Check("deeplift-black", Explain("deeplift").Values);
        Check("deeplift-mean", Explain("deeplift", "baseline", "mean").Values);
        Check("excitation", Explain("excitation-backprop", "layer", layer).Arrays.Single().Values);
        Check("excitation-contrastive", Explain("excitation-backprop", "layer", layer, "contrastive", "true").Arrays.Single().Values, 2e-3);
    }
}
