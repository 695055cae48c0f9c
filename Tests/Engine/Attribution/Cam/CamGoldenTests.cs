using Interp.Engine.Attribution;
using Interp.Engine.Backends;
using Interp.Engine.Cpu;
using Interp.Engine.Imaging;
using Interp.Engine.Reference;
using Interp.Engine.Tensors;
using Interp.Tests.Support;
using Interp.Weights;

namespace Interp.Tests.Engine.Attribution.Cam;

/// <summary>
/// Every class activation map against PyTorch, on the narrow VGGs of NarrowVggTests; fixtures made by scripts/goldens/cam.py.
/// </summary>
[TestClass]
public sealed class CamGoldenTests
{
    private static readonly string[] Methods =
        ["gradcam", "gradcam-simple", "gradcam++", "xgradcam", "layercam", "hirescam", "eigencam", "scorecam", "scorecam-4", "ablationcam"];

    [TestMethod]
    [DataRow("vgg16", "features.15")]
    [DataRow("vgg16", "features.29")]
    [DataRow("vgg19", "features.35")]
    public void Reference_EveryMethod_MatchesPyTorch(string name, string layer)
    {
        using var backend = new ReferenceBackend();

        // Activations and gradients reach a method as float32; Ablation-CAM takes differences of float32 scores, which leaves fewer digits.
        Compare(backend, name, layer, method => method == "ablationcam" ? 2e-5 : 1e-6);
    }

    [TestMethod]
    [DataRow("vgg16", "features.15")]
    [DataRow("vgg19", "features.35")]
    public void Cpu_EveryMethod_MatchesPyTorch(string name, string layer)
    {
        using var backend = new CpuBackend(new CpuOptions { Threads = 2 });

        // The project's 1e-5 for gradients; a map's sum over channels cancels a little, Ablation-CAM's differences of float32 scores more.
        Compare(backend, name, layer, method => method == "ablationcam" ? 1e-3 : 5e-5);
    }

    [TestMethod]
    [DataRow("vgg16", "features.29")]
    [DataRow("vgg19", "features.35")]
    public void Values_GradCam_AreTheEnlargedMapOfThePapersLayer(string name, string layer)
    {
        using var backend = new ReferenceBackend();
        Each(backend, name, "enlarged.npy", (request, expected) =>
        {
            AttributionResult result = Explain(request, "gradcam");
            Assert.AreEqual(layer, result.Facts.Single(f => f.Name == "layer").Value);
            TensorAssert.RelativeL2(expected, result.Values, 1e-6, "float32 activations and gradients");
        });
    }

    [TestMethod]
    public void Values_SeveralLayers_AreTheMeanOfScaledMaps()
    {
        using var backend = new ReferenceBackend();
        Each(backend, "vgg16", "fused.npy", (request, expected) =>
        {
            AttributionResult result = Explain(request, "gradcam", ("layer", "features.15,features.29"));
            TensorAssert.RelativeL2(expected, result.Values, 1e-6, "float32 activations and gradients");
            CollectionAssert.AreEqual((string[])["cam-features.15", "cam-features.29"], result.Arrays.Select(a => a.Name).ToArray());
        });
    }

    [TestMethod]
    [DataRow("guided-gradcam")]
    [DataRow("vanilla-gradcam")]
    public void Values_GradientTimesGradCam_MatchPyTorch(string method)
    {
        using var backend = new ReferenceBackend();
        Each(backend, "vgg19", $"{method}.npy", (request, expected) =>
            TensorAssert.RelativeL2(expected, Explain(request, method).Values, 1e-6, "float32 activations and gradients"));
    }

    private static void Compare(IBackend backend, string name, string layer, Func<string, double> tolerance)
    {
        foreach (string golden in Methods)
        {
            string method = golden.Split('-') is ["scorecam", _] ? "scorecam" : golden;
            (string, string)[] options = [
                ("layer", layer), .. golden == "scorecam-4" ? [("channels", "4")] : Array.Empty<(string, string)>()];
            Each(backend, name, $"{layer}-{golden}.npy", (request, raw) =>
            {
                bool hasRelu = AttributionCatalog.All.Find(method).Options.Any(o => o.Name == "no-relu");
                float[] cam = Explain(request, method, options).Arrays.Single(a => a.Name == "cam").Values;
                float[] rectified = Array.ConvertAll(raw, v => Math.Max(v, 0));
                double room = tolerance(golden);
                string reason = $"{golden} at {layer}, float32 activations and gradients";
                if (hasRelu)
                {
                    float[] signed = Explain(request, method, [.. options, ("no-relu", "true")]).Arrays[0].Values;
                    TensorAssert.RelativeL2(raw, signed, room, $"{reason}, signed");
                    CollectionAssert.AreEqual(Array.ConvertAll(signed, v => Math.Max(v, 0)), cam);
                }
                else
                {
                    TensorAssert.RelativeL2(raw, cam, room, reason);
                }
            });
        }
    }

    private static void Each(IBackend backend, string name, string file, Action<AttributionRequest, float[]> check)
    {
        using var folder = new TemporaryFolder();
        ModelConverter.Convert(new ConversionRequest(Golden.Path(name, $"{name}.pth"), folder[name]));
        using var explainer = new Explainer(ModelStore.Load(folder[name]), backend);
        (Shape shape, float[] input) = Golden.Array(name, "input.npy");
        int[] classes = Golden.Json<int[]>(name, "classes.json");
        float[] expected = Golden.Array("cam", name, file).Values;
        int row = input.Length / shape[0], each = expected.Length / shape[0];
        for (int n = 0; n < shape[0]; n++)
        {
            var image = new NetworkInput("golden", new RgbImage(shape[3], shape[2], new byte[3 * shape[2] * shape[3]]),
                input[(n * row)..((n + 1) * row)], "");
            AttributionMethod any = AttributionCatalog.All[0];
            check(new AttributionRequest(explainer, image, new ClassTarget(classes[n]), any.Configure()),
                expected[(n * each)..((n + 1) * each)]);
        }
    }

    private static AttributionResult Explain(AttributionRequest request, string method, params (string Name, string Value)[] options)
    {
        AttributionMethod m = AttributionCatalog.All.Find(method);
        return m.Explain(request with { Options = m.Configure(options.ToDictionary(o => o.Name, o => o.Value)) });
    }
}
