using System.Text.RegularExpressions;
using Interp.Engine.Common;
using Interp.Engine.Models;
using Interp.Tests.Support;
using Interp.Tests.Weights.Pretrained;
using Interp.Weights;

namespace Interp.Tests.Weights;

[TestClass]
public sealed partial class PretrainedWeightsTests
{
    private static readonly string[] Plain =
    [
        "alexnet", "vgg11", "vgg11_bn", "vgg13", "vgg13_bn", "vgg16", "vgg16_bn", "vgg19", "vgg19_bn", "resnet18", "resnet34",
        "resnet50:IMAGENET1K_V1", "densenet121", "densenet161", "densenet169", "densenet201", "googlenet", "squeezenet1_0", "squeezenet1_1",
        "mnasnet0_5", "mnasnet1_0", "mobilenet_v2:IMAGENET1K_V1", "mobilenet_v3_large:IMAGENET1K_V1", "mobilenet_v3_small",
        "shufflenet_v2_x0_5", "shufflenet_v2_x1_0", "vit_b_16", "vit_b_32", "vit_l_32", "regnet_y_32gf:IMAGENET1K_V1",
    ];

    [TestMethod]
    public void All_AreTorchvisionsFilesOnce()
    {
        PretrainedWeights[] all = [.. PretrainedWeights.All];
        Assert.HasCount(115, all);
        Assert.HasCount(80, all.Select(p => p.Architecture).Distinct());
        Assert.HasCount(115, all.Select(p => p.Name).Distinct(StringComparer.OrdinalIgnoreCase));
        Assert.HasCount(115, all.Select(p => p.FileName).Distinct());
        Assert.HasCount(115, all.Select(p => p.HashPrefix).Distinct());
        Assert.HasCount(8, all.Where(p => p.FormerFileName is not null));
        foreach (PretrainedWeights p in all)
        {
            Assert.MatchesRegex(Hash(), p.HashPrefix);
            Assert.EndsWith($"-{p.HashPrefix}.pth", p.FileName);
            Assert.AreEqual($"https://download.pytorch.org/models/{p.FileName}", p.Address.ToString());
            Assert.IsTrue(p.HasClassifier ? p.Top1 is > 55 and < 90 : p.Name == "vgg16:IMAGENET1K_FEATURES", p.Name);
            Assert.IsTrue(p.Parameters is > 1_200_000 and < 700_000_000, p.Name);
            Assert.IsTrue(p.Preprocessing.InputSize <= p.Preprocessing.ResizeShorterSide, p.Name);
            Assert.AreEqual(p.Name == p.Architecture ? p.Architecture : $"{p.Architecture}:{p.Variant}", p.Name);
        }
    }

    [TestMethod]
    public void All_OneOfEachNetwork_IsItsDefaultAndStandsFirst()
    {
        foreach (IGrouping<string, PretrainedWeights> network in PretrainedWeights.All.GroupBy(p => p.Architecture))
        {
            Assert.AreEqual(network.Key, network.First().Name);
            Assert.HasCount(1, network.Where(p => p.Name == network.Key));
        }
    }

    // torchvision's transforms of these weights, read in its sources: shorter side, middle, filter.
    [TestMethod]
    [DataRow("convnext_tiny", "236/224 bilinear")]
    [DataRow("convnext_small", "230/224 bilinear")]
    [DataRow("convnext_base", "232/224 bilinear")]
    [DataRow("convnext_large", "232/224 bilinear")]
    [DataRow("efficientnet_b0", "256/224 bicubic")]
    [DataRow("efficientnet_b1", "255/240 bilinear")]
    [DataRow("efficientnet_b1:IMAGENET1K_V1", "256/240 bicubic")]
    [DataRow("efficientnet_b2", "288/288 bicubic")]
    [DataRow("efficientnet_b3", "320/300 bicubic")]
    [DataRow("efficientnet_b4", "384/380 bicubic")]
    [DataRow("efficientnet_b5", "456/456 bicubic")]
    [DataRow("efficientnet_b6", "528/528 bicubic")]
    [DataRow("efficientnet_b7", "600/600 bicubic")]
    [DataRow("efficientnet_v2_s", "384/384 bilinear")]
    [DataRow("efficientnet_v2_m", "480/480 bilinear")]
    [DataRow("efficientnet_v2_l", "480/480 bicubic")]
    [DataRow("inception_v3", "342/299 bilinear")]
    [DataRow("maxvit_t", "224/224 bicubic")]
    [DataRow("regnet_y_128gf", "384/384 bicubic")]
    [DataRow("regnet_y_128gf:IMAGENET1K_SWAG_LINEAR_V1", "224/224 bicubic")]
    [DataRow("swin_t", "232/224 bicubic")]
    [DataRow("swin_s", "246/224 bicubic")]
    [DataRow("swin_b", "238/224 bicubic")]
    [DataRow("swin_v2_t", "260/256 bicubic")]
    [DataRow("swin_v2_s", "260/256 bicubic")]
    [DataRow("swin_v2_b", "272/256 bicubic")]
    [DataRow("vit_l_16", "242/224 bilinear")]
    [DataRow("vit_b_16:IMAGENET1K_SWAG_E2E_V1", "384/384 bicubic")]
    [DataRow("vit_l_16:IMAGENET1K_SWAG_E2E_V1", "512/512 bicubic")]
    [DataRow("vit_h_14", "518/518 bicubic")]
    [DataRow("mnasnet0_75", "232/224 bilinear")]
    [DataRow("shufflenet_v2_x2_0", "232/224 bilinear")]
    [DataRow("resnext101_64x4d", "232/224 bilinear")]
    public void Preprocessing_OfOne_IsTorchvisions(string name, string expected)
    {
        Preprocessing p = PretrainedWeights.Find(name).Preprocessing;
        Assert.AreEqual(expected, $"{p.ResizeShorterSide}/{p.InputSize} {p.Interpolation}");
        Assert.IsFalse(p.Stretch || p.ChannelOrder != ChannelOrder.Rgb);
        Preprocessing units = name == "efficientnet_v2_l" ? new() { Mean = [0.5f, 0.5f, 0.5f], Deviation = [0.5f, 0.5f, 0.5f] } : new();
        CollectionAssert.AreEqual(units.Mean.ToArray(), p.Mean.ToArray());
        CollectionAssert.AreEqual(units.Deviation.ToArray(), p.Deviation.ToArray());
    }

