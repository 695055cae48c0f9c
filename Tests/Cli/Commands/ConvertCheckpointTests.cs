using System.Text.Json;
using Interp.Cli;
using Interp.Engine.Backends;
using Interp.Engine.Cpu;
using Interp.Engine.Graph;
using Interp.Tests.Cli.Support;
using Interp.Tests.Support;
using Interp.Tests.Weights.Formats;
using Interp.Weights;

namespace Interp.Tests.Cli.Commands;

/// <summary>
/// Checkpoints as people have them, written by PyTorch: each converts, says what was assumed, and gives PyTorch's logits.
/// <c>networks.json</c> is made by scripts/make_weight_fixtures.py.
/// </summary>
[TestClass]
public sealed class ConvertCheckpointTests
{
    private static readonly JsonElement Cases = JsonDocument.Parse(Fixtures.BytesOf("networks/networks.json")).RootElement;

    public static IEnumerable<object[]> Names => Cases.EnumerateObject().Select(c => new object[] { c.Name });

    [TestMethod]
    [DynamicData(nameof(Names))]
    public void Checkpoint_GivesPyTorchsLogitsAndSaysWhatItAssumed(string name)
    {
        using var scratch = new TemporaryFolder();
        JsonElement expected = Cases.GetProperty(name);
        string[] options = [.. expected.GetProperty("options").EnumerateArray().Select(o => o.GetString()!)];
        string file = Fixtures.PathOf($"networks/{expected.GetProperty("file").GetString()}");

        CliResult result = CliRunner.Run(["convert", file, "--out", scratch["model"], "--input-size", "32", .. options]).AssertDone();

        Assert.Contains(expected.GetProperty("note").GetString()!, result.Error);
        Assert.IsTrue(result.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Where(l => !l.Contains("converting", StringComparison.Ordinal))
            .All(l => l.StartsWith("note: assumed: ", StringComparison.Ordinal)), result.Error);
        float[] logits = [.. expected.GetProperty("logits").EnumerateArray().Select(v => (float)v.GetDouble())];
        TensorAssert.RelativeL2(logits, Logits(ModelStore.Load(scratch["model"])), 1e-5, "the project's bound for float32");
    }

    [TestMethod]
    public void OwnNormalisation_BecomesThePreprocessing()
    {
        using var scratch = new TemporaryFolder();
        CliRunner.Run("convert", Fixtures.PathOf("networks/normalize.pth"), "--out", scratch["model"]).AssertDone();

        Network network = ModelStore.Load(scratch["model"]);

        CollectionAssert.AreEqual((float[])[0.5f, 0.25f, 0.125f], network.Preprocessing.Mean.ToArray());
        CollectionAssert.AreEqual((float[])[0.5f, 0.5f, 0.25f], network.Preprocessing.Deviation.ToArray());
    }

    [TestMethod]
    public void Assumptions_AreInTheJsonOfConvertAndModels()
    {
        using var scratch = new TemporaryFolder();
        string file = Fixtures.PathOf("networks/two.pth");

        CliResult result = CliRunner.Run("convert", file, "--out", scratch["model"], "--json", "--quiet").AssertDone();

        Assert.DoesNotContain("assumed", result.Error);
        string[] lines = [.. result.Json.GetProperty("assumptions").EnumerateArray().Select(l => l.GetString()!)];
        Assert.IsTrue(lines.Any(l => l.Contains("state_dict_ema", StringComparison.Ordinal)));
        JsonElement stored = JsonDocument.Parse(File.ReadAllBytes(scratch["model/model.json"])).RootElement.GetProperty("assumptions");
        CollectionAssert.AreEqual(lines, stored.EnumerateArray().Select(l => l.GetString()!).ToArray());
        JsonElement models = CliRunner.Run("models", "--json").AssertDone().Json;
        Assert.AreEqual(JsonValueKind.Array, models[0].GetProperty("assumptions").ValueKind);
    }

    [TestMethod]
    [DataRow("4,x")]
    [DataRow("4;9")]
    [DataRow("-1")]
    public void Pools_ThatAreNoNumbers_GiveCode2(string pools)
    {
        using var scratch = new TemporaryFolder();
        CliRunner.Run("convert", Fixtures.PathOf("networks/two.pth"), "--out", scratch["model"], "--pools=" + pools)
            .AssertFailed(ExitCodes.Usage, "--pools", "4,9,16");
        Assert.IsFalse(Directory.Exists(scratch["model"]));
    }

    [TestMethod]
    public void Pools_ByTheirLayersNames_AreTheSame()
    {
        using var scratch = new TemporaryFolder();
        string file = Fixtures.PathOf("networks/two.pth");
        CliRunner.Run("convert", file, "--out", scratch["a"], "--name", "n", "--pools", "features.2, features.7").AssertDone();
        CliRunner.Run("convert", file, "--out", scratch["b"], "--name", "n", "--pools", "2,7").AssertDone();

        CollectionAssert.AreEqual(File.ReadAllBytes(scratch["a/model.json"]), File.ReadAllBytes(scratch["b/model.json"]));
    }

    [TestMethod]
    public void Weights_ThatAreNotThere_GiveCode2()
    {
        using var scratch = new TemporaryFolder();
        CliRunner.Run("convert", Fixtures.PathOf("networks/two.pth"), "--out", scratch["model"], "--weights", "emma")
            .AssertFailed(ExitCodes.Usage, "--weights emma", "state_dict, state_dict_ema");
    }

    private static float[] Logits(Network network)
    {
        float[] image = [.. Enumerable.Range(0, 3 * 32 * 32).Select(i => (float)((long)i * 7919 % 1000 / 500.0 - 1))];
        using var backend = new CpuBackend();
        using Session session = backend.Open(network, new SessionOptions { Batch = 1, Height = 32, Width = 32 });
        session.Forward(image);
        return session.Logits();
    }
}
