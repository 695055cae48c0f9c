using System.Globalization;
using Interp.Engine.Backends;
using Interp.Engine.Cpu;
using Interp.Engine.Graph;
using Interp.Engine.Imaging;
using Interp.Engine.Models;
using Interp.Engine.Reference;
using Interp.Engine.Rules;
using Interp.Engine.Tensors;
using Interp.Tests.Support;
using Interp.Weights;

namespace Interp.Tests.Engine.Goldens;

/// <summary>A network trained on ImageNet that is no VGG: EfficientNet-Lite1, converted with nothing said, against PyTorch.</summary>
[TestClass]
public sealed class EfficientNetLiteTests
{
    private const string Folder = "models/efficientnet-lite1";
    private const int Cat = 285;

    [TestMethod]
    public void Photos_ClassesAndProbabilities_AreThoseOfPyTorch() => WithNetwork((backend, network) =>
    {
        using Session session = backend.Open(network, new SessionOptions { Backward = false });
        int right = 0;
        string[] rows = [.. File.ReadLines(SharedFolder.Find($"{Folder}/predictions.tsv")).Skip(1)];
        foreach (string[] row in rows.Select(r => r.Split('\t')))
        {
            session.Forward(NetworkInput.Read(SharedFolder.Find($"data/photos/{row[0]}"), network)[0].Tensor);
            float[] logits = session.Logits();
            Prediction top = Prediction.Top(logits, network.Labels, network.OutputActivation, 1)[0];
            right += int.Parse(row[0][..3], CultureInfo.InvariantCulture) == top.Class ? 1 : 0;
            Assert.AreEqual(row[1], $"{top.Class}", row[0]);

            // Decoders of JPEG differ by a step or two in some pixels, which moves these logits by up to some hundredths.
            Assert.AreEqual(double.Parse(row[2], CultureInfo.InvariantCulture), logits[top.Class], 0.1, row[0]);
        }

        Assert.HasCount(30, rows);
        Assert.AreEqual(29, right);
    });

    [TestMethod]
    public void Logits_AndGradient_MatchPyTorch() => WithNetwork((cpu, network) =>
    {
        float[] input = Npy.Read(SharedFolder.Find($"{Folder}/input.npy")).Values;
        float[] logits = Npy.Read(SharedFolder.Find($"{Folder}/logits.npy")).Values;
        using var reference = new ReferenceBackend();
        (float[] exactLogits, float[] exactGradient) = Run(reference, network, input);
        (float[] found, float[] gradient) = Run(cpu, network, input);

        TensorAssert.RelativeL2(logits, exactLogits, 1e-6, "weights into which a batch norm was folded are rounded to float32");
        TensorAssert.RelativeL2(Npy.Read(SharedFolder.Find($"{Folder}/grad.npy")).Values, exactGradient, 1e-6, "the same");
        TensorAssert.RelativeL2(logits, found, 1e-5, "the project's bound");

        // Two ReLU6 inputs lie within float32 rounding of 0, on which a thousandth of the gradient hangs.
        using var decided = new DecidedReference(cpu);
        TensorAssert.RelativeL2(Run(decided, network, input).Gradient, gradient, 1e-5, "the bound, where ReLUs are decided alike");
    });

    private static (float[] Logits, float[] Gradient) Run(IBackend backend, Network network, float[] input)
    {
        using Session session = backend.Open(network, new SessionOptions());
        session.Forward(input);
        var upstream = new float[network.Classes];
        upstream[Cat] = 1;
        session.Backward(ReluRules.Vanilla, default, new Seed(network.Output, upstream));
        return (session.Logits(), session.InputGradient());
    }

    private static void WithNetwork(Action<CpuBackend, Network> test)
    {
        using var folder = new TemporaryFolder();
        string source = SharedFolder.Find($"{Folder}/efficientnet-lite1-77cc7160.pth");
        ModelConverter.Convert(new ConversionRequest(source, folder["lite1"]));
        Network network = ModelStore.Load(folder["lite1"]);
        Assert.AreEqual(240, network.Preprocessing.InputSize);
        using var backend = new CpuBackend();
        test(backend, network);
    }
}
