using System.Security.Cryptography;
using System.Text.Json;
using Interp.Engine.Common;
using Interp.Engine.Graph;
using Interp.Engine.Layers;
using Interp.Engine.Models;
using Interp.Engine.Tensors;
using Interp.Tests.Support;
using Interp.Weights;
using Interp.Weights.Raw;

namespace Interp.Tests.Weights;

[TestClass]
public sealed class ModelConverterTests
{
    [TestMethod]
    [DataRow(DType.Float32)]
    [DataRow(DType.Float16)]
    public void Convert_ThenOpen_GivesTheSameNetwork(DType type)
    {
        using var folder = new TemporaryFolder();
        FakeWeightSource source = StateDicts.Vgg(StateDicts.Configurations[11], batchNorm: false, [20, 1000], pool: 2);

        ModelInfo info = Convert(source, new("", folder["tiny"]) { DType = type, InputSize = 96 });
        Network network = RawModel.Open(folder["tiny"]);

        Assert.AreEqual("tiny", network.Name);
        Assert.AreEqual(96, network.Preprocessing.InputSize);
        Assert.AreEqual(110, network.Preprocessing.ResizeShorterSide, "256/224 of 96 is 109.7");
        Assert.AreEqual("tench, Tinca tinca", network.Labels[0]);
        Assert.AreEqual(new Conv2d(3, 4, Window.Square(3, padding: 1)), network.Find("features.0").Layer);
        long parameters = network.Nodes.Sum(n => n.ParameterCount);
        long bytes = new FileInfo(folder["tiny/tensors.bin"]).Length;
        var expectedInfo = new ModelInfo("tiny", folder["tiny"], false, 1000, 96, parameters, type.Name(), bytes, OutputActivation.Softmax);
        Assert.AreEqual(expectedInfo, info with { Assumptions = [] });
        foreach (Weight weight in network.Nodes.SelectMany(n => n.Weights))
        {
            double[] expected = source[weight.Name];
            float[] stored = weight.ToArray();
            Assert.AreEqual(0, weight.Address % 64);
            for (int i = 0; i < stored.Length; i++)
            {
                Assert.AreEqual(type == DType.Float32 ? (float)expected[i] : (float)(Half)expected[i], stored[i]);
            }
        }
    }

    [TestMethod]
    [DataRow(1, null, "sigmoid")]
    [DataRow(1, "sigmoid", "sigmoid")]
    [DataRow(5, null, "softmax")]
    [DataRow(5, "sigmoid", "sigmoid")]
    public void Convert_Activation_IsWrittenAndKept(int outputs, string? asked, string expected)
    {
        using var folder = new TemporaryFolder();
        OutputActivation? activation = asked is null ? null : OutputActivation.All.Find(asked);

        ModelInfo info = Convert(StateDicts.Tiny(outputs), new("", folder["m"]) { Activation = activation });

        Assert.AreEqual(expected, info.Activation.Name);
        Assert.AreEqual(expected, RawModel.Open(folder["m"]).OutputActivation.Name);
        JsonElement json = JsonDocument.Parse(File.ReadAllBytes(folder["m/model.json"])).RootElement;
        Assert.AreEqual(expected, json.GetProperty("activation").GetString());
        Assert.AreEqual(outputs == 1 && asked is null, OutputAssumption.Said(activation, outputs) is not null, "what is assumed is said");
    }

    [TestMethod]
    public void Convert_SoftmaxOfOneOutput_IsRefused()
    {
        using var folder = new TemporaryFolder();
        ConversionRequest request = new("", folder["m"]) { Activation = OutputActivation.Softmax };

        Errors.Of<InputException>(() => Convert(StateDicts.Tiny(1), request), "option 'activation' softmax", "always 1", "sigmoid");
        Assert.IsEmpty(folder.Everything());
    }

    [TestMethod]
    public void Convert_Document_SaysWhereEveryTensorLies()
    {
        using var folder = new TemporaryFolder();
        Convert(StateDicts.Tiny(), new("", folder["tiny"]));
        byte[] data = File.ReadAllBytes(folder["tiny/tensors.bin"]);
        using JsonDocument json = JsonDocument.Parse(File.ReadAllBytes(folder["tiny/model.json"]));
        var covered = new bool[data.Length];

        Assert.AreEqual(1, json.RootElement.GetProperty("format_version").GetInt32());
        Assert.AreEqual("conv2d", json.RootElement.GetProperty("architecture")[1].GetProperty("layer").GetProperty("kind").GetString());
        foreach (JsonElement tensor in json.RootElement.GetProperty("tensors").EnumerateArray())
        {
            int offset = tensor.GetProperty("byte_offset").GetInt32();
            int length = tensor.GetProperty("byte_length").GetInt32();
            Assert.AreEqual(0, offset % 64);
            Assert.AreEqual(Hash(data.AsSpan(offset, length)), tensor.GetProperty("sha256").GetString());
            covered.AsSpan(offset, length).Fill(true);
        }

        Assert.IsTrue(data.Where((_, i) => !covered[i]).All(b => b == 0), "padding is zero");
        Assert.AreEqual(Hash(File.ReadAllBytes(folder["tiny/model.json"])), RawModel.Open(folder["tiny"]).Hash);
    }

