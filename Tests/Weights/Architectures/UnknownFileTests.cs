using System.Collections.Immutable;
using Interp.Engine.Common;
using Interp.Engine.Models;
using Interp.Weights.Architectures;
using Interp.Weights.Checkpoints;
using Interp.Weights.Formats;
using Interp.Weights.Plans;

namespace Interp.Tests.Weights.Architectures;

/// <summary>Files that are of no known architecture, of two, or incomplete: one line that says what, what is expected, and the next
/// step.</summary>
[TestClass]
public sealed class UnknownFileTests
{
    [TestMethod]
    [DataRow("class_token|encoder.layers.encoder_layer_0.ln_1.weight", "torchvision's Vision Transformer", "encoder_layer_0.ln_1")]
    [DataRow("cls_token|pos_embed|blocks.0.attn.qkv.weight", "a Vision Transformer", "cls_token")]
    [DataRow("vit.encoder.layer.0.attention.attention.query.weight", "the package transformers", "query.weight")]
    [DataRow("features.0.0.weight|features.1.0.attn.relative_position_bias_table", "a Swin Transformer", "bias_table")]
    [DataRow("features.0.0.weight|features.1.0.attn.relative_coords_table", "a Swin Transformer v2", "coords_table")]
    [DataRow("stem.0.0.weight|blocks.0.layers.0.layers.MBconv.proj.1.weight", "a MaxViT", "MBconv.proj.1.weight")]
    [DataRow("transformer.encoder.layers.0.self_attn.in_proj_weight", "a transformer", "in_proj_weight")]
    [DataRow("conv_stem.weight|stages.0.conv_dw.weight|classifier.weight", "timm's names", "conv_stem.weight")]
    [DataRow("stem.conv.weight|stages.0.blocks.0.conv1_1x1.conv.weight", "timm's names", "stages.0.blocks.0")]
    [DataRow("resnet.embedder.embedder.normalization.weight", "the package transformers", "normalization.weight")]
    [DataRow("convnext.encoder.stages.0.layers.0.dwconv.weight", "the package transformers", "stages.0.layers.0")]
    [DataRow("rpn.head.conv.weight|roi_heads.box_head.fc6.weight", "a detector", "rpn.head.conv.weight")]
    [DataRow("quant.scale|fc._packed_params._packed_params", "a quantised network", "_packed_params")]
    [DataRow("down1.conv.weight|up1.conv.weight", "no known architecture has tensors named down1.conv.weight, up1", "'weights'")]
    public void Plan_OtherNetworks_AreNamedByWhatTheyHave(string names, string what, string sign)
    {
        WeightEntry[] entries = [.. names.Split('|').Select(n => new WeightEntry(n, "float32", [8, 8]))];
        Errors.Of<ModelException>(() => ArchitectureCatalog.Plan(entries), what, sign, "torchvision's", "rename", "efficientnet, ");
    }

    [TestMethod]
    public void Plan_TwoFamiliesInOneFile_NamesBothAndTheOption()
    {
        WeightEntry[] both = [.. Of("resnet18"), .. Of("googlenet").Where(e => e.Name.StartsWith("inception", StringComparison.Ordinal))];
        Errors.Of<ModelException>(() => ArchitectureCatalog.Plan(both), "several architectures: resnet, googlenet", "option 'arch'");
        Errors.Of<ModelException>(
            () => ArchitectureCatalog.Plan(both, new PlanOptions { Architecture = "resnet18" }), "unexpected tensors 'inception3a.branch1");
    }

