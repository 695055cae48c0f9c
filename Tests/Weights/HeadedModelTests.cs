using Interp.Engine.Attribution;
using Interp.Engine.Common;
using Interp.Engine.Cpu;
using Interp.Engine.Graph;
using Interp.Engine.Imaging;
using Interp.Engine.Models;
using Interp.Engine.Tensors;
using Interp.Engine.Training;
using Interp.Tests.Cli.Support;
using Interp.Tests.Support;
using Interp.Weights;

namespace Interp.Tests.Weights;

[TestClass]
public sealed class HeadedModelTests
{
    private static readonly Labels s_labels = new(["one", "two", "three"]);

    [TestMethod]
    [DataRow("features.3", 8, "avgpool,flatten,fc")]
    [DataRow("avgpool", 8, "avgpool_1,flatten,fc")]
    [DataRow("classifier.2", 12, "fc")]
    public void Save_WritesANetworkWhoseLogitsAreTheHeads(string layer, int features, string added)
    {
        using var scratch = new TemporaryFolder();
        Network network = ModelStore.Load(TinyModel.Folder);
        HeadedModel model = Model(network, layer, features);

        ModelInfo info = model.Save(scratch["new"]);

        Network loaded = ModelStore.Load(scratch["new"]);
        Assert.AreEqual("new", loaded.Name);
        string last = network.Find(layer).Name;
        Assert.AreEqual(added, string.Join(',', loaded.Nodes.SkipWhile(n => n.Name != last).Skip(1).Select(n => n.Name)));
        CollectionAssert.AreEqual(s_labels.Names.ToArray(), loaded.Labels.Names.ToArray());
        Assert.AreEqual(network.Preprocessing, loaded.Preprocessing);
        CollectionAssert.AreEqual(new[] { "said" }, info.Assumptions.ToArray());
        using var backend = new CpuBackend();
        using Explainer old = new(network, backend), made = new(loaded, backend);
        NetworkInput input = Requests.RandomInput(32, 3);
        float[] h = new FeatureRun(old, network.Find(layer)).Of([input]), z = made.Forward(input, [], CancellationToken.None).Logits();
        for (int c = 0; c < 3; c++)
        {
            double expected = model.Bias[c] + Enumerable.Range(0, features).Sum(k => model.Weights[(c * features) + k] * h[k]);
            Assert.AreEqual(expected, z[c], 1e-5 * (1 + Math.Abs(expected)), "float32 weights and sums");
        }
    }

    [TestMethod]
    public void Save_KeepsHowTheTrunkIsStored_AndIsTheSameAgain()
    {
        using var scratch = new TemporaryFolder();
        Network network = ModelStore.Load("vgg16-200");
        HeadedModel model = Model(network, "features.4", 64);

        model.Save(scratch["a", "m"]);
        model.Save(scratch["b", "m"]);

        Network loaded = ModelStore.Load(scratch["a", "m"]);
        Assert.AreEqual(DType.Float16, loaded.Find("features.0").Weights[0].DType);
        Assert.AreEqual(DType.Float32, loaded.Output.Weights[0].DType);
        TensorAssert.SameBits(
            network.Find("features.2").Weights[0].ToArray(), loaded.Find("features.2").Weights[0].ToArray(), "the trunk's weights");
        foreach (string file in (string[])["model.json", "tensors.bin"])
        {
            CollectionAssert.AreEqual(File.ReadAllBytes(scratch["a", "m", file]), File.ReadAllBytes(scratch["b", "m", file]), file);
        }
    }

    [TestMethod]
    public void Save_WhatDoesNotFit_IsRefusedAndLeavesNothing()
    {
        using var scratch = new TemporaryFolder();
        Network network = ModelStore.Load(TinyModel.Folder);
        Assert.Contains("expected 36 for the 12 features",
            Assert.ThrowsExactly<ModelException>(() => Model(network, "classifier.2", 11).Save(scratch["new"])).Message);
        Assert.ThrowsExactly<ModelException>(() => (Model(network, "classifier.2", 12) with { Labels = new(["a"]) }).Save(scratch["new"]));
        Assert.ThrowsExactly<InputException>(() => Model(network, "classifier.2", 12).Save(scratch["new"], name: "a/b"));
        Assert.IsFalse(Directory.Exists(scratch["new"]));
    }

    private static HeadedModel Model(Network network, string layer, int features)
    {
        var rng = new Rng(2);
        return new HeadedModel(network, network.Find(layer),
            [.. Enumerable.Range(0, 3 * features).Select(i => rng.Gaussian((ulong)i))], [0.5, -1, 0], s_labels) { Remarks = ["said"] };
    }
}
