using System.Collections.Immutable;
using System.Text.Json;
using Interp.Engine.Common;
using Interp.Engine.Models;
using Interp.Tests.Cli.Support;
using Interp.Tests.Support;
using Interp.Weights;
using Interp.Weights.Plans;
using Interp.Weights.Raw;

namespace Interp.Tests.Weights;

/// <summary>How images are prepared for a converted network: what the list says of the file, what the user says, and what is
/// written.</summary>
[TestClass]
public sealed class ConvertPreprocessingTests
{
    private static readonly ImmutableArray<double> Caffe = [123.68, 116.779, 103.939];

    [TestMethod]
    public void Convert_NothingSaid_IsImageNetsAndSaysSo()
    {
        using var folder = new TemporaryFolder();

        (Preprocessing used, string[] said) = Convert(folder, "net.pth", new());

        Assert.AreEqual(Preprocessing.ImageNet, used);
        Assert.Contains("the input size is 224x224 (option 'input-size')", said);
        Assert.Contains("images are prepared as for torchvision's ImageNet networks: shorter side to 256 (bilinear), middle 224x224, "
            + "mean 0.485 0.456 0.406, deviation 0.229 0.224 0.225", said);
    }

    [TestMethod]
    public void Convert_FileOfAListedName_HasThatPreparationAndSaysItIsTheName()
    {
        using var folder = new TemporaryFolder();

        (Preprocessing used, string[] said) = Convert(folder, "efficientnet_b1_rwightman-bac287d4.pth", new());

        Assert.AreEqual(PretrainedWeights.Find("efficientnet_b1:IMAGENET1K_V1").Preprocessing, used);
        Assert.IsFalse(said.Any(l => l.StartsWith("the input size is", StringComparison.Ordinal)));
        Assert.Contains("images are prepared as for torchvision's efficientnet_b1:IMAGENET1K_V1 weights (as the file's name says; the "
            + "file's SHA-256 is another): shorter side to 256 (bicubic), middle 240x240, mean 0.485 0.456 0.406, deviation 0.229 0.224 "
            + "0.225", said);
    }

    [TestMethod]
    public void Convert_InputSizeOfListedWeights_KeepsTheirProportion()
    {
        using var folder = new TemporaryFolder();

        (Preprocessing used, string[] said) = Convert(folder, "net.pth", new(), 150, PretrainedWeights.Find("inception_v3"));

        Assert.AreEqual((172, 150), (used.ResizeShorterSide, used.InputSize), "342/299 of 150 is 171.6");
        Assert.Contains(l => l.Contains("inception_v3 weights (as the given name says", StringComparison.Ordinal), said);
    }

    [TestMethod]
    public void Convert_FeaturesFile_IsRefusedInItsOwnWords()
    {
        using var folder = new TemporaryFolder();

        Errors.Of<ModelException>(
            () => Convert(folder, "vgg16_features-amdegroot-88682ab5.pth", new()), "backbone of detectors", "convert vgg16");
        CollectionAssert.AreEqual((string[])["vgg16_features-amdegroot-88682ab5.pth"], folder.Everything());
    }

