using System.Text.Json.Nodes;
using Interp.Engine.Common;
using Interp.Tests.Support;
using Interp.Weights.Raw;

namespace Interp.Tests.Weights.Raw;

/// <summary>What a damaged <c>model.json</c> is refused for, and that nothing else comes of it.</summary>
[TestClass]
public sealed class ModelDescriptionTests
{
    private const string AverageOf =
        """{"kind":"avgpool2d","window":{"kernel":{"h":3,"w":3},"padding":{"h":0,"w":0},"dilation":{"h":1,"w":1},""";

    private const string PaddingOf = """{"kind":"pad2d","start":{"h":1,"w":0},""";

    [TestMethod]
    [DataRow("format_version", "2", "format version 2, expected 1")]
    [DataRow("format_version", "\"1\"", "model.json")]
    [DataRow("format_version", null, "format_version")]
    [DataRow("name", "\"../x\"", "unusable model name")]
    [DataRow("name", "null", "model.json")]
    [DataRow("input_size", "0", "input_size 0, expected 1 to 4096")]
    [DataRow("input_size", "4097", "input_size 4097")]
    [DataRow("input_size", "1e99", "model.json")]
    [DataRow("input_width", "0", "input_width 0, expected 1 to 4096")]
    [DataRow("input_width", "257", "resize_shorter_side 256, expected 257")]
    [DataRow("classifies", "false", "5 labels of a network without classes, expected none")]
    [DataRow("classifies", "1", "model.json")]
    [DataRow("architecture.0.layer.channels", "1", "expected 1 means")]
    [DataRow("preprocessing.resize_shorter_side", "223", "resize_shorter_side 223")]
    [DataRow("preprocessing.mean", "[0.5,0.5]", "expected 3 means")]
    [DataRow("preprocessing.deviation", "[0.2,0,0.2]", "positive deviations")]
    [DataRow("preprocessing.deviation", "[0.2,1e300,0.2]", "positive deviations")]
    [DataRow("preprocessing", "null", "model.json")]
    [DataRow("labels", "[]", "0 labels, expected 1")]
    [DataRow("labels", "[\"a\"]", "1 labels for 5 classes")]
    [DataRow("labels.1", "null", "label 1 is empty")]
    [DataRow("labels.1", "\"a\\nb\"", "label 1 is empty, too long or holds control characters")]
    [DataRow("activation", "\"tanh\"", "activation 'tanh', expected softmax or sigmoid")]
    [DataRow("activation", "\"Sigmoid\"", "activation 'Sigmoid', expected softmax or sigmoid")]
    [DataRow("activation", "1", "model.json")]
    [DataRow("architecture", "[]", "0 layers, expected 2")]
    [DataRow("architecture", null, "architecture")]
    [DataRow("architecture.1", "null", "unusable layer name")]
    [DataRow("architecture.0.name", "\"data\"", "expected the name 'input'")]
    [DataRow("architecture.0.inputs", "[\"features.0\"]", "no inputs")]
    [DataRow("architecture.0.layer.kind", "\"relu\"", "model.json")]
    [DataRow("architecture.0.layer.channels", "4", "4 input channels, expected 3 (RGB)")]
    [DataRow("architecture.0.layer.channels", "-1", "channels is -1, expected 1 to")]
    [DataRow("architecture.1.name", "\"input\"", "two layers are called 'input'")]
    [DataRow("architecture.1.name", "\"\"", "unusable layer name")]
    [DataRow("architecture.1.layer", "null", "model.json")]
    [DataRow("architecture.1.layer", "{}", "model.json")]
    [DataRow("architecture.1.layer.kind", "\"exec\"", "model.json")]
    [DataRow("architecture.1.layer.surprise", "1", "surprise")]
    [DataRow("architecture.1.layer.out_channels", "-4", "layer 'features.0' (conv2d): out_channels is -4")]
    [DataRow("architecture.1.layer.in_channels", "2147483647", "in_channels is 2147483647")]
    [DataRow("architecture.1.layer.out_channels", "5", "tensor 'features.0.weight' has shape [4,3,3,3], expected [5,3,3,3]")]
    [DataRow("architecture.1.layer.groups", "0", "groups is 0")]
    [DataRow("architecture.1.layer.groups", "3", "features.0")]
    [DataRow("architecture.1.layer.bias", "false", "needs 1 tensors, found 2")]
    [DataRow("architecture.1.layer.window.kernel.h", "0", "kernel is 0")]
    [DataRow("architecture.1.layer.window.stride.w", "0", "stride is 0")]
    [DataRow("architecture.1.layer.window.padding.h", "-1", "padding is -1")]
    [DataRow("architecture.1.layer.window.padding.h", "2000000000", "padding is 2000000000")]
    [DataRow("architecture.1.layer.window.dilation.w", "4096", "does not fit")]
    [DataRow("architecture.1.tensors", "[\"features.0.weight\",\"nothing\"]", "needs tensor 'nothing'")]
    [DataRow("architecture.1.tensors", "[\"features.0.weight\",null]", "needs tensor 'null'")]
    [DataRow("architecture.1.inputs", "[\"features.3\"]", "reads 'features.3', which does not stand before it")]
    [DataRow("architecture.1.inputs", "[]", "expected 1 input, found 0")]
    [DataRow("architecture.1.inputs", "[null]", "expected the names of at most 256 inputs")]
    [DataRow("architecture.2.layer", "{\"kind\":\"input\",\"channels\":3}", "an input must be the first layer")]
    [DataRow("architecture.1.layer.window.padding_end", "{\"h\":-1,\"w\":0}", "padding_end is -1")]
    [DataRow("architecture.1.layer.window.padding_end", "{\"h\":0,\"w\":5000}", "padding_end is 5000")]
    [DataRow("architecture.1.layer.window.padding_rule", "\"valid\"", "model.json")]
    [DataRow("architecture.2.layer", "{\"kind\":\"dropout\",\"p\":2}", "p is 2, expected 0 to 1")]
    [DataRow("architecture.2.layer", "{\"kind\":\"activation\",\"function\":\"swash\"}", "activation function 'swash': expected relu6")]
    [DataRow("architecture.2.layer", "{\"kind\":\"activation\",\"function\":null}", "model.json")]
    [DataRow("architecture.2.layer", "{\"kind\":\"activation\"}", "model.json")]
    [DataRow("architecture.2.layer", "{\"kind\":\"silu\"}", "model.json")]
    [DataRow("architecture.2.layer", "{\"kind\":\"affine\",\"channels\":0}", "channels is 0, expected 1 to")]
    [DataRow("architecture.2.layer", "{\"kind\":\"affine\",\"channels\":4}", "needs 2 tensors, found 0")]
    [DataRow("architecture.2.layer", "{\"kind\":\"layernorm\",\"channels\":-4,\"epsilon\":1e-6}", "channels is -4")]
    [DataRow("architecture.2.layer", "{\"kind\":\"layernorm\",\"channels\":4,\"epsilon\":\"NaN\"}", "model.json")]
    [DataRow("architecture.2.layer", "{\"kind\":\"channel_slice\",\"first\":-1,\"count\":1}", "first is -1, expected 0 to")]
    [DataRow("architecture.2.layer", "{\"kind\":\"channel_slice\",\"first\":0,\"count\":0}", "count is 0, expected 1 to")]
    [DataRow("architecture.2.layer", "{\"kind\":\"channel_slice\",\"first\":3,\"count\":2}", "channels 3 to 4 do not lie in")]
    [DataRow("architecture.2.layer", "{\"kind\":\"channel_shuffle\",\"groups\":0}", "groups is 0")]
    [DataRow("architecture.2.layer", "{\"kind\":\"channel_shuffle\",\"groups\":3}", "4 channels do not split into 3 groups")]
    [DataRow("architecture.2.layer", "{\"kind\":\"multiply\"}", "expected 2 inputs, a map and a gate, found 1")]
    [DataRow("architecture.2.layer", "{\"kind\":\"avgpool2d\"}", "model.json")]
    [DataRow("architecture.2.layer", AverageOf + "\"stride\":{\"h\":1,\"w\":0}}}", "stride is 0")]
    [DataRow("architecture.2.layer", AverageOf + "\"stride\":{\"h\":1,\"w\":1},\"padding_end\":{\"h\":3,\"w\":0}}}",
        "a window would lie wholly in the padding")]
    [DataRow("architecture.2.layer", "{\"kind\":\"activation\",\"function\":\"leaky_relu\",\"values\":[]}", "expected 1 parameters")]
    [DataRow("architecture.2.layer", "{\"kind\":\"activation\",\"function\":\"elu\",\"values\":[1e999]}", "expected a float32 number")]
    [DataRow("architecture.2.layer", "{\"kind\":\"activation\",\"function\":\"relu6\",\"values\":[6]}", "expected 0 parameters, found 1")]
    [DataRow("architecture.2.layer", "{\"kind\":\"prelu\",\"channels\":0}", "channels is 0")]
    [DataRow("architecture.2.layer", "{\"kind\":\"groupnorm\",\"groups\":0,\"channels\":4,\"epsilon\":1e-5}", "groups is 0")]
    [DataRow("architecture.2.layer", "{\"kind\":\"adaptive_maxpool2d\",\"output\":{\"h\":0,\"w\":1}}", "output is 0")]
    [DataRow("architecture.2.layer", PaddingOf + "\"end\":{\"h\":5000,\"w\":0}}", "end is 5000, expected -4096 to 4096")]
    [DataRow("architecture.2.layer", PaddingOf + "\"end\":{\"h\":0,\"w\":0},\"mode\":\"wrap\"}", "model.json")]
    [DataRow("architecture.2.layer", PaddingOf + "\"end\":{\"h\":0,\"w\":0},\"value\":1e40}", "expected a float32 number")]
    [DataRow("architecture.2.layer", "{\"kind\":\"upsample\",\"scale_h\":1e9,\"scale_w\":1}", "the scale is 1000000000 by 1")]
    [DataRow("architecture.2.layer", "{\"kind\":\"upsample\",\"scale_h\":2}", "model.json")]
    [DataRow("architecture.2.layer", "{\"kind\":\"extremum\"}", "maximum: expected 2 inputs, found 1")]
    [DataRow("architecture.2.layer", "{\"kind\":\"relu\",\"kind\":\"relu\"}", "model.json")]
    [DataRow("tensors", "[]", "needs tensor 'features.0.weight'")]
    [DataRow("tensors.0", "null", "needs tensor 'features.0.weight'")]
    [DataRow("tensors.1.name", "\"features.0.weight\"", "needs tensor 'features.0.bias'")]
    [DataRow("tensors.0.dtype", "\"f64\"", "dtype 'f64', expected f32 or f16")]
    [DataRow("tensors.0.dtype", "\"f16\"", "takes 216 bytes, byte_length is 432")]
    [DataRow("tensors.0.shape", "[]", "expected 1 to 8 positive sizes")]
    [DataRow("tensors.0.shape", "[0,3,3,3]", "expected 1 to 8 positive sizes")]
    [DataRow("tensors.0.shape", "[-4,-3,3,3]", "expected 1 to 8 positive sizes")]
    [DataRow("tensors.0.shape", "[4,27]", "has shape [4,27], expected [4,3,3,3]")]
    [DataRow("tensors.0.shape", "[2147483647,2147483647,2147483647,2147483647,2147483647]", "takes")]
    [DataRow("tensors.0.byte_length", "431", "byte_length is 431")]
    [DataRow("tensors.0.byte_length", "-1", "byte_length is -1")]
    [DataRow("tensors.0.byte_offset", "8", "byte_offset 8, expected a multiple of 64")]
    [DataRow("tensors.0.byte_offset", "-64", "byte_offset -64")]
    [DataRow("tensors.0.byte_offset", "9223372036854775744", "byte_offset")]
    [DataRow("tensors.0.byte_offset", "64000", "tensors.bin has")]
    [DataRow("tensors.1.byte_offset", "0", "overlaps")]
    [DataRow("tensors.0.sha256", "\"00\"", "expected 64 hexadecimal digits")]
    public void Open_DamagedDescription_SaysWhatIsWrong(string path, string? value, string message)
    {
        using var folder = new TemporaryFolder();
        string model = RawFolder.Make(folder);
        string file = Path.Combine(model, "model.json");
        File.WriteAllText(file, RawFolder.Edited(File.ReadAllText(file), path.Split('.'), value));

        Errors.Of<ModelException>(() => RawModel.Open(model), model, message);
    }