    [TestMethod]
    [DataRow("resnet50", "layer3.2.conv1.weight")]
    [DataRow("resnet50", "layer2.0.conv1.weight")]
    [DataRow("resnet50", "layer2.1.bn2.running_var")]
    [DataRow("resnet50", "conv1.weight")]
    [DataRow("densenet121", "features.denseblock2.denselayer3.conv1.weight")]
    [DataRow("densenet121", "features.transition2.conv.weight")]
    [DataRow("shufflenet_v2_x1_0", "stage3.2.branch2.0.weight")]
    [DataRow("mobilenet_v2", "features.4.conv.2.weight")]
    [DataRow("mnasnet1_0", "layers.10.1.layers.0.weight")]
    [DataRow("efficientnet_b0", "features.4.1.block.0.0.weight")]
    [DataRow("regnet_y_400mf", "trunk_output.block3.block3-1.f.a.0.weight")]
    [DataRow("convnext_tiny", "features.5.4.layer_scale")]
    [DataRow("inception_v3", "Mixed_6c.branch7x7_2.bn.running_mean")]
    [DataRow("squeezenet1_1", "features.4.expand3x3.weight")]
    [DataRow("alexnet", "classifier.4.weight")]
    public void Plan_OneTensorMissing_NamesIt(string network, string name) => Errors.Of<ModelException>(
        () => ArchitectureCatalog.Plan([.. Of(network).Where(e => e.Name != name)]),
        name == "classifier.4.weight" ? "classifier.4" : $"'{name}' is missing");

    [TestMethod]
    [DataRow("resnet18", "layer2.0.conv1.weight", "128,32,3,3", "expects 32 input channels, but layer1.1.relu_1 gives 64")]
    [DataRow("resnet50", "layer1.0.conv3.weight", "256,32,1,1", "expects 32 input channels, but layer1.0.relu_1 gives 64")]
    [DataRow("resnet18", "layer1.0.bn1.weight", "63", "has shape [63], expected [64]")]
    [DataRow("resnet18", "fc.weight", "1000,500", "512")]
    [DataRow("regnet_y_400mf", "trunk_output.block1.block1-0.f.c.0.weight", "48,16,1,1", "expects 16 input channels")]
    public void Plan_WrongShape_SaysFoundAndExpected(string network, string name, string shape, string message) =>
        Errors.Of<ModelException>(() => ArchitectureCatalog.Plan(Reshaped(network, name, shape)), message);

    [TestMethod]
    [DataRow("resnet18", "conv1.weight", 64, 7)]
    [DataRow("squeezenet1_0", "features.0.weight", 96, 7)]
    [DataRow("densenet161", "features.conv0.weight", 96, 7)]
    [DataRow("convnext_tiny", "features.0.0.weight", 96, 4)]
    [DataRow("efficientnet_b5", "features.0.0.weight", 48, 3)]
    [DataRow("vgg11", "features.0.weight", 64, 3)]
    [DataRow("googlenet", "conv1.conv.weight", 64, 7)]
    [DataRow("mobilenet_v2", "features.0.0.weight", 32, 3)]
    [DataRow("shufflenet_v2_x1_0", "conv1.0.weight", 24, 3)]
    [DataRow("regnet_y_400mf", "stem.0.weight", 32, 3)]
    [DataRow("mnasnet0_5", "layers.0.weight", 16, 3)]
    [DataRow("alexnet", "features.0.weight", 64, 11)]
    public void Plan_StemOfOneChannel_TakesGrey(string network, string name, int width, int kernel)
    {
        ModelPlan plan = ArchitectureCatalog.Plan(Reshaped(network, name, $"{width},1,{kernel},{kernel}"));
        Assert.AreEqual(1, plan.Channels);
        Preprocessing grey = Preprocessing.ImageNet.Grey();
        Assert.AreEqual(1000, plan.Classes("grey", grey), "everything fits together");
        Assert.IsFalse(plan.Nodes.Any(n => n.Name == "transform_input"), "which is a step of colours");
    }

    [TestMethod]
    [DataRow("resnet18", "conv1.weight", 64, 7)]
    [DataRow("squeezenet1_0", "features.0.weight", 96, 7)]
    [DataRow("densenet161", "features.conv0.weight", 96, 7)]
    [DataRow("convnext_tiny", "features.0.0.weight", 96, 4)]
    [DataRow("efficientnet_b5", "features.0.0.weight", 48, 3)]
    [DataRow("vgg11", "features.0.weight", 64, 3)]
    public void Plan_StemOfFourChannels_SaysHowItBecomesRgb(string network, string name, int width, int kernel)
    {
        Errors.Of<ModelException>(
            () => ArchitectureCatalog.Plan(Reshaped(network, name, $"{width},4,{kernel},{kernel}")),
            "expects 4 input channels", $"sd['{name}'] = w[:, :3]");
    }

