using System.IO.Compression;
using System.Text.Json.Nodes;
using Interp.Engine.Common;
using Interp.Tests.Weights.Formats;
using Interp.Weights;
using Interp.Weights.Graphs;
using Interp.Weights.Keras;

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
        KerasFixture.Matches(KerasFixture.PathOf(kind, name), file);

    [TestMethod]
    public void Open_CompressedArchive_GivesKerasScores()
    {
        using ScratchFile file = KerasFixture.Rewritten(Nested, "", t => t, CompressionLevel.Optimal);
        string folder = Path.GetDirectoryName(file.Path)!;
        foreach (string array in (string[])["input.npy", "scores.npy"])
        {
            File.Copy(KerasFixture.PathOf("saved", "nested-3", array), Path.Combine(folder, array));
        }

        KerasFixture.Matches(folder, "net.keras");
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
        Assert.Contains("0 to 255, as the model's first layers multiply them by 0.007843", graph.Assumptions.Single());
    }

    [TestMethod]
    public void Open_NothingRescales_TakesPixelsUpTo1AndSaysThatItIsAGuess()
    {
        using OperatorGraph graph = KerasFixture.Open(Mobile);
        Assert.AreEqual(1, graph.Preprocessing!.Deviation[0]);
        Assert.Contains("0 to 1, a guess", graph.Assumptions.Single());
    }

    [TestMethod]
    public void Open_MixedPrecision_IsSaid()
    {
        using ScratchFile file = KerasFixture.Edited(Mobile, r => KerasFixture.Layer(r, "conv2d_2")["config"]!["dtype"] = "mixed_float16");
        using OperatorGraph graph = KerasFixture.Open(file.Path);
        Assert.Contains("in mixed_float16 are computed in float32", graph.Assumptions[1]);
    }

    [TestMethod]
    [DataRow("conv2d_2", "weather", "\"fine\"", "weather")]
    [DataRow("conv2d_2", "padding", "\"causal\"", "padding")]
    [DataRow("conv2d_2", "kernel_size", "[3]", "")]
    [DataRow("conv2d_2", "kernel_size", "[5, 3]", "kernel")]
    [DataRow("conv2d_2", "strides", "[0, 1]", "strides")]
    [DataRow("conv2d_2", "filters", "9", "kernel")]
    [DataRow("conv2d_2", "use_bias", "true", "arrays")]
    [DataRow("conv2d_2", "use_bias", "1", "use_bias")]
    [DataRow("conv2d_2", "data_format", "\"channels_first\"", "data_format")]
    [DataRow("conv2d_2", "lora_rank", "4", "lora_rank")]
    [DataRow("conv2d_2", "dtype", "\"int8\"", "int8")]
    [DataRow("batch_normalization_2", "renorm", "true", "renorm")]
    [DataRow("batch_normalization_2", "axis", "[1, 3]", "axis")]
    [DataRow("batch_normalization_2", "epsilon", "\"small\"", "epsilon")]
    [DataRow("activation_1", "activation", "\"sparsemax\"", "sparsemax")]
    [DataRow("re_lu_1", "max_value", "\"6\"", "max_value")]
    [DataRow("concatenate", "axis", "7", "axis")]
    public void Open_Setting_IsReadOrRefusedByName(string layer, string setting, string value, string word)
    {
        using ScratchFile file = KerasFixture.Edited(Mobile,
            r => KerasFixture.Layer(r, layer)["config"]![setting] = JsonNode.Parse(value));
        if (word.Length == 0)
        {
            using OperatorGraph graph = KerasFixture.Open(file.Path); // One number stands for both sides.
            return;
        }

        ModelException error = Errors.Of<ModelException>(() => GraphFormats.Open(file.Path), file.Path, word);
        Assert.IsTrue(word == "data_format" || error.Message.Contains($"layer '{layer}'", StringComparison.Ordinal), error.Message);
    }

    [TestMethod]
    [DataRow("class_name", "Masking", "Masking")]
    [DataRow("class_name", "Lambda", "Python code")]
    [DataRow("module", "theirs.layers", "not Keras's own")]
    [DataRow("registered_name", "theirs>Conv2D", "theirs>Conv2D")]
    public void Open_Class_IsRefusedByName(string property, string value, string word)
    {
        using ScratchFile file = KerasFixture.Edited(Mobile, r => KerasFixture.Layer(r, "conv2d_2")[property] = value);
        Errors.Of<ModelException>(() => GraphFormats.Open(file.Path), file.Path, "conv2d_2", word);
    }

    [TestMethod]
    [DataRow("""[[["conv2d_4", 0, 0, {}]]]""", "reads what is made of its own output")]
    [DataRow("""[[["nobody", 0, 0, {}]]]""", "nobody")]
    [DataRow("""[[["re_lu_1", 3, 0, {}]]]""", "call 3")]
    [DataRow("""[[["re_lu_1", 0, 1, {}]]]""", "output 1")]
    [DataRow("""[[["re_lu_1", 0, 0, {"training": true}]]]""", "training")]
    [DataRow("""[[["re_lu_1", 0, 0, {"state": 1}]]]""", "state")]
    [DataRow("""[[["re_lu_1", 0, 0, {}], ["re_lu_1", 0, 0, {}]]]""", "2 values")]
    [DataRow("""[{"x": ["re_lu_1", 0, 0, {}]}]""", "called in a way")]
    [DataRow("""[[["_CONSTANT_VALUE", -1, [1, 2], {}]]]""", "constant")]
    public void Open_Calls_AreReadOrRefused(string calls, string word)
    {
        using ScratchFile file = KerasFixture.Edited(Mobile,
            r => KerasFixture.Layer(r, "depthwise_conv2d")["inbound_nodes"] = JsonNode.Parse(calls));
        Errors.Of<ModelException>(() => GraphFormats.Open(file.Path), file.Path, word);
    }

    [TestMethod]
    [DataRow("config.json", null, "without config.json")]
    [DataRow("model.weights.h5", null, "without model.weights.h5")]
    [DataRow("model.weights.h5", "no such thing", "not an HDF5 file")]
    [DataRow("metadata.json", """{"keras_version": "4.0"}""", "4.0")]
    [DataRow("metadata.json", """{}""", "unknown")]
    [DataRow("config.json", """{"class_name": "Sequential", "config": {"layers": []}}""", "no layers")]
    [DataRow("config.json", """{"class_name": "MyModel", "module": "mine", "config": {}}""", "MyModel")]
    [DataRow("config.json", """{"class_name": "Functional", "config": {"layers": []}}""", "input_layers")]
    [DataRow("config.json", "{", "not usable JSON")]
    public void Open_Archives_AreRefused(string entry, string? content, string word)
    {
        using ScratchFile file = KerasFixture.Rewritten(Mobile, entry, _ => content);
        if (entry == "config.json" && content is null)
        {
            Assert.IsNull(GraphFormats.Open(file.Path)); // Nothing tells that it is Keras's.
            return;
        }

        Errors.Of<ModelException>(() => GraphFormats.Open(file.Path), file.Path, word);
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