    [TestMethod]
    public void Convert_EverythingSaid_IsWrittenAndRead()
    {
        using var folder = new TemporaryFolder();
        PreprocessingChoices choices = new()
        {
            ResizeShorterSide = 70, Crop = 64, Interpolation = Interpolation.Bicubic, Stretch = true, Scale = 1, Mean = Caffe,
            Deviation = [1, 2, 4], ChannelOrder = ChannelOrder.Bgr,
        };

        (Preprocessing used, string[] said) = Convert(folder, "net.pth", choices);

        var expected = new Preprocessing
        {
            ResizeShorterSide = 70, InputSize = 64, Interpolation = Interpolation.Bicubic, Stretch = true, ChannelOrder = ChannelOrder.Bgr,
            Mean = [(float)(103.939 / 255), (float)(116.779 / 255), (float)(123.68 / 255)],
            Deviation = [4f / 255, 2f / 255, 1f / 255],
        };
        Assert.AreEqual(expected, used);
        JsonElement json = JsonDocument.Parse(File.ReadAllBytes(folder["out/model.json"])).RootElement.GetProperty("preprocessing");
        Assert.AreEqual("bicubic", json.GetProperty("interpolation").GetString());
        Assert.AreEqual("bgr", json.GetProperty("channel_order").GetString());
        Assert.IsTrue(json.GetProperty("stretch").GetBoolean());
        Assert.Contains(l => l.StartsWith("images are prepared as for torchvision's ImageNet networks but for option 'resize', "
            + "option 'crop', "
            + "option 'interpolation', option 'mean', option 'std', option 'scale', option 'order', option 'stretch': stretched to 70x70 "
            + "(bicubic), middle 64x64, channels blue, green, red, mean ", StringComparison.Ordinal), said);
    }

    [TestMethod]
    public void Apply_ScaleAlone_HasNoMean()
    {
        Preprocessing used = Apply(new() { Scale = 1 / 127.5 });
        CollectionAssert.AreEqual((float[])[0, 0, 0], used.Mean.ToArray());
        CollectionAssert.AreEqual((float[])[0.5f, 0.5f, 0.5f], used.Deviation.ToArray());

        used = Apply(new() { Scale = 1 / 127.5, Mean = [1, 1, 1] });
        CollectionAssert.AreEqual((float[])[0.5f, 0.5f, 0.5f], used.Mean.ToArray(), "pixels in -1…1");
    }

    [TestMethod]
    public void Apply_MeanAlone_LeavesTheRest() => Assert.AreEqual(
        Preprocessing.ImageNet with { Mean = [0.1f, 0.2f, 0.3f] }, Apply(new() { Mean = [0.1, 0.2, 0.3] }));

    [TestMethod]
    public void Apply_OrderAlone_TurnsImageNetsNumbers()
    {
        Preprocessing used = Apply(new() { ChannelOrder = ChannelOrder.Bgr });
        CollectionAssert.AreEqual((float[])[0.406f, 0.456f, 0.485f], used.Mean.ToArray());
        CollectionAssert.AreEqual((float[])[0.225f, 0.224f, 0.229f], used.Deviation.ToArray());
    }

    [TestMethod]
    public void Apply_StretchAlone_IsToTheInput() =>
        Assert.AreEqual(Preprocessing.ImageNet with { Stretch = true, ResizeShorterSide = 224 }, Apply(new() { Stretch = true }));

    [TestMethod]
    public void Apply_CropOrInputSize_LeavesOrChangesTheResizing()
    {
        Assert.AreEqual(Preprocessing.ImageNet with { InputSize = 240 }, Apply(new() { Crop = 240 }));
        Assert.AreEqual(Preprocessing.ImageNet with { InputSize = 112, ResizeShorterSide = 128 }, Apply(new(), 112));
        Assert.AreEqual(
            Preprocessing.ImageNet with { InputSize = 112, ResizeShorterSide = 112 }, Apply(new() { ResizeShorterSide = 112 }, 112));
        Assert.AreEqual(Preprocessing.ImageNet, Apply(new() { Crop = 224 }, 224));
    }

    [TestMethod]
    public void Apply_Contradictions_AreRefused()
    {
        Errors.Of<InputException>(() => Apply(new() { Crop = 299 }), "option 'resize' 256", "expected 299");
        Errors.Of<InputException>(() => Apply(new() { ResizeShorterSide = 200 }), "option 'resize' 200", "expected 224");
        Errors.Of<InputException>(() => Apply(new() { ResizeShorterSide = 20_000 }), "option 'resize' 20000", "16384");
        Errors.Of<InputException>(() => Apply(new() { Crop = 224 }, 112), "option 'crop' 224", "option 'input-size' 112");
        Errors.Of<InputException>(() => Apply(new() { Crop = 0 }), "input size 0");
        Errors.Of<InputException>(() => Apply(new() { Scale = 0 }), "option 'scale' 0");
        Errors.Of<InputException>(() => Apply(new() { Deviation = [1, 0, 1] }), "option 'std' 1,0,1", "positive");
        Errors.Of<InputException>(() => Apply(new() { Mean = [1, 1] }), "option 'mean' 1,1", "three numbers R,G,B, or one for all");
        Errors.Of<InputException>(() => Apply(new() { Mean = [double.NaN, 1, 1] }), "option 'mean'");
    }

