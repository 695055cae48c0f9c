using System.IO.Compression;
using Interp.Engine.Common;
using Interp.Engine.Graph;
using Interp.Tests.Support;
using Interp.Tests.Weights.Formats;
using Interp.Tests.Weights.Lowering;
using Interp.Weights;
using Interp.Weights.Graphs;
using Interp.Weights.Keras;
using Interp.Weights.Lowering;

namespace Interp.Tests.Weights.Keras;

/// <summary>Saved models become graphs that compute the same; what is not understood is refused by name.</summary>
[TestClass]
public class KerasFormatTests
{
    private static string Nested => KerasFixture.PathOf("saved", "nested-3", "net.keras");

    private static string Mobile => KerasFixture.PathOf("saved", "mobile-2", "net.keras");

    private static string Rescaled => KerasFixture.PathOf("saved", "rescaled-3", "net.keras");

    [TestMethod]
    [DataRow("saved", "nested-3", "net.keras")]
    [DataRow("saved", "nested-3", "net.h5")]
    [DataRow("saved", "rescaled-3", "net.keras")]
    [DataRow("saved", "mobile-2", "net.keras")]
    [DataRow("saved", "frozen-2", "net.h5")]
    [DataRow("saved", "split-2", "net.h5")]
    [DataRow("made", "activations-2", "net.keras")]
    [DataRow("made", "activations-3", "net.keras")]
    [DataRow("made", "layers-2", "net.keras")]
    [DataRow("made", "layers-3", "net.keras")]
    public void Open_Models_GiveKerasScores(string kind, string name, string file) =>
        KerasFixture.Matches(new(KerasFixture.PathOf(kind, name)), file);

    [TestMethod]
    [DataRow("frozen-2", "net.h5")]
    [DataRow("split-2", "net.h5")]
    [DataRow("mobile-2", "net.keras")]
    public void Import_Models_GiveKerasScores(string name, string file)
    {
        var folder = new FixtureFolder(KerasFixture.PathOf("saved", name));
        using OperatorGraph graph = KerasFixture.Open(folder[file]);
        Network network = PlanRun.Build(GraphImporter.Import(graph, new ImportOptions()));
        PlanRun.Matches(folder, network, "scores", folder.Tolerance, gradientBound: null);
    }

    [TestMethod]
    public void Import_NestedModel_NamesNodesLikeItsLayers()
    {
        using OperatorGraph graph = KerasFixture.Open(Nested);
        ImportedNetwork imported = GraphImporter.Import(graph, new ImportOptions());
        CollectionAssert.AreEqual((string[])["input", "trunk.stem", "trunk.stem_bn", "trunk.activation_2", "trunk.max_pooling2d_3",
            "trunk.conv2d_7", "trunk.batch_normalization_4", "trunk.re_lu_2", "trunk.conv2d_8", "trunk.batch_normalization_5",
            "trunk.skip", "trunk.add_1", "trunk.out_relu", "global_average_pooling2d_4", "global_average_pooling2d_4_flatten", "score"],
            imported.Plan.Nodes.Select(n => n.Name).ToArray());
    }

    [TestMethod]
    public void Convert_WholeModel_WritesAModelAndSaysWhatWasGuessed()
    {
        using var folder = new TemporaryFolder();
        ModelInfo model = ModelConverter.Convert(new(Rescaled, folder["net"]));
        Assert.AreEqual(7, model.Classes);
        Assert.IsTrue(model.Assumptions.Any(a => a.Contains("pixels 0 to 255", StringComparison.Ordinal)),
            string.Join('\n', model.Assumptions));
    }

    [TestMethod]
    public void Open_CompressedArchive_GivesKerasScores()
    {
        using ScratchFile file = KerasFixture.Rewritten(Nested, "", t => t, CompressionLevel.Optimal);
        string folder = Path.GetDirectoryName(file.Path)!;
        foreach (string array in (string[])["input.npy", "scores.npy"])
        {
            File.Copy(KerasFixture.PathOf("saved", "nested-3", array), Path.Combine(folder, array));
        }

        KerasFixture.Matches(new(folder), "net.keras");
    }

