using Interp.Engine.Backends;
using Interp.Engine.Cpu;
using Interp.Engine.Graph;
using Interp.Engine.Reference;
using Interp.Engine.Rules;
using Interp.Engine.Tensors;
using Interp.Tests.Support;
using Interp.Weights;

namespace Interp.Tests.Engine.Goldens;

/// <summary>
/// From PyTorch's weight file to logits and gradients: narrow VGGs with random weights at odd input sizes. The fixtures' seeds were chosen
/// so that no decision lies nearer to a tie than 5e-5 of its layer's scale, so that none is imposed here.
/// </summary>
[TestClass]
public sealed class NarrowVggTests
{
    [TestMethod]
    [DataRow("vgg16", "vgg16.pth")]
    [DataRow("vgg16", "vgg16-legacy.pth")]
    [DataRow("vgg19", "vgg19.pth")]
    [DataRow("vgg11_bn", "vgg11_bn.pth")]
    public void Cpu_LogitsAndGradients_MatchPyTorch(string name, string file)
    {
        using var backend = new CpuBackend();
        Compare(backend, name, file, 1e-5, "the project's bound; float32 PyTorch itself is 5e-7 off");
    }

    [TestMethod]
    [DataRow("vgg16", "vgg16.pth", 1e-7, "only the goldens are rounded")]
    [DataRow("vgg19", "vgg19.pth", 1e-7, "only the goldens are rounded")]
    [DataRow("vgg11_bn", "vgg11_bn.pth", 1e-6, "weights into which a batch norm was folded are rounded to float32")]
    public void Reference_LogitsAndGradients_MatchPyTorch(string name, string file, double tolerance, string reason)
    {
        using var backend = new ReferenceBackend();
        Compare(backend, name, file, tolerance, reason);
    }

    private static void Compare(IBackend backend, string name, string file, double tolerance, string reason)
    {
        using var folder = new TemporaryFolder();
        ModelConverter.Convert(new ConversionRequest(Golden.Path(name, file), folder[name]));
        Network network = ModelStore.Load(folder[name]);
        (Shape shape, float[] input) = Golden.Array(name, "input.npy");
        int[] classes = Golden.Json<int[]>(name, "classes.json");
        using Session session = backend.Open(network, new SessionOptions { Batch = shape[0], Height = shape[2], Width = shape[3] });

        session.Forward(input);
        TensorAssert.RelativeL2(Golden.Array(name, "logits.npy").Values, session.Logits(), tolerance, $"logits, {reason}");

        var upstream = new float[shape[0] * network.Classes];
        for (int n = 0; n < classes.Length; n++)
        {
            upstream[n * network.Classes + classes[n]] = 1;
        }

        foreach (ReluRule rule in ReluRules.All)
        {
            session.Backward(rule, default, new Seed(network.Output, upstream));
            TensorAssert.RelativeL2(Golden.Array(name, $"{rule.Name}.npy").Values, session.InputGradient(), tolerance,
                $"{rule.Name}, {reason}");
        }
    }
}
