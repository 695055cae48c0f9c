using Interp.Engine.Common;
using Interp.Engine.Layers;
using Interp.Engine.Models;
using Interp.Weights.Architectures;
using Interp.Weights.Formats;
using Interp.Weights.Plans;

namespace Interp.Tests.Weights.Architectures;

[TestClass]
public sealed class VggArchitectureTests
{
    [TestMethod]
    [DataRow(11, false, "0 3 6 8 11 13 16 18", "2 5 10 15 20")]
    [DataRow(13, false, "0 2 5 7 10 12 15 17 20 22", "4 9 14 19 24")]
    [DataRow(16, false, "0 2 5 7 10 12 14 17 19 21 24 26 28", "4 9 16 23 30")]
    [DataRow(19, false, "0 2 5 7 10 12 14 16 19 21 23 25 28 30 32 34", "4 9 18 27 36")]
    [DataRow(11, true, "0 4 8 11 15 18 22 25", "3 7 14 21 28")]
    [DataRow(13, true, "0 3 7 10 14 17 21 24 28 31", "6 13 20 27 34")]
    [DataRow(16, true, "0 3 7 10 14 17 20 24 27 30 34 37 40", "6 13 23 33 43")]
    [DataRow(19, true, "0 3 7 10 14 17 20 23 27 30 33 36 40 43 46 49", "6 13 26 39 52")]
    public void Plan_TorchvisionLayout_PutsEveryLayerWhereTorchvisionHasIt(int depth, bool batchNorm, string convolutions, string pools)
    {
        FakeWeightSource source = StateDicts.Vgg(StateDicts.Configurations[depth], batchNorm, [64, 64, 10]);

        ModelPlan plan = ArchitectureCatalog.Plan(source.Entries);

        Assert.AreEqual(convolutions, Indices<Conv2d>(plan));
        Assert.AreEqual(pools, Indices<MaxPool2d>(plan));
        string[] names = [.. plan.Nodes.Select(n => n.Name)];
        int features = names.Count(n => n.StartsWith("features.", StringComparison.Ordinal));
        CollectionAssert.AreEqual(
            (string[])["input", .. Enumerable.Range(0, features).Select(i => $"features.{i}"), "avgpool", "flatten",
                "classifier.0", "classifier.1", "classifier.2", "classifier.3", "classifier.4", "classifier.5", "classifier.6"],
            names);
        foreach ((PlannedNode before, PlannedNode node) in plan.Nodes.Zip(plan.Nodes.Skip(1)))
        {
            Assert.AreEqual(before.Name, node.Inputs.Single());
            Assert.AreEqual(batchNorm && before.Layer is Conv2d, node.Layer is Identity);
        }

        Assert.AreEqual(new AdaptiveAvgPool2d(Size2.Square(7)), plan.Nodes.Single(n => n.Name == "avgpool").Layer);
        Assert.AreEqual(new Dropout(), plan.Nodes.Single(n => n.Name == "classifier.5").Layer);
        Assert.AreEqual(10, plan.Classes("m", Preprocessing.ImageNet));
    }

    [TestMethod]
    [DataRow(1)]
    [DataRow(2)]
    [DataRow(6)]
    public void Plan_AnyAveragePool_TakesItsSizeFromTheFirstLinearLayer(int pool)
    {
        FakeWeightSource source = StateDicts.Vgg([4, 0, 6, 0], batchNorm: true, [5], pool);

        ModelPlan plan = ArchitectureCatalog.Plan(source.Entries);

        Assert.AreEqual(new AdaptiveAvgPool2d(Size2.Square(pool)), plan.Nodes.Single(n => n.Name == "avgpool").Layer);
        Assert.AreEqual("classifier.0", plan.Nodes[^1].Name);
    }

    [TestMethod]
    [DataRow(1, 0)]
    [DataRow(3, 1)]
    [DataRow(7, 3)]
    public void Plan_OddKernels_KeepTheSize(int kernel, int padding)
    {
        ModelPlan plan = ArchitectureCatalog.Plan(StateDicts.Vgg([4, 0, 6, 0], batchNorm: false, [5], pool: 1, kernel).Entries);

        Assert.AreEqual(new Conv2d(3, 4, Window.Square(kernel, padding: padding)), plan.Nodes[1].Layer);
    }

    [TestMethod]
    [DataRow("classifier")]
    [DataRow("classifier.6")]
    public void Plan_OneLinearLayer_KeepsItsName(string name)
    {
        FakeWeightSource source = StateDicts.Tiny().Remove("classifier.0.weight").Remove("classifier.0.bias")
            .Set($"{name}.weight", [5, 6], _ => 0).Set($"{name}.bias", [5], _ => 0);

        ModelPlan plan = ArchitectureCatalog.Plan(source.Entries);

        CollectionAssert.AreEqual((string[])["avgpool", "flatten", name], plan.Nodes.Skip(7).Select(n => n.Name).ToArray());
    }

