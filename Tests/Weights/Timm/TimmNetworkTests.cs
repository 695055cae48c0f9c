using Interp.Engine.Backends;
using Interp.Engine.Common;
using Interp.Engine.Cpu;
using Interp.Engine.Graph;
using Interp.Engine.Rules;
using Interp.Engine.Tensors;
using Interp.Tests.Support;
using Interp.Weights;
using Interp.Weights.Raw;

namespace Interp.Tests.Weights.Timm;

/// <summary>Folders as timm saves them, against PyTorch's float64.</summary>
[TestClass]
public sealed class TimmNetworkTests
{
    [TestMethod]
    public void Convert_ResNetD_HasTimmsLogitsAndGradient() =>
        Matches(Path.Combine(AppContext.BaseDirectory, "Fixtures", "timm", "resnet26d"), 235 + 21);

    [TestMethod]
    [DataRow("resnet18", 235)]
    [DataRow("mobilenetv3_small_050", 256)]
    [DataRow("test_efficientnet_same", 168)]
    [DataRow("test_convnext", 168)]
    public void Convert_Folder_HasTimmsLogitsAndGradient(string name, int resize) =>
        Matches(SharedFolder.Find($"fixtures/timm/{name}"), resize);

    [TestMethod]
    [DataRow("vit_tiny_patch16_224", "Vision Transformer")]
    [DataRow("deit_tiny_distilled_patch16_224", "Vision Transformer")]
    [DataRow("swin_tiny_patch4_window7_224", "Swin")]
    public void Convert_Transformer_IsRefusedByName(string name, string word)
    {
        using var folder = new TemporaryFolder();
        Errors.Of<ModelException>(
            () => ModelConverter.Convert(new ConversionRequest(SharedFolder.Find($"fixtures/timm/{name}"), folder["m"])), word);
    }

    [TestMethod]
    public void Convert_FileWithoutItsConfig_AsksForTheName()
    {
        using var folder = new TemporaryFolder();
        string file = folder["mobile.safetensors"];
        File.Copy(SharedFolder.Find("fixtures/timm/mobilenetv3_small_050/model.safetensors"), file);
        Errors.Of<ModelException>(
            () => ModelConverter.Convert(new ConversionRequest(file, folder["m"])), "config.json", "option 'arch'");

        ModelInfo model = ModelConverter.Convert(
            new ConversionRequest(file, folder["m"]) { Architecture = "mobilenetv3_small_050" });
        Assert.AreEqual(10, model.Classes);
        Errors.Of<ModelException>(
            () => ModelConverter.Convert(new ConversionRequest(file, folder["n"]) { Architecture = "tf_efficientnet_b0" }),
            "6 stages", "7");
    }

    private static void Matches(string source, int resize)
    {
        using var folder = new TemporaryFolder();
        ModelInfo model = ModelConverter.Convert(new ConversionRequest(source, folder["m"]));
        Network network = RawModel.Open(model.Folder);
        var answers = new FixtureFolder(source);
        (Shape shape, float[] images) = answers.Array("input");
        float[] gradient = answers.Values("grad");
        using var backend = new CpuBackend();
        using Session session = backend.Open(network, new SessionOptions { Height = shape[2], Width = shape[3], Batch = 2 });

        session.Forward(images);
        const string reason = "the project's bound; float32 PyTorch itself is up to 5e-6 off";
        TensorAssert.RelativeL2(answers.Values("logits"), session.Logits(), 1e-5, reason);
        var upstream = new float[2 * network.Classes];
        upstream[answers.Target] = 1;
        session.Backward(ReluRules.Vanilla, default, new Seed(network.Output, upstream));
        TensorAssert.RelativeL2(gradient, session.InputGradient()[..gradient.Length], 5e-5, reason);
        Assert.AreEqual(resize, network.Preprocessing.ResizeShorterSide);
        Assert.AreEqual("bicubic", network.Preprocessing.Interpolation.Name);
        Assert.IsTrue(model.Assumptions.Any(a => a.Contains("timm's", StringComparison.Ordinal)));
    }
}