    [TestMethod]
    public void Apply_HeightAndWidth_CutFitsWhateverTheImage()
    {
        Preprocessing used = Apply(new(), new Sides(33, 30));
        Assert.AreEqual((33, 30, 38), (used.Height, used.Width, used.ResizeShorterSide), "256/224 of the longer side");
        used = Apply(new() { Crop = 20, CropWidth = 57, ResizeShorterSide = 60 });
        Assert.AreEqual((20, 57, 60), (used.Height, used.Width, used.ResizeShorterSide));
        used = Apply(new() { Stretch = true }, new Sides(20, 57));
        Assert.AreEqual((57, true), (used.ResizeShorterSide, used.Stretch), "to the very input");
        Errors.Of<InputException>(() => Apply(new() { ResizeShorterSide = 40 }, new Sides(20, 57)), "option 'resize' 40", "expected 57");
        Errors.Of<InputException>(
            () => Apply(new() { Crop = 33 }, new Sides(33, 30)), "option 'crop' 33", "option 'input-size' 33x30");
        Assert.AreEqual(Apply(new(), new Sides(112, 112)), Apply(new(), 112));
    }

    [TestMethod]
    public void Apply_OneChannel_TakesOneNumber()
    {
        Preprocessing grey = Preprocessing.ImageNet.Grey();
        Assert.AreEqual(0.449f, grey.Mean.Single(), 1e-6f);
        Preprocessing used = new PreprocessingChoices { Mean = [0.1307], Deviation = [0.3081] }.Apply(grey, 28);
        Assert.AreEqual((1, 28, 28, 0.1307f, 0.3081f), (used.Channels, used.Height, used.Width, used.Mean[0], used.Deviation[0]));
        used = new PreprocessingChoices { Scale = 1 }.Apply(grey, null);
        Assert.AreEqual((0f, 1 / 255f), (used.Mean.Single(), used.Deviation.Single()), "pixels of 0…255");
        Errors.Of<InputException>(
            () => new PreprocessingChoices { Mean = [1, 2, 3] }.Apply(grey, null), "option 'mean' 1,2,3", "one number", "grey");
        Errors.Of<InputException>(
            () => new PreprocessingChoices { ChannelOrder = ChannelOrder.Bgr }.Apply(grey, null), "option 'order'", "grey");
    }

    [TestMethod]
    public void Apply_OneNumberForThreeChannels_IsForAll() =>
        CollectionAssert.AreEqual((float[])[0.5f, 0.5f, 0.5f], Apply(new() { Mean = [0.5] }).Mean.ToArray());

    private static Preprocessing Apply(PreprocessingChoices choices, Sides? input = null) =>
        choices.Apply(choices.Ordered(Preprocessing.ImageNet), input);

    private static (Preprocessing Used, string[] Said) Convert(
        TemporaryFolder folder, string file, PreprocessingChoices choices, int? inputSize = null, PretrainedWeights? pretrained = null)
    {
        TinyModel.WriteSafetensors(folder[file]);
        ModelInfo model = ModelConverter.Convert(new ConversionRequest(folder[file], folder["out"])
        {
            InputSize = inputSize, Preprocessing = choices, Pretrained = pretrained,
        });
        return (RawModel.Open(model.Folder).Preprocessing, [.. model.Assumptions]);
    }
}
