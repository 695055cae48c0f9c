using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Interp.Engine.Layers;
using Interp.Engine.Models;
using Interp.Weights.Architectures;
using Interp.Weights.Checkpoints;
using Interp.Weights.Formats;
using Interp.Weights.Plans;

namespace Interp.Tests.Weights.Architectures;

/// <summary>Networks of torchvision's as users have them: other heads, wrapped, of old versions.</summary>
[TestClass]
public sealed partial class UserNetworkTests
{
    [TestMethod]
    [DataRow("resnet18", "fc", "fc:5x512", "fc")]
    [DataRow("resnet18", "fc", "fc.1:5x512", "fc.1")]
    [DataRow("resnet18", "fc", "fc.0:64x512|fc.3:5x64", "fc.0 fc.1 fc.2 fc.3")]
    [DataRow("resnet18", "fc", "head:5x512", "head")]
    [DataRow("densenet121", "classifier", "classifier:5x1024", "classifier")]
    [DataRow("mobilenet_v2", "classifier", "classifier:5x1280", "classifier")]
    [DataRow("mobilenet_v3_large", "classifier", "classifier.0:32x960|classifier.3:5x32", "classifier.0 classifier.1 classifier.2")]
    [DataRow("efficientnet_b0", "classifier", "classifier.1:5x1280", "classifier.0 classifier.1")]
    [DataRow("efficientnet_b0", "classifier", "classifier:5x1280", "classifier")]
    [DataRow("vgg11", "classifier", "classifier:5x25088", "classifier")]
    [DataRow("alexnet", "classifier", "classifier:5x9216", "classifier")]
    [DataRow("googlenet", "fc", "fc:5x1024", "fc")]
    [DataRow("regnet_y_400mf", "fc", "fc.1:5x440", "fc.1")]
    [DataRow("convnext_tiny", "classifier.2", "classifier.2.1:5x768", "classifier.2.1")]
    [DataRow("convnext_tiny", "classifier", "classifier:5x768", "flatten classifier")]
    [DataRow("convnext_tiny", "classifier", "classifier.1:5x768", "flatten classifier.0 classifier.1")]
    public void Plan_AnotherHead_IsRead(string network, string head, string linears, string expected)
    {
        var entries = Of(network).Where(e => !e.Name.StartsWith($"{head}.", StringComparison.Ordinal)).ToList();
        foreach (string[] linear in linears.Split('|').Select(l => l.Split(':')))
        {
            long[] shape = [.. linear[1].Split('x').Select(long.Parse)];
            entries.Add(new WeightEntry($"{linear[0]}.weight", "float32", [.. shape]));
            entries.Add(new WeightEntry($"{linear[0]}.bias", "float32", [shape[0]]));
        }

        ModelPlan plan = ArchitectureCatalog.Plan(entries);
        string[] nodes = [.. plan.Nodes.Select(n => n.Name)];

        Assert.Contains($" {expected}", string.Join(' ', nodes));
        Assert.AreEqual(5, plan.Classes("m", Preprocessing.ImageNet));
    }

    [TestMethod]
    [DataRow("module.")]
    [DataRow("model.")]
    [DataRow("state_dict.model.")]
    [DataRow("state_dict.net.backbone.")]
    [DataRow("_orig_mod.module.")]
    public void Plan_Wrapped_IsTheSameNetwork(string prefix)
    {
        ImmutableArray<WeightEntry> entries = Of("resnet18");
        FakeWeightSource source = UnknownFileTests.Source(entries, prefix).Set("state_dict.loss.weight", [5], []);
        ModelPlan plan = ArchitectureCatalog.Plan(new NetworkWeights(source, null).Entries);

        CollectionAssert.AreEqual(
            ArchitectureCatalog.Plan(entries).Nodes.Select(n => n.Name).ToArray(), plan.Nodes.Select(n => n.Name).ToArray());
    }

    [TestMethod]
    public void Plan_DenseNetOf2017_IsTodays()
    {
        ImmutableArray<WeightEntry> entries = Of("densenet121");
        WeightEntry[] old = [.. entries.Select(e => e with { Name = DenseLayer().Replace(e.Name, "$1.$2") })];

        Assert.Contains("features.denseblock1.denselayer1.norm.1.weight", old.Select(e => e.Name));
        CollectionAssert.AreEqual(
            ArchitectureCatalog.Plan(entries).Nodes.Select(n => n.Name).ToArray(),
            ArchitectureCatalog.Plan(old).Nodes.Select(n => n.Name).ToArray());
    }

    /// <summary>Version 1 had a stem of 32 channels at every width.</summary>
    [TestMethod]
    public void Plan_MnasNetWithItsOldStem_IsRead()
    {
        WeightEntry[] old = [.. Of("mnasnet0_5").Select(e => Part().Match(e.Name).Groups[1].Value switch
        {
            "0" => e with { Shape = e.Shape.SetItem(0, 32) },
            "1" or "4" when e.Shape.Length == 1 => e with { Shape = [32] },
            "3" => e with { Shape = e.Shape.SetItem(0, 32) },
            "6" => e with { Shape = e.Shape.SetItem(1, 32) },
            _ => e,
        })];
        ModelPlan plan = ArchitectureCatalog.Plan(old);

        Assert.AreEqual(32, ((Conv2d)plan.Nodes.First(n => n.Name == "layers.0").Layer).OutChannels);
        Assert.AreEqual(1000, plan.Classes("m", Preprocessing.ImageNet));
    }

    [TestMethod]
    [DataRow("googlenet", "aux1.", "aux1.conv")]
    [DataRow("inception_v3", "AuxLogits.", "AuxLogits.conv0")]
    public void Plan_AuxiliaryHead_WholeInPartOrNotAtAll_IsLeftOut(string network, string head, string part)
    {
        ImmutableArray<WeightEntry> entries = Of(network);
        string[] nodes = [.. ArchitectureCatalog.Plan(entries).Nodes.Select(n => n.Name)];
        WeightEntry[] some = [.. entries.Where(e => !IsOf(e, head) || IsOf(e, part))], none = [.. entries.Where(e => !IsOf(e, head))];

        CollectionAssert.AreEqual(nodes, ArchitectureCatalog.Plan(some).Nodes.Select(n => n.Name).ToArray());
        Assert.Contains(a => a.Contains("auxiliary head", StringComparison.Ordinal), ArchitectureCatalog.Plan(some).Assumptions);
        CollectionAssert.AreEqual(nodes, ArchitectureCatalog.Plan(none).Nodes.Select(n => n.Name).ToArray());
    }

    private static bool IsOf(WeightEntry entry, string part) => entry.Name.StartsWith(part, StringComparison.Ordinal);

    private static ImmutableArray<WeightEntry> Of(string network) => TorchvisionGraphTests.Entries(TorchvisionTable.Of(network));

    [GeneratedRegex(@"(denselayer\d+\.(?:norm|conv))([12])")]
    private static partial Regex DenseLayer();

    [GeneratedRegex(@"^layers\.(\d+)\.[a-z_]+$")]
    private static partial Regex Part();
}