    [TestMethod]
    public void Preprocessing_OfTheRest_IsImageNetsOr232()
    {
        foreach (string name in Plain)
        {
            Assert.AreEqual(Preprocessing.ImageNet, PretrainedWeights.Find(name).Preprocessing, name);
        }

        PretrainedWeights[] second =
            [.. PretrainedWeights.All.Where(p => p.Variant == "IMAGENET1K_V2" && p.Architecture != "efficientnet_b1")];
        Assert.HasCount(23, second);
        Assert.IsTrue(second.All(p => p.Preprocessing == Preprocessing.ImageNet with { ResizeShorterSide = 232 }));
    }

    [TestMethod]
    [DataRow("vgg16", "vgg16-397923af.pth")]
    [DataRow("VGG19_bn", "vgg19_bn-c79401a0.pth")]
    [DataRow("resnet50", "resnet50-11ad3fa6.pth")]
    [DataRow("resnet50:IMAGENET1K_V2", "resnet50-11ad3fa6.pth")]
    [DataRow("resnet50:imagenet1k_v1", "resnet50-0676ba61.pth")]
    [DataRow("vit_h_14:IMAGENET1K_SWAG_E2E_V1", "vit_h_14_swag-80465313.pth")]
    public void Find_ShortOrFullName_IsTheFile(string name, string file) => Assert.AreEqual(file, PretrainedWeights.Find(name).FileName);

    [TestMethod]
    public void Find_Unknown_NamesThoseThatBeginAlike()
    {
        Errors.Of<InputException>(() => PretrainedWeights.Find("resnet51"), "'resnet51'", "there are resnet50", "option 'list'");
        Errors.Of<InputException>(() => PretrainedWeights.Find("vgg16:V9"), "'vgg16:V9'", "vgg16:IMAGENET1K_FEATURES");
    }

    [TestMethod]
    [DataRow("mine.pth", "bac287d4", "efficientnet_b1:IMAGENET1K_V1", true)]
    [DataRow("mine.pth", "533bc792", "efficientnet_b1:IMAGENET1K_V1", true, DisplayName = "the file before it was renamed")]
    [DataRow("resnet50-11ad3fa6.pth", "0676ba61", "resnet50:IMAGENET1K_V1", true, DisplayName = "the content counts before the name")]
    [DataRow("resnet50-11ad3fa6.pth", "00000000", "resnet50", false)]
    [DataRow("efficientnet_b7_lukemelas-dcc49843.pth", "00000000", "efficientnet_b7", false)]
    [DataRow("ResNet50-11ad3fa6.pth", "00000000", null, false)]
    [DataRow("my-resnet50-11ad3fa6.pth", "00000000", null, false)]
    public void Recognize_HashOrExactName_IsTheRow(string file, string hash, string? expected, bool byHash)
    {
        (PretrainedWeights Weights, bool ByHash)? found = PretrainedWeights.Recognize(file, hash + new string('5', 56));

        Assert.AreEqual(expected, found?.Weights.Name);
        Assert.AreEqual(byHash, found?.ByHash ?? false);
    }

    [TestMethod]
    public void Fetch_EveryOne_AsksForItsFileAndChecksItsHash()
    {
        using var folder = new TemporaryFolder();
        using var server = new TestServer((_, _) => TestServer.Answer("200 OK", [1, 2, 3], "Content-Length: 3"));
        foreach (PretrainedWeights p in PretrainedWeights.All.Where(p => p.HasClassifier))
        {
            var address = new Uri(server.Address, p.Address.AbsolutePath);

            Errors.Of<InputException>(
                () => p.Fetch(folder.Root, address, null, CancellationToken.None), p.FileName, $"does not start with {p.HashPrefix}");

            Assert.AreEqual($"/models/{p.FileName}", server.Requests[^1].Path);
        }

        Assert.IsEmpty(folder.Everything());
    }

    [TestMethod]
    public void Fetch_WeightsWithoutAClassifier_AreRefusedInTheirOwnWords()
    {
        using var folder = new TemporaryFolder();
        PretrainedWeights features = PretrainedWeights.Find("vgg16:IMAGENET1K_FEATURES");

        Errors.Of<ModelException>(() => features.Fetch(folder.Root), "backbone of detectors", "no class to explain", "convert vgg16");
    }

    [GeneratedRegex("^(?:[0-9a-f]{8}|[0-9a-f]{10})$")]
    private static partial Regex Hash();
}
