using Interp.Engine.Attribution;
using Interp.Engine.Backends;
using Interp.Engine.Cpu;
using Interp.Engine.Graph;
using Interp.Engine.Imaging;
using Interp.Engine.Reference;
using Interp.Engine.Tensors;
using Interp.Tests.Support;
using Interp.Weights;

namespace Interp.Tests.Engine.Attribution.Gradients;

/// <summary>Every method against PyTorch in float64, written from the papers in scripts/goldens/gradients.py.</summary>
[TestClass]
public sealed class GradientGoldenTests
{
    private static readonly (string Golden, string Method, string[] Options)[] Cases =
    [
        ("grad-x-input", "grad-x-input", []),
        ("smoothgrad", "smoothgrad", ["samples", "10"]),
        ("smoothgrad", "vanilla", ["smooth", "10"]),
        ("smoothgrad-squared", "smoothgrad-squared", ["samples", "10"]),
        ("vargrad", "vargrad", ["samples", "10"]),
        ("integrated-gradients", "integrated-gradients", []),
        ("integrated-gradients-midpoint", "integrated-gradients", ["steps", "30", "quadrature", "midpoint", "baseline", "mean"]),
        ("integrated-gradients-smooth", "integrated-gradients", ["steps", "8", "baseline", "mean", "smooth", "3", "noise", "0.1"]),
        ("expected-gradients", "expected-gradients", ["samples", "12"]),
        ("gradientshap", "gradientshap", ["samples", "12", "noise", "0.05", "baseline", "noise"]),
        ("blur-ig", "blur-ig", ["steps", "20", "max-sigma", "10"]),
        ("guided-ig", "guided-ig", ["steps", "20", "max-dist", "0.05", "baseline", "noise"]),
        ("fullgrad", "fullgrad", []),
    ];

    [TestMethod]
    public void Reference_EveryMethod_MatchesPyTorch()
    {
        using var backend = new ReferenceBackend();
        Compare(backend, "vgg16", Cases, 1e-5,
            "inputs on a path are rounded to float32, and a term that nearly cancels keeps that rounding");
    }

    [TestMethod]
    public void Cpu_EveryMethod_MatchesPyTorch()
    {
        using var backend = new CpuBackend();
        // Guided IG takes pixels in the order of their gradients, so that one rounding may change its whole path: the reference backend
        // speaks for it.
        Compare(backend, "vgg16", [.. Cases.Where(c => c.Method != "guided-ig")], 1e-3,
            "of some million decisions along the paths float32 takes one or two the other way");
    }

    [TestMethod]
    public void FullGrad_FoldedBatchNorms_MatchesPyTorch()
    {
        using var backend = new ReferenceBackend();
        Compare(backend, "vgg11_bn", [("fullgrad", "fullgrad", [])], 1e-5,
            "weights into which a batch norm was folded are rounded to float32");
    }

    private static void Compare(IBackend backend, string name, (string Golden, string Method, string[] Options)[] cases, double tolerance,
        string reason)
    {
        using var folder = new TemporaryFolder();
        ModelConverter.Convert(new ConversionRequest(Golden.Path(name, $"{name}.pth"), folder[name]));
        Network network = ModelStore.Load(folder[name]);
        (Shape shape, float[] batch) = Golden.Array(name, "input.npy");
        float[] tensor = batch[..(int)(shape.Count / shape[0])];
        var input = new NetworkInput(name, new RgbImage(shape[3], shape[2], new byte[tensor.Length]), tensor, "");
        var target = new ClassTarget(Golden.Json<int[]>(name, "classes.json")[0]);
        using var explainer = new Explainer(network, backend);
        foreach ((string golden, string method, string[] options) in cases)
        {
            AttributionResult result = GradientCase.Explain(explainer, input, method, target, options);
            (Shape expected, float[] values) = Golden.Array(name, "gradients", $"{golden}.npy");
            Assert.AreEqual(values.Length, result.Values.Length, $"{golden}: {expected}");
            TensorAssert.RelativeL2(values, result.Values, tolerance, $"{method} {string.Join(' ', options)}: {reason}");
        }
    }
}
