using System.Diagnostics;
using System.Text.Json.Nodes;
using Interp.Engine.Common;
using Interp.Engine.Graph;
using Interp.Tests.Support;
using Interp.Weights;
using Interp.Weights.Raw;

namespace Interp.Tests.Weights.Raw;

[TestClass]
public sealed class RawModelTests
{
    [TestMethod]
    [DataRow("format_version", "2", "format version 2, expected 1")]
    [DataRow("format_version", "\"1\"", "model.json")]
    [DataRow("format_version", null, "format_version")]
    [DataRow("name", "\"../x\"", "unusable model name")]
    [DataRow("name", "null", "model.json")]
    [DataRow("input_size", "31", "input_size 31, expected 32 to 4096")]
    [DataRow("input_size", "4097", "input_size 4097")]
    [DataRow("input_size", "1e99", "model.json")]
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
    [DataRow("architecture.2.layer", "{\"kind\":\"dropout\",\"p\":2}", "p is 2, expected 0 to 1")]
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
        string model = Tiny(folder);
        string file = Path.Combine(model, "model.json");
        File.WriteAllText(file, Edited(File.ReadAllText(file), path.Split('.'), value));

        Errors.Of<ModelException>(() => RawModel.Open(model), model, message);
    }

    [TestMethod]
    [DataRow(5, null, "softmax")]
    [DataRow(1, null, "sigmoid")]
    [DataRow(5, "\"sigmoid\"", "sigmoid")]
    [DataRow(1, "\"sigmoid\"", "sigmoid")]
    public void Open_Activation_IsTheWrittenOneOrThatOfOlderFolders(int outputs, string? written, string expected)
    {
        using var folder = new TemporaryFolder();
        ModelConverter.Convert(new("", folder["m"]), StateDicts.Tiny(outputs), null, CancellationToken.None);
        string file = folder["m", "model.json"];
        File.WriteAllText(file, Edited(File.ReadAllText(file), ["activation"], written));

        Assert.AreEqual(expected, RawModel.Open(folder["m"]).OutputActivation.Name);
        Assert.AreEqual(expected, RawModel.Info(folder["m"]).Activation.Name);
    }

    [TestMethod]
    public void Open_SoftmaxOfOneOutput_IsRefused()
    {
        using var folder = new TemporaryFolder();
        ModelConverter.Convert(new("", folder["m"]), StateDicts.Tiny(1), null, CancellationToken.None);
        string file = folder["m", "model.json"];
        File.WriteAllText(file, Edited(File.ReadAllText(file), ["activation"], "\"softmax\""));

        Errors.Of<ModelException>(() => RawModel.Open(folder["m"]), folder["m"], "softmax", "always 1", "expected sigmoid");
    }

    [TestMethod]
    public void Open_TensorsThatOverlapOrBelongToNoLayer_AreRefused()
    {
        using var folder = new TemporaryFolder();
        string model = Tiny(folder);
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
    public void Open_DamagedFiles_AreModelErrors()
    {
        using var folder = new TemporaryFolder();
        string model = Tiny(folder);
        string data = Path.Combine(model, "tensors.bin");
        string json = Path.Combine(model, "model.json");
        byte[] bytes = File.ReadAllBytes(data);

        File.WriteAllBytes(data, bytes[..^1]);
        Errors.Of<ModelException>(() => RawModel.Open(model), $"tensors.bin has {bytes.Length - 1} bytes, expected {bytes.Length}");
        File.WriteAllBytes(data, [.. bytes, 0]);
        Errors.Of<ModelException>(() => RawModel.Open(model), $"expected {bytes.Length}");
        File.WriteAllBytes(data, []);
        Errors.Of<ModelException>(() => RawModel.Open(model), "tensors.bin has 0 bytes");
        File.Delete(data);
        Errors.Of<ModelException>(() => RawModel.Open(model), "tensors.bin is missing");
        using (FileStream huge = File.Create(json))
        {
            huge.SetLength(RawFormat.MaxDocumentBytes + 1L);
        }

        Errors.Of<ModelException>(() => RawModel.Open(model), "expected at most");
        File.WriteAllText(json, "");
        Errors.Of<ModelException>(() => RawModel.Open(model), "model.json");
        File.WriteAllText(json, "null");
        Errors.Of<ModelException>(() => RawModel.Open(model), "model.json");
        File.WriteAllText(json, new string('[', 1 << 20));
        Errors.Of<ModelException>(() => RawModel.Open(model), "model.json");
        File.Delete(json);
        Errors.Of<ModelException>(() => RawModel.Open(model), "model.json is missing", "convert");
        Errors.Of<ModelException>(() => RawModel.Open(folder["nowhere"]), folder["nowhere"]);
        Errors.Of<ModelException>(() => RawModel.Info(folder["nowhere"]), folder["nowhere"]);
    }

    [TestMethod]
    [DataRow(16, "takes more memory than a model may")]
    [DataRow(60, "too large")]
    public void Open_LayersThatMultiply_AreRefusedBeforeMemoryIsTaken(int doublings, string message)
    {
        using var folder = new TemporaryFolder();
        string model = Tiny(folder);
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
    public void Open_ModelOfBeforeAssumptionsWereKept_IsTheSame()
    {
        using var folder = new TemporaryFolder();
        string model = Tiny(folder);
        string file = Path.Combine(model, "model.json");
        JsonObject json = JsonNode.Parse(File.ReadAllText(file))!.AsObject();
        Assert.IsNotEmpty(RawModel.Info(model).Assumptions);
        Assert.IsTrue(json.Remove("assumptions"));
        File.WriteAllText(file, json.ToJsonString());

        Assert.IsEmpty(RawModel.Info(model).Assumptions);
        Assert.AreEqual(5, RawModel.Open(model).Classes);
    }

    [TestMethod]
    [DataRow("[\"a\\nb\"]")]
    [DataRow("[null]")]
    [DataRow("[\"\"]")]
    [DataRow("[1]")]
    [DataRow("\"a\"")]
    public void Open_AssumptionsThatAreNoLines_AreRefused(string value)
    {
        using var folder = new TemporaryFolder();
        string model = Tiny(folder);
        string file = Path.Combine(model, "model.json");
        JsonObject json = JsonNode.Parse(File.ReadAllText(file))!.AsObject();
        json["assumptions"] = JsonNode.Parse(value);
        File.WriteAllText(file, json.ToJsonString());

        Errors.Of<ModelException>(() => RawModel.Open(model), "assumptions");
    }

    [TestMethod]
    [OSCondition(OperatingSystems.Linux)]
    public void Map_LargerThanTheAddressSpace_IsAMatterOfMemory()
    {
        if (!Directory.Exists("/dev/shm"))
        {
            Assert.Inconclusive("needs a file system for very large sparse files");
        }

        string path = $"/dev/shm/interp-test-{Guid.NewGuid():N}";
        try
        {
            using (FileStream sparse = File.Create(path))
            {
                sparse.SetLength(127L << 40); // Of the 128 TiB that a process has.
            }

            Errors.Of<BackendException>(() => _ = new MappedFile(path), path, "no memory to map its 139637976727552 bytes", "ulimit");
        }
        finally
        {
            File.Delete(path);
        }
    }

    [TestMethod]
    public void Open_MutatedDescription_OpensOrIsAModelError()
    {
        using var folder = new TemporaryFolder();
        string model = Tiny(folder);
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

    [TestMethod]
    public void Open_BigModel_TakesMillisecondsAndCopiesNothing()
    {
        using var folder = new TemporaryFolder();
        string model = Tiny(folder);
        string file = Path.Combine(model, "model.json");
        JsonNode json = JsonNode.Parse(File.ReadAllText(file))!;
        JsonArray tensors = json["tensors"]!.AsArray();
        JsonNode extra = tensors[^1]!.DeepClone();
        extra["name"] = "huge.weight";
        extra["shape"] = JsonNode.Parse("[16000000,5]");
        extra["byte_offset"] = 1 << 20;
        extra["byte_length"] = 16_000_000L * 5 * 4;
        tensors.Add(extra);
        JsonNode bias = tensors[^2]!.DeepClone();
        bias["name"] = "huge.bias";
        bias["shape"] = JsonNode.Parse("[16000000]");
        bias["byte_offset"] = 1L << 29;
        bias["byte_length"] = 64_000_000L;
        tensors.Add(bias);
        json["architecture"]!.AsArray().Add(JsonNode.Parse(
            """
            {"name":"huge","layer":{"kind":"linear","in_features":5,"out_features":16000000},
             "inputs":["classifier.0"],"tensors":["huge.weight","huge.bias"]}
            """));
        json["architecture"]!.AsArray().Add(JsonNode.Parse(
            """{"name":"end","layer":{"kind":"dropout"},"inputs":["classifier.0"],"tensors":[]}"""));
        File.WriteAllText(file, json.ToJsonString());
        using (FileStream data = File.OpenWrite(Path.Combine(model, "tensors.bin")))
        {
            data.SetLength((1L << 29) + 64_000_000);
        }

        RawModel.Open(model);
        long resident = Environment.WorkingSet;
        var clock = Stopwatch.StartNew();
        Network network = RawModel.Open(model);
        clock.Stop();

        Assert.AreEqual(320_000_000, network.Find("huge").Weights[0].Bytes);
        Assert.IsLessThan(500, clock.ElapsedMilliseconds, "a few kilobytes are read; the bound allows for a busy machine");
        Assert.IsLessThan(100 << 20, Environment.WorkingSet - resident, "a copy would add 600 MB");
    }

    [TestMethod]
    public void Open_ManyTimes_UnmapsWhatIsNoLongerUsed()
    {
        if (!File.Exists("/proc/self/maps"))
        {
            Assert.Inconclusive("needs /proc to see mappings");
        }

        using var folder = new TemporaryFolder();
        string model = Tiny(folder);
        for (int i = 0; i < 50; i++)
        {
            RawModel.Open(model);
        }

        int Mappings() => File.ReadLines("/proc/self/maps").Count(l => l.Contains(model, StringComparison.Ordinal));
        for (int i = 0; i < 20 && Mappings() > 5; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        Assert.IsLessThanOrEqualTo(5, Mappings());
    }

    [TestMethod]
    public void Verify_FlippedBit_NamesTheTensor()
    {
        using var folder = new TemporaryFolder();
        string model = Tiny(folder);
        string data = Path.Combine(model, "tensors.bin");
        (long, long) last = default;
        RawModel.Verify(model, (done, total) => last = (done, total));
        Assert.AreEqual(RawModel.Info(model).Parameters * 4, last.Item1);
        Assert.AreEqual(last.Item2, last.Item1);

        byte[] bytes = File.ReadAllBytes(data);
        bytes[448 + 3] ^= 1;
        File.WriteAllBytes(data, bytes);

        RawModel.Open(model);
        Errors.Of<ModelException>(() => RawModel.Verify(model), model, "tensor 'features.0.bias' is damaged");
        Assert.ThrowsExactly<OperationCanceledException>(() => RawModel.Verify(model, null, new CancellationToken(canceled: true)));
    }

    private static string Tiny(TemporaryFolder folder)
    {
        ModelConverter.Convert(new("", folder["tiny"]), StateDicts.Tiny(), null, CancellationToken.None);
        return folder["tiny"];
    }

    private static string Edited(string text, string[] path, string? value)
    {
        JsonNode root = JsonNode.Parse(text)!;
        JsonNode at = path[..^1].Aggregate(root, (node, step) => node is JsonArray array ? array[int.Parse(step)]! : node[step]!);
        if (at is JsonArray items)
        {
            items[int.Parse(path[^1])] = value is null ? null : JsonNode.Parse(value);
        }
        else if (value is null)
        {
            at.AsObject().Remove(path[^1]);
        }
        else
        {
            // Placed as text, since a parsed node cannot hold doubled names.
            at[path[^1]] = "@@@";
            return root.ToJsonString().Replace("\"@@@\"", value, StringComparison.Ordinal);
        }

        return root.ToJsonString();
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
