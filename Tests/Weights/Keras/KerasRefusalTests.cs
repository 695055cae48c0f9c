using System.Text.Json.Nodes;
using Interp.Engine.Common;
using Interp.Tests.Weights.Formats;
using Interp.Weights;
using Interp.Weights.Graphs;

namespace Interp.Tests.Weights.Keras;

/// <summary>What is not understood in a saved model is refused by name.</summary>
[TestClass]
public class KerasRefusalTests
{
    private static string Mobile => KerasFixture.PathOf("saved", "mobile-2", "net.keras");

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
    public void Open_ModelsThatCallEachOtherManyTimes_AreRefused()
    {
        // Ten calls of a model that calls a model ten times, and so on: 10^8 layers in a few kilobytes.
        JsonObject Level(int depth)
        {
            var layers = new JsonArray(Layer("InputLayer", "in", new JsonArray()));
            string last = "in";
            int call = 0;
            var calls = new JsonArray();
            for (int i = 0; i < 10; i++)
            {
                calls.Add(new JsonArray(new JsonArray(last, call, 0, new JsonObject())));
                (last, call) = ("step", depth > 0 ? i + 1 : i);
            }

            JsonObject step = depth > 0 ? Level(depth - 1) : Layer("Dropout", "step", new JsonArray());
            step["name"] = "step";
            step["inbound_nodes"] = calls;
            layers.Add(step);
            return new JsonObject
            {
                ["class_name"] = "Functional",
                ["config"] = new JsonObject
                {
                    ["name"] = "step", ["layers"] = layers, ["input_layers"] = new JsonArray("in", 0, 0),
                    ["output_layers"] = new JsonArray("step", depth > 0 ? 10 : 9, 0),
                },
            };
        }

        JsonObject Layer(string kind, string name, JsonArray calls) => new()
        {
            ["class_name"] = kind, ["inbound_nodes"] = calls, ["name"] = name,
            ["config"] = new JsonObject { ["name"] = name, ["batch_input_shape"] = new JsonArray(null, 8, 8, 3) },
        };

        using ScratchFile file = KerasFixture.Rewritten(KerasFixture.PathOf("made", "layers-2", "net.keras"), "config.json",
            _ => Level(7).ToJsonString());
        Errors.Of<ModelException>(() => GraphFormats.Open(file.Path), file.Path, "100000 times");
    }
}