    [TestMethod]
    [DataRow("resnet18", "fc.", "'fc.weight' is missing: the first linear layer; the file holds a backbone alone")]
    [DataRow("mobilenet_v2", "classifier.", "'classifier.0.weight' is missing: the first linear layer; the file holds a backbone alone")]
    [DataRow("densenet121", "classifier.", "the file holds a backbone alone; save the state dict of a whole classifier")]
    [DataRow("squeezenet1_1", "classifier.", "'classifier.1.weight' is missing")]
    [DataRow("convnext_tiny", "classifier.", "'classifier.0.weight' is missing")]
    public void Plan_NoHead_SaysThatItIsABackbone(string network, string head, string message) => Errors.Of<ModelException>(
        () => ArchitectureCatalog.Plan([.. Of(network).Where(e => !e.Name.StartsWith(head, StringComparison.Ordinal))]), message, "save");

    [TestMethod]
    [DataRow("resnet18", "layer1.0.eca.conv.weight")]
    [DataRow("resnet18", "layer1.0.extra.weight")]
    [DataRow("mobilenet_v3_small", "features.3.extra.weight")]
    public void Plan_UnknownTensor_NamesItAndHowToRemoveIt(string network, string name) => Errors.Of<ModelException>(
        () => ArchitectureCatalog.Plan([.. Of(network), new WeightEntry(name, "float32", [4, 4, 1, 1])]),
        $"unexpected tensor '{name}'", "expected", $"del sd['{name}']");

    [TestMethod]
    public void Plan_AnotherNumberOfBlocks_SaysWhichAreKnown()
    {
        Errors.Of<ModelException>(
            () => ArchitectureCatalog.Plan(
                [.. Of("mobilenet_v3_small").Where(e => !e.Name.StartsWith("features.11.", StringComparison.Ordinal))]),
            "10 blocks", "expected 15 (large) or 11 (small)");
        Errors.Of<ModelException>(
            () => ArchitectureCatalog.Plan(
                [.. Of("mobilenet_v2").Where(e => !e.Name.StartsWith("features.17.", StringComparison.Ordinal))]),
            "'features.17.conv.0.0.weight' is missing");
    }

    [TestMethod]
    public void Plan_Integers_SayHowToDequantise() => Errors.Of<ModelException>(
        () => ArchitectureCatalog.Plan([.. Of("resnet18").Select(e => e.Shape.Length == 4 ? e with { Type = "int8" } : e)]),
        "'conv1.weight' holds int8", "dequantize");

    [TestMethod]
    public void Network_Detector_ItsBackboneHasNoClassifier()
    {
        FakeWeightSource source = Source(Of("resnet18").Where(e => !e.Name.StartsWith("fc.", StringComparison.Ordinal)), "backbone.body.");
        source.Set("rpn.head.conv.weight", [8, 8, 3, 3], []);

        Errors.Of<ModelException>(
            () => ArchitectureCatalog.Plan(new NetworkWeights(source, null).Entries),
            "tensor 'rpn.head.conv.weight' [8,8,3,3] stands beside the network below 'backbone.body'", "option 'weights' backbone.body");
        Errors.Of<ModelException>(
            () => ArchitectureCatalog.Plan(new NetworkWeights(source, "backbone.body").Entries),
            "'fc.weight' is missing: the first linear layer; the file holds a backbone alone");
    }

    private static ImmutableArray<WeightEntry> Of(string network) => TorchvisionGraphTests.Entries(TorchvisionTable.Of(network));

    private static WeightEntry[] Reshaped(string network, string name, string shape)
    {
        ImmutableArray<WeightEntry> entries = Of(network);
        Assert.Contains(e => e.Name == name, entries);
        return [.. entries.Select(e => e.Name == name ? e with { Shape = [.. shape.Split(',').Select(long.Parse)] } : e)];
    }

    /// <summary>A file without data, for what looks at names and shapes alone.</summary>
    internal static FakeWeightSource Source(IEnumerable<WeightEntry> entries, string prefix = "")
    {
        var source = new FakeWeightSource();
        foreach (WeightEntry e in entries)
        {
            source.Set(prefix + e.Name, [.. e.Shape], []);
        }

        return source;
    }
}