    [TestMethod]
    public void Plan_FourLinearLayersAndOneWithoutDropout_FollowsTheGaps()
    {
        FakeWeightSource source = StateDicts.Vgg([4, 0], batchNorm: false, [8, 7, 6], pool: 1)
            .Set("classifier.8.weight", [5, 6], _ => 0)
            .Set("classifier.8.bias", [5], _ => 0);

        ModelPlan plan = ArchitectureCatalog.Plan(source.Entries);

        Assert.AreEqual(
            "linear relu dropout linear relu dropout linear relu linear",
            string.Join(' ', plan.Nodes.Where(n => n.Name.StartsWith("classifier", StringComparison.Ordinal)).Select(n => n.Layer.Kind)));
    }

    [TestMethod]
    [DataRow("features.0.weight", "'features.0.weight' is missing")]
    [DataRow("features.0.bias", "'features.0.bias' is missing")]
    [DataRow("features.3.weight", "unexpected tensor 'features.3.bias'")]
    [DataRow("classifier.0.weight", "classifier.3.weight [5,5] takes 5 features")]
    [DataRow("classifier.0.bias", "'classifier.0.bias' is missing")]
    [DataRow("classifier.3.bias", "'classifier.3.bias' is missing")]
    [DataRow("classifier.3.weight", "unexpected tensor 'classifier.3.bias'")]
    public void Plan_MissingTensor_IsNamed(string missing, string message)
    {
        FakeWeightSource source = StateDicts.Vgg([6, 0, 6, 0], batchNorm: false, [5, 5], pool: 1).Remove(missing);

        Errors.Of<ModelException>(() => ArchitectureCatalog.Plan(source.Entries), message, "; ");
    }

    [TestMethod]
    [DataRow("features.1.running_mean")]
    [DataRow("features.1.running_var")]
    [DataRow("features.1.weight")]
    [DataRow("features.1.bias")]
    public void Plan_IncompleteBatchNorm_NamesWhatIsMissing(string missing)
    {
        FakeWeightSource source = StateDicts.Vgg([6, 0, 6, 0], batchNorm: true, [5], pool: 1).Remove(missing);

        Errors.Of<ModelException>(() => ArchitectureCatalog.Plan(source.Entries), $"'{missing}' is missing");
    }

    [TestMethod]
    [DataRow("features.3.weight", "6,5,3,3", "features.3.weight [6,5,3,3] expects 5 input channels, but features.0 gives 4")]
    [DataRow("features.0.weight", "4,4,3,3", "expects 4 input channels, but the input (RGB) gives 3; only RGB and grey images")]
    [DataRow("features.0.weight", "4,2,3,3", "expects 2 input channels, but the input (RGB) gives 3; only networks for RGB and "
        + "for grey images")]
    [DataRow("features.0.weight", "4,3,11,11", "AlexNet")]
    [DataRow("features.0.weight", "4,3,2,2", "expected an odd kernel")]
    [DataRow("features.0.weight", "4,3,3", "expected 4 positive sizes")]
    [DataRow("features.0.weight", "4,3,0,3", "expected 4 positive sizes")]
    [DataRow("features.0.weight", "5000000000,3,3,3", "expected 4 positive sizes")]
    [DataRow("features.0.bias", "5", "shape [5], expected [4]")]
    [DataRow("features.0.bias", "4,1", "shape [4,1], expected [4]")]
    [DataRow("classifier.0.weight", "8,13", "takes 13 features, expected 6 channels times a square")]
    [DataRow("classifier.0.weight", "8,12", "takes 12 features, expected 6 channels times a square")]
    [DataRow("classifier.0.weight", "8,3", "takes 3 features, expected 6 channels times a square")]
    [DataRow("classifier.3.weight", "5,9", "expects 9 input features, but classifier.0 gives 8")]
    [DataRow("classifier.5.weight", "5,8", "expects 8 input features, but classifier.3 gives 5")]
    [DataRow("classifier.4.weight", "5,5", "after classifier.3 the next linear layer is expected at classifier.6")]
    [DataRow("classifier.1.running_mean", "8", "'classifier.1.running_var' is missing")]
    [DataRow("features.8.weight", "6,6,3,3", "expected at features.5 or, past a pool, at features.6; found features.8")]
    [DataRow("features.4.weight", "6,6,3,3", "found features.4")]
    [DataRow("features.06.weight", "6,6,3,3", "unexpected tensor 'features.06.weight'")]
    [DataRow("decoder.conv1.weight", "6,6,3,3", "unexpected tensor 'decoder.conv1.weight': expected convolutions features.N")]
    [DataRow("features.5.running_mean", "6", "unexpected tensor 'features.5.running_mean'")]
    public void Plan_WrongOrUnexpectedTensor_IsNamed(string name, string shape, string message)
    {
        FakeWeightSource source = StateDicts.Vgg([4, 0, 6, 0], batchNorm: false, [8, 5], pool: 1);
        var entry = new WeightEntry(name, "float32", [.. shape.Split(',').Select(long.Parse)]);

        Errors.Of<ModelException>(() => ArchitectureCatalog.Plan([.. source.Entries.Where(e => e.Name != name), entry]), message, "; ");
    }