    [TestMethod]
    public void Open_TensorsThatOverlapOrBelongToNoLayer_AreRefused()
    {
        using var folder = new TemporaryFolder();
        string model = RawFolder.Make(folder);
        string file = Path.Combine(model, "model.json");
        string text = File.ReadAllText(file);
        JsonNode json = JsonNode.Parse(text)!;
        JsonNode extra = json["tensors"]![0]!.DeepClone();
        json["tensors"]!.AsArray().Add(extra);
        File.WriteAllText(file, json.ToJsonString());
        Errors.Of<ModelException>(() => RawModel.Open(model), "two tensors are called 'features.0.weight'");

        extra["name"] = "stowaway";
        File.WriteAllText(file, json.ToJsonString());
        Errors.Of<ModelException>(() => RawModel.Open(model), "tensor 'stowaway' belongs to no layer");
    }

    [TestMethod]
    [DataRow(16, "takes more memory than a model may")]
    [DataRow(60, "too large")]
    public void Open_LayersThatMultiply_AreRefusedBeforeMemoryIsTaken(int doublings, string message)
    {
        using var folder = new TemporaryFolder();
        string model = RawFolder.Make(folder);
        string file = Path.Combine(model, "model.json");
        JsonNode json = JsonNode.Parse(File.ReadAllText(file))!;
        JsonArray nodes = json["architecture"]!.AsArray();
        for (int i = 0; i < doublings; i++)
        {
            string last = i == 0 ? "features.2" : $"more.{i - 1}";
            string node = $$"""{"name":"more.{{i}}","layer":{"kind":"concat"},"inputs":["{{last}}","{{last}}"],"tensors":[]}""";
            nodes.Insert(4 + i, JsonNode.Parse(node));
        }

        File.WriteAllText(file, json.ToJsonString());
        long before = GC.GetAllocatedBytesForCurrentThread();

        Errors.Of<ModelException>(() => RawModel.Open(model), model, message);
        Assert.IsLessThan(16 << 20, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [TestMethod]
    public void Open_MutatedDescription_OpensOrIsAModelError()
    {
        using var folder = new TemporaryFolder();
        string model = RawFolder.Make(folder);
        string file = Path.Combine(model, "model.json");
        byte[] original = File.ReadAllBytes(file);
        var random = new Random(7);
        string[] values = ["-1", "0", "1e400", new('9', 20), "2147483647", "null", "[]", "{}", "\"\\ud800\"", "true", "\"\"", "NaN"];
        for (int i = 0; i < 3000; i++)
        {
            byte[] mutant = i % 3 == 0
                ? WithOtherValue(original, values[random.Next(values.Length)], random)
                : WithOtherBytes(original, random);
            File.WriteAllBytes(file, mutant);
            try
            {
                RawModel.Open(model);
            }
            catch (ModelException e)
            {
                Assert.DoesNotContain('\n', e.Message);
                Assert.IsLessThan(1000, e.Message.Length);
            }
        }
    }

    private static byte[] WithOtherBytes(byte[] original, Random random)
    {
        byte[] mutant = [.. original];
        for (int n = random.Next(1, 4); n > 0; n--)
        {
            mutant[random.Next(mutant.Length)] = (byte)random.Next(256);
        }

        return random.Next(4) == 0 ? mutant[..random.Next(mutant.Length)] : mutant;
    }

    private static byte[] WithOtherValue(byte[] original, string value, Random random)
    {
        int colon = Array.IndexOf(original, (byte)':', random.Next(original.Length - 200));
        int end = Array.FindIndex(original, colon, b => b is (byte)',' or (byte)'\n');
        return [.. original[..(colon + 1)], .. System.Text.Encoding.UTF8.GetBytes(value), .. original[end..]];
    }
}
