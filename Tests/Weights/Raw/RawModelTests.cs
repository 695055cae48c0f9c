using System.Diagnostics;
using System.Text.Json.Nodes;
using Interp.Engine.Common;
using Interp.Engine.Graph;
using Interp.Tests.Support;
using Interp.Weights.Raw;

namespace Interp.Tests.Weights.Raw;

/// <summary>The two files of a model folder: missing, cut, large, mapped, verified.</summary>
[TestClass]
public sealed class RawModelTests
{
    [TestMethod]
    public void Open_DamagedFiles_AreModelErrors()
    {
        using var folder = new TemporaryFolder();
        string model = RawFolder.Make(folder);
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
    public void Open_BigModel_TakesMillisecondsAndCopiesNothing()
    {
        using var folder = new TemporaryFolder();
        string model = RawFolder.Make(folder);
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
        string model = RawFolder.Make(folder);
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
        string model = RawFolder.Make(folder);
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
}