    [TestMethod]
    [DataRow("int8")]
    [DataRow("uint8")]
    [DataRow("int64")]
    [DataRow("bool")]
    [DataRow("float8_e4m3fn")]
    [DataRow("complex64")]
    public void Plan_WeightsThatAreNoRealNumbers_AreRefusedWithTheNextStep(string type)
    {
        FakeWeightSource source = StateDicts.Vgg([4, 0, 6, 0], batchNorm: true, [8, 5], pool: 1);
        foreach (string name in source.Entries.Select(e => e.Name).Where(n => !n.EndsWith("tracked", StringComparison.Ordinal)))
        {
            Errors.Of<ModelException>(
                () => ArchitectureCatalog.Plan([.. source.Entries.Select(e => e.Name == name ? e with { Type = type } : e)]),
                $"'{name}' holds {type}, expected float32",
                "dequantize");
        }
    }

    [TestMethod]
    [DataRow(1)]
    [DataRow(4)]
    public void Plan_DropoutFirst_KeepsTheIndices(int linears)
    {
        FakeWeightSource source = StateDicts.Vgg([6, 0], batchNorm: false, [], pool: 2);
        for (int k = 0; k < linears; k++)
        {
            source.Set($"classifier.{1 + 3 * k}.weight", [5, k == 0 ? 24 : 5], _ => 0).Set($"classifier.{1 + 3 * k}.bias", [5], _ => 0);
        }

        ModelPlan plan = ArchitectureCatalog.Plan(source.Entries);

        Assert.AreEqual(
            string.Join(' ', Enumerable.Repeat("linear", linears).Select((l, k) => k == 0 ? "dropout linear" : "relu dropout linear")),
            string.Join(' ', plan.Nodes.Where(n => n.Name.StartsWith("classifier", StringComparison.Ordinal)).Select(n => n.Layer.Kind)));
        Assert.AreEqual($"classifier.{3 * linears - 2}", plan.Nodes[^1].Name);
    }

    [TestMethod]
    public void Plan_OneBiasMissingAmongOthers_SaysHowToAddIt()
    {
        FakeWeightSource source = StateDicts.Vgg([6, 0], batchNorm: false, [8, 5], pool: 1).Remove("classifier.3.bias");

        Errors.Of<ModelException>(() => ArchitectureCatalog.Plan(source.Entries), "sd['classifier.3.bias'] = torch.zeros(5)");
    }

    [TestMethod]
    public void Plan_BackboneAlone_SaysWhatToSave()
    {
        Errors.Of<ModelException>(
            () => ArchitectureCatalog.Plan(StateDicts.Vgg([6, 0], batchNorm: false, []).Entries), "holds a backbone alone",
                "whole classifier");
        Errors.Of<ModelException>(
            () => ArchitectureCatalog.Plan([new WeightEntry("0.weight", "float32", [6, 3, 3, 3]),
                new WeightEntry("0.bias", "float32", [6])]),
            "numbers for names (0.weight, 0.bias)",
            "'features.' + k");
        FakeWeightSource heads = StateDicts.Vgg([6, 0], batchNorm: false, []).Set("fc1.weight", [4, 6], _ => 0)
            .Set("fc2.weight", [5, 4], _ => 0);
        Errors.Of<ModelException>(() => ArchitectureCatalog.Plan(heads.Entries), "fc1, fc2 are of no known order", "classifier.0");
    }

    [TestMethod]
    public void Plan_TimmsHeadOnMapsLargerThanItsKernel_SaysWhichInputFits()
    {
        FakeWeightSource source = StateDicts.Vgg([4, 0, 4, 0, 6, 0], batchNorm: false, [])
            .Set("pre_logits.fc1.weight", [4, 6, 7, 7], _ => 0);

        Errors.Of<ModelException>(
            () => ArchitectureCatalog.Plan(source.Entries, new PlanOptions { InputSize = 96 }), "7x7 convolution",
                "12x12 maps", "option 'input-size' 56");
    }

    [TestMethod]
    public void Plan_OtherNetworks_AreRefusedByName()
    {
        Errors.Of<ModelException>(() => ArchitectureCatalog.Plan([]), "no tensors");
        Errors.Of<ModelException>(
            () => ArchitectureCatalog.Plan([new WeightEntry("conv1.weight", "float32", [64, 3, 7, 7])]),
            "no known architecture",
            "conv1.weight",
            "vgg");
    }

    [TestMethod]
    public void Classes_MorePoolsThanTheInputHasRoomFor_NamesTheLayer()
    {
        FakeWeightSource source = StateDicts.Vgg([4, 0, 4, 0, 4, 0, 4, 0, 4, 0, 4, 0], batchNorm: false, [5], pool: 1);
        ModelPlan plan = ArchitectureCatalog.Plan(source.Entries);

        Assert.AreEqual(5, plan.Classes("m", Preprocessing.ImageNet.WithInputSize(64)));
        Errors.Of<ModelException>(() => plan.Classes("m", Preprocessing.ImageNet.WithInputSize(32)), "features.17", "does not fit");
    }

    private static string Indices<T>(ModelPlan plan) =>
        string.Join(' ', plan.Nodes.Where(n => n.Layer is T).Select(n => n.Name["features.".Length..]));
}