    [TestMethod]
    public void Convert_Assumptions_AreKeptWithTheModel()
    {
        using var folder = new TemporaryFolder();
        ModelInfo info = Convert(StateDicts.Vgg([4, 0, 6, 0], batchNorm: true, [8, 5], pool: 2), new("", folder["tiny"]));

        string[] parts = ["epsilon is 1e-5", "max-pools are features.3, 7", "gives 2x2 maps (from classifier.0's 24 inputs)",
            "is a ReLU", "224x224",
            "mean 0.485 0.456 0.406, deviation 0.229 0.224 0.225", "no names but numbers"];
        Assert.HasCount(parts.Length, info.Assumptions);
        foreach ((string part, string line) in parts.Zip(info.Assumptions))
        {
            Assert.Contains(part, line);
        }

        CollectionAssert.AreEqual(info.Assumptions.ToArray(), RawModel.Info(folder["tiny"]).Assumptions.ToArray());
    }

    [TestMethod]
    public void Convert_WithEverythingSaid_AssumesLess()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllLines(folder["labels.txt"], ["a", "b", "c", "d", "e"]);
        ConversionRequest request = new("", folder["tiny"]) { InputSize = 32, Pools = [2, 5], LabelsFile = folder["labels.txt"] };

        IReadOnlyList<string> lines = Convert(StateDicts.Tiny(), request).Assumptions;

