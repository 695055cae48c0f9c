using Interp.Engine.Common;
using Interp.Engine.Layers;
using Interp.Engine.Models;
using Interp.Tests.Support;
using Interp.Tests.Weights.Formats;
using Interp.Weights;
using Interp.Weights.Checkpoints;
using Interp.Weights.Formats;
using Interp.Weights.Raw;

namespace Interp.Tests.Weights;

/// <summary>Whole modules become the same networks as their state dicts, and what their modules say is looked at.</summary>
[TestClass]
public sealed class WholeModuleConversionTests
{
    private const string ReadNotRun = "a whole module of class torchvision.models.vgg.VGG: its weights are read, its code is not run";

    [TestMethod]
    [DataRow("vgg-zip.pth", "vgg-state-zip.pth")]
    [DataRow("vgg-legacy.pth", "vgg-state-zip.pth")]
    [DataRow("vgg-zip.pth", "vgg-state-legacy.pth")]
    [DataRow("parallel-zip.pth", "vgg-state-zip.pth")]
    [DataRow("checkpoint-legacy.pth", "vgg-state-zip.pth")]
    public void Vgg_GivesTheBytesOfItsStateDict(string module, string state)
    {
        using var folder = new TemporaryFolder();
        IReadOnlyList<string> said = Convert(module, folder["module"]);
        IReadOnlyList<string> plain = Convert(state, folder["state"]);

        CollectionAssert.AreEqual(File.ReadAllBytes(folder["state/tensors.bin"]), File.ReadAllBytes(folder["module/tensors.bin"]));
        CollectionAssert.AreEqual(Nodes(folder["state"]), Nodes(folder["module"]));
        CollectionAssert.Contains(said.ToArray(), ReadNotRun);
        CollectionAssert.DoesNotContain(plain.ToArray(), ReadNotRun);
        Assert.IsTrue(said.Any(l => l.Contains("features.3, 7, as the file's modules say", StringComparison.Ordinal)),
            string.Join('\n', said));
        Assert.IsFalse(said.Any(l => l.Contains("no place", StringComparison.Ordinal)), "every module has its node");
    }

    [TestMethod]
    [DataRow("parallel-zip.pth")]
    [DataRow("checkpoint-legacy.pth")]
    public void Modules_AreThoseOfTheNetworkUnderItsNames(string file)
    {
        using WeightSource source = WeightFormats.Open(Fixtures.PathOf($"modules/{file}"));
        var weights = new NetworkWeights(source, null, Preprocessing.ImageNet);

        Assert.AreEqual("torchvision.models.vgg.VGG", weights.Modules!.Root!.Class);
        Assert.AreEqual("torch.nn.modules.conv.Conv2d", weights.Modules.Find("features.0")!.Class);
        Assert.AreEqual(1e-5, weights.Modules.Find("features.1")!.Number("eps"));
        CollectionAssert.AreEqual(
            Fixtures.Modules["modules/vgg-zip.pth"].Modules.Keys.ToArray(), weights.Modules.All.Select(m => m.Path).ToArray());
    }

    [TestMethod]
    public void DropoutInTheGapOfAPool_IsSeen()
    {
        using var folder = new TemporaryFolder();
        Convert("dropout.pth", folder["module"]);
        Convert("dropout-state.pth", folder["state"], [5]);

        Assert.AreEqual(typeof(Dropout), RawModel.Open(folder["module"]).Find("features.2").Layer.GetType());
        CollectionAssert.AreEqual(Nodes(folder["state"]), Nodes(folder["module"]));
        Errors.Of<ModelException>(() => Convert("dropout.pth", folder["wrong"], [2, 5]),
            "module 'features.2' is of class torch.nn.modules.dropout.Dropout, the network has MaxPool2d there", "save model.state_dict()");
    }

    [TestMethod]
    [DataRow("leaky.pth", "module 'features.1' is of class torch.nn.modules.activation.LeakyReLU, the network has ReLU there")]
    public void Module_OtherThanTheNetwork_IsRefused(string file, string message)
    {
        using var folder = new TemporaryFolder();
        Errors.Of<ModelException>(() => Convert(file, folder["m"]), Fixtures.PathOf($"modules/{file}"), message);
        Assert.IsEmpty(folder.Everything());
    }

    [TestMethod]
    public void Epsilon_IsTheModules()
    {
        using var folder = new TemporaryFolder();
        IReadOnlyList<string> said = Convert("epsilon.pth", folder["m"]);
        using WeightSource source = WeightFormats.Open(Fixtures.PathOf("modules/epsilon.pth"));
        double First(string name) => source.Read(source.Entries.Single(e => e.Name == name))[0];

        double scale = First("features.1.weight") / Math.Sqrt(First("features.1.running_var") + 1e-3);
        Assert.AreEqual((float)(First("features.0.weight") * scale), RawModel.Open(folder["m"]).Find("features.0").Weights[0].ToArray()[0]);
        CollectionAssert.Contains(said.ToArray(), "batch norm's epsilon is that of the file's modules");
    }

    [TestMethod]
    public void Module_WithoutANode_IsNamed()
    {
        using var folder = new TemporaryFolder();
        IReadOnlyList<string> said = Convert("softmax.pth", folder["m"]);

        CollectionAssert.Contains(said.ToArray(), "'classifier.4' (Softmax) of the file have no place in the network");
    }

    private static IReadOnlyList<string> Convert(string file, string folder, int[]? pools = null) =>
        ModelConverter.Convert(new(Fixtures.PathOf($"modules/{file}"), folder) { Pools = pools }).Assumptions;

    private static string[] Nodes(string folder) => [.. RawModel.Open(folder).Nodes.Select(n => $"{n.Name} {n.Layer}")];
}
