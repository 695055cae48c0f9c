using System.Globalization;
using Interp.Engine.Backends;
using Interp.Engine.Cpu;
using Interp.Engine.Graph;
using Interp.Engine.Imaging;
using Interp.Engine.Models;
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
    public void Logits_AndGradient_MatchPyTorch() => WithNetwork((backend, network) =>
    {
        using Session session = backend.Open(network, new SessionOptions());
        session.Forward(Npy.Read(SharedFolder.Find($"{Folder}/input.npy")).Values);
        TensorAssert.RelativeL2(Npy.Read(SharedFolder.Find($"{Folder}/logits.npy")).Values, session.Logits(), 1e-5, "the project's bound");

        var upstream = new float[network.Classes];
        upstream[Cat] = 1;
        session.Backward(ReluRules.Vanilla, default, new Seed(network.Output, upstream));
        TensorAssert.RelativeL2(
            Npy.Read(SharedFolder.Find($"{Folder}/grad.npy")).Values, session.InputGradient(), 1e-5, "the project's bound");
    });

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