        Assert.HasCount(3, lines, string.Join(" | ", lines)); // Pools as said, the average pool, the preprocessing.
    }

    [TestMethod]
    public void Convert_Twice_GivesTheSameBytes()
    {
        using var folder = new TemporaryFolder();
        Convert(StateDicts.Tiny(), new("", folder["a"]) { Name = "n" });
        Convert(StateDicts.Tiny(), new("", folder["b"]) { Name = "n" });

        CollectionAssert.AreEqual(File.ReadAllBytes(folder["a/model.json"]), File.ReadAllBytes(folder["b/model.json"]));
        CollectionAssert.AreEqual(File.ReadAllBytes(folder["a/tensors.bin"]), File.ReadAllBytes(folder["b/tensors.bin"]));
    }

    [TestMethod]
    public void Convert_LargeTensor_IsReadInPiecesAndReportsEveryByte()
    {
        using var folder = new TemporaryFolder();
        FakeWeightSource source = StateDicts.Vgg([64, 0], batchNorm: false, [4000], pool: 7);
        var seen = new List<(long Done, long Total)>();

        var request = new ConversionRequest("", folder["big"]);
        ModelInfo info = ModelConverter.Convert(request, source, (done, total) => seen.Add((done, total)), CancellationToken.None);

        Assert.IsGreaterThan(50_000_000, info.Bytes);
        Assert.IsLessThanOrEqualTo(1 << 17, source.LargestRead);
        Assert.AreEqual((info.Parameters * 4, info.Parameters * 4), seen[^1]);
        Assert.IsTrue(seen.Zip(seen.Skip(1)).All(p => p.First.Done < p.Second.Done));
        RawModel.Verify(folder["big"]);
    }

    [TestMethod]
    [DataRow(double.NaN, DType.Float32, "'features.0.weight' holds NaN at element 5")]
    [DataRow(double.NegativeInfinity, DType.Float16, "'features.0.weight' holds infinity at element 5")]
    [DataRow(1e39, DType.Float32, "too large for f32")]
    [DataRow(65504.5, DType.Float16, "holds 65504.5 at element 5, too large for f16")]
    public void Convert_ValueThatCannotBeStored_NamesItAndLeavesNothing(double value, DType type, string message)
    {
        using var folder = new TemporaryFolder();
        FakeWeightSource source = StateDicts.Tiny();
        source["features.0.weight"][5] = value;

        Errors.Of<ModelException>(() => Convert(source, new("", folder["parent/tiny"]) { DType = type }), message, "fake.pth");

        Assert.IsEmpty(folder.Everything());
    }

    [TestMethod]
    public void Convert_Cancelled_LeavesNothing()
    {
        using var folder = new TemporaryFolder();
        using var cancel = new CancellationTokenSource();
        FakeWeightSource source = StateDicts.Tiny();
        source.OnRead = (name, _) =>
        {
            if (name == "features.3.weight")
            {
                Assert.IsNotEmpty(folder.Everything());
                cancel.Cancel();
            }
        };

        var request = new ConversionRequest("", folder["a/b/tiny"]);
        Assert.ThrowsExactly<OperationCanceledException>(() => ModelConverter.Convert(request, source, null, cancel.Token));

        Assert.IsEmpty(folder.Everything());
    }

    [TestMethod]
    public void Convert_OverAnOldModel_ReplacesItOnlyWhenDone()
    {
        using var folder = new TemporaryFolder();
        Convert(StateDicts.Tiny(), new("", folder["tiny"]));
        Network old = RawModel.Open(folder["tiny"]);
        float[] before = old.Find("features.0").Weights[0].ToArray();
        FakeWeightSource broken = StateDicts.Tiny();
        broken["classifier.0.bias"][0] = double.NaN;
        FakeWeightSource other = StateDicts.Tiny();
        other["features.0.weight"][0] = 42;

        Errors.Of<ModelException>(() => Convert(broken, new("", folder["tiny"])));
        Assert.AreEqual(old.Hash, RawModel.Open(folder["tiny"]).Hash);
        Convert(other, new("", folder["tiny"]));

        Assert.AreEqual(42, RawModel.Open(folder["tiny"]).Find("features.0").Weights[0].ToArray()[0]);
        CollectionAssert.AreEqual(before, old.Find("features.0").Weights[0].ToArray(), "an open network keeps its data");
        CollectionAssert.AreEqual((string[])["tiny", "tiny/model.json", "tiny/tensors.bin"], folder.Everything());
    }

    [TestMethod]
    public void Convert_TargetThatIsNoModel_IsRefusedAndUntouched()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder["notes"]);
        File.WriteAllText(folder["notes/model.json"], "{}");
        File.WriteAllText(folder["notes/diary.txt"], "");
        File.WriteAllText(folder["file"], "");
        Directory.CreateDirectory(folder["empty"]);

        Errors.Of<OutputException>(() => Convert(StateDicts.Tiny(), new("", folder["notes"])), folder["notes"], "holds other files");
        Errors.Of<OutputException>(() => Convert(StateDicts.Tiny(), new("", folder["file"])), "is a file");
        Errors.Of<OutputException>(() => Convert(StateDicts.Tiny(), new("", folder["file/below"])), folder["file"]);
        Errors.Of<OutputException>(() => Convert(StateDicts.Tiny(), new("", "/") { Name = "n" }));
        Convert(StateDicts.Tiny(), new("", folder["empty"] + "/"));

        Assert.AreEqual(2, Directory.GetFiles(folder["notes"]).Length);
        Assert.AreEqual("empty", RawModel.Open(folder["empty"]).Name);
        CollectionAssert.AreEqual((string[])["empty", "file", "notes"], folder.Everything().Where(e => !e.Contains('/')).ToArray());
    }

    [TestMethod]
    public void Convert_DiskThatCannotBeWritten_IsAnOutputError()
    {
        if (!Directory.Exists("/proc/1"))
        {
            Assert.Inconclusive("needs a file system that refuses new folders");
        }

        Errors.Of<OutputException>(() => Convert(StateDicts.Tiny(), new("", "/proc/no/model")), "/proc/no/model", "cannot be written");
    }

    [TestMethod]
    [DataRow("a/b")]
    [DataRow("..")]
    [DataRow("")]
    [DataRow(" x")]
    [DataRow("a\nb")]
    public void Convert_UnusableName_IsRefused(string name)
    {
        using var folder = new TemporaryFolder();

        Errors.Of<InputException>(() => Convert(StateDicts.Tiny(), new("", folder["tiny"]) { Name = name }), "option 'name'");
        Assert.IsEmpty(folder.Everything());
    }

    [TestMethod]
    public void Convert_InputSizeOutOfRange_IsRefused()
    {
        using var folder = new TemporaryFolder();

        Errors.Of<InputException>(() => Convert(StateDicts.Tiny(), new("", folder["tiny"]) { InputSize = 0 }), "input size 0");
        Errors.Of<InputException>(() => Convert(StateDicts.Tiny(), new("", folder["a:b"])), "option 'name'");
        Errors.Of<InputException>(() => Convert(StateDicts.Tiny(), new("", "")), "option 'out' is empty");
    }

    [TestMethod]
    public void Convert_FoldedBatchNorm_KeepsTheLayerNames()
    {
        using var folder = new TemporaryFolder();
        FakeWeightSource source = StateDicts.Vgg(StateDicts.Configurations[19], batchNorm: true, [16, 16, 7], pool: 1);

        Convert(source, new("", folder["bn"]));
        Network network = RawModel.Open(folder["bn"]);

        Assert.AreEqual(new Identity(), network.Find("features.50").Layer);
        Assert.AreEqual(new ReLU(), network.Find("features.51").Layer);
        double scale = source["features.50.weight"][0] / Math.Sqrt(source["features.50.running_var"][0] + 1e-5);
        Assert.AreEqual((float)(source["features.49.weight"][0] * scale), network.Find("features.49").Weights[0].ToArray()[0]);
    }

    private static string Hash(ReadOnlySpan<byte> data) => System.Convert.ToHexStringLower(SHA256.HashData(data));

    private static ModelInfo Convert(FakeWeightSource source, ConversionRequest request) =>
        ModelConverter.Convert(request, source, null, CancellationToken.None);
}