    [TestMethod]
    public void Open_NestedModel_NamesLayersByTheirPath()
    {
        using OperatorGraph graph = KerasFixture.Open(Nested);
        string[] modules = [.. graph.Nodes.Where(n => n.Operator is not "Transpose").Select(n => n.Module!)];
        CollectionAssert.AreEqual((string[])["trunk.zero_padding2d_1", "trunk.stem", "trunk.stem_bn", "trunk.activation_2",
            "trunk.max_pooling2d_3", "trunk.conv2d_7", "trunk.batch_normalization_4", "trunk.re_lu_2", "trunk.conv2d_8",
            "trunk.batch_normalization_5", "trunk.skip", "trunk.add_1", "trunk.out_relu", "global_average_pooling2d_4",
            "global_average_pooling2d_4_flatten", "score", "score_activation"], modules, string.Join(' ', modules));
        Assert.AreEqual("Keras 3.15.1 model (.keras)", graph.Origin);
    }

    [TestMethod]
    public void Open_LayerCalledTwice_NamesTheSecondCall()
    {
        using OperatorGraph graph = KerasFixture.Open(KerasFixture.PathOf("made", "layers-3", "net.keras"));
        string[] modules = [.. graph.Nodes.Where(n => n.Operator is "Conv").Select(n => n.Module!)];
        CollectionAssert.AreEqual((string[])["grouped", "twice", "grouped_1", "twice_1"], modules);
    }

    [TestMethod]
    public void Open_Input_HasChannelsFirstAndTheFilesSize()
    {
        using OperatorGraph graph = KerasFixture.Open(Mobile);
        CollectionAssert.AreEqual((long?[])[null, 3, 40, 40], graph.Inputs.Single().Shape!.Value.ToArray());
    }

    [TestMethod]
    public void Open_FirstLayerRescales_TakesPixelsUpTo255()
    {
        using OperatorGraph graph = KerasFixture.Open(Rescaled);
        Assert.AreEqual(1 / 255f, graph.Preprocessing!.Deviation[2]);
        Assert.AreEqual(0, graph.Preprocessing.Mean[0]);
        Assert.Contains("pixels 0 to 255 (its first layers multiply them by 0.007843)", graph.PreprocessingSource!);
    }

    [TestMethod]
    public void Open_NothingRescales_TakesPixelsUpTo1AndSaysThatItIsAGuess()
    {
        using OperatorGraph graph = KerasFixture.Open(Mobile);
        Assert.AreEqual(1, graph.Preprocessing!.Deviation[0]);
        Assert.Contains("pixels 0 to 1 (a guess", graph.PreprocessingSource!);
    }

    [TestMethod]
    public void Open_MixedPrecision_IsSaid()
    {
        using ScratchFile file = KerasFixture.Edited(Mobile, r => KerasFixture.Layer(r, "conv2d_2")["config"]!["dtype"] = "mixed_float16");
        using OperatorGraph graph = KerasFixture.Open(file.Path);
        Assert.Contains("in mixed_float16 are computed in float32", graph.Assumptions.Single());
    }

    [TestMethod]
    [DataRow("Conv2D", "conv2d")]
    [DataRow("DepthwiseConv2D", "depthwise_conv2d")]
    [DataRow("GlobalAveragePooling2D", "global_average_pooling2d")]
    [DataRow("ReLU", "re_lu")]
    [DataRow("PReLU", "p_re_lu")]
    [DataRow("LeakyReLU", "leaky_re_lu")]
    [DataRow("ELU", "elu")]
    [DataRow("UpSampling2D", "up_sampling2d")]
    [DataRow("ZeroPadding2D", "zero_padding2d")]
    public void SnakeCase_IsKeras(string name, string expected) => Assert.AreEqual(expected, ArchiveStore.SnakeCase(name));
}
