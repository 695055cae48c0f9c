using Interp.Engine.Common;
using Interp.Engine.Graph;
using Interp.Engine.Tensors;
using Interp.Tests.Support;
using Interp.Tests.Weights.Lowering;
using Interp.Weights;
using Interp.Weights.Graphs;
using Interp.Weights.Lowering;
using Interp.Weights.TorchExport;

namespace Interp.Tests.Weights.TorchExport;

/// <summary>Networks that PyTorch 2.14 and 2.5 exported: what they compute, and what they leave open.</summary>
[TestClass]
public class ExportNetworkTests
{
    [TestMethod]
    public void SharedStorages_TransposedWeights_LiftedConstants_GivePyTorchsScoresAndGradient()
    {
        const int Target = 2;
        (_, Network network) = Import("views.pt2", null);
        (float[] scores, float[] gradient) = PlanRun.Run(network, Read("views-input"), Target);

        // Both sides compute in float64; what comes out is stored as float32.
        Assert.IsLessThan(1e-6, PlanRun.Distance(scores, Read("views-scores")));
        Assert.IsLessThan(1e-6, PlanRun.Distance(gradient, Read("views-grad")));
    }

    [TestMethod]
    public void OlderArchive_HasTorchvisionsNames()
    {
        (ImportedNetwork imported, _) = Import("old-resnet.pt2", null);
        string[] names = [.. imported.Plan.Nodes.Select(n => n.Name)];
        string[] expected = ["conv1", "relu", "layer1.0.relu", "layer1.0.relu_1", "layer1.0.add", "layer2.0.downsample.0", "fc"];
        foreach (string name in expected)
        {
            Assert.Contains(name, names);
        }
    }

    [TestMethod]
    public void OpenSize_IsTheExportedOne_AndStaysWithinItsLimits()
    {
        Assert.AreEqual((40, 40), Sides(null));
        Assert.AreEqual((24, 24), Sides(24));
        Assert.Contains("from 16 to 128 in steps of 8", Assert.ThrowsExactly<InputException>(() => Sides(224)).Message);
        Assert.Contains("from 16 to 128 in steps of 8", Assert.ThrowsExactly<InputException>(() => Sides(20)).Message);

        static (int Height, int Width) Sides(int? side)
        {
            (ImportedNetwork imported, _) = Import("dynamic-size.pt2", side);
            return (imported.Height, imported.Width);
        }
    }

    [TestMethod]
    public void OpenSize_OfAnyWriting_IsUnderstoodOrFixed()
    {
        var ranges = new Dictionary<string, (long, long)> { ["s3"] = (2, 10), ["s4"] = (0, long.MaxValue) };
        OpenSize? Of(string text) => OpenSizes.Of(new ExportSize(null, text, 8), ranges);
        Assert.AreEqual(new OpenSize(8, 2, 10, 1), Of("s3"));
        Assert.AreEqual(new OpenSize(8, 8, 40, 4), Of("4*s3"));
        Assert.AreEqual(new OpenSize(8, 2, 10, 1), Of("Symbol('s3', positive=True, integer=True)"));
        Assert.AreEqual(new OpenSize(8, 8, 40, 4), Of("Mul(Integer(4), Symbol('s3', positive=True, integer=True))"));
        Assert.AreEqual(new OpenSize(8, 1, long.MaxValue, 2), Of("2*s4"));
        Assert.AreEqual(new OpenSize(8, 8, 8, 1), Of("Add(Integer(1), Symbol('s3'))"));
        Assert.AreEqual(new OpenSize(8, 8, 8, 1), Of("s9"));
        Assert.IsNull(OpenSizes.Of(new ExportSize(5, null, null), ranges));
        Assert.IsNull(OpenSizes.Of(new ExportSize(null, "s3", null), ranges));
        Assert.AreEqual("from 1 on in steps of 2", Of("2*s4")!.ToString());
        Assert.AreEqual("8", Of("s9")!.ToString());
    }

    [TestMethod]
    public void OlderPyTorch_FixturesBesideTheClone_GiveItsScoresAndGradient()
    {
        foreach (string name in new[] { "resnet/net-dynamic", "mobilenet_v3/net-static" })
        {
            string path = SharedFolder.Find($"fixtures/torch-2.5/{name}.pt2");
            using OperatorGraph graph = GraphFormats.Open(path)!;
            Network network = PlanRun.Build(GraphImporter.Import(graph, new ImportOptions()));
            PlanRun.Matches(new(Path.GetDirectoryName(path)!), network, "logits", 1e-5, gradientBound: 1e-5);
        }
    }

    private static float[] Read(string name) => Npy.Read(TorchExportFormatTests.Fixture(name + ".npy")).Values;

    private static (ImportedNetwork Imported, Network Network) Import(string file, int? side)
    {
        using OperatorGraph graph = GraphFormats.Open(TorchExportFormatTests.Fixture(file))!;
        ImportedNetwork imported = GraphImporter.Import(graph, new ImportOptions { InputSize = side is { } s ? new(s, s) : null });
        return (imported, PlanRun.Build(imported));
    }
}
