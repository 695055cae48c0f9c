using System.Text.Json;
using Interp.Cli;
using Interp.Tests.Cli.Support;
using Interp.Tests.Support;

namespace Interp.Tests.Cli.Commands;

[TestClass]
public sealed class ModelsCommandTests
{
    [TestMethod]
    public void Json_IsAnArrayOfModels()
    {
        JsonElement models = CliRunner.Run("models", "--json").AssertDone().Json;

        Assert.AreEqual(JsonValueKind.Array, models.ValueKind);
        foreach (JsonElement model in models.EnumerateArray())
        {
            Assert.IsGreaterThan(0, model.GetProperty("classes").GetInt32());
            Assert.IsTrue(Directory.Exists(model.GetProperty("folder").GetString()));
        }
    }

    [TestMethod]
    public void Verify_WholeModel_IsDone() =>
        Assert.Contains("matches", CliRunner.Run("models", "--verify", TinyModel.Folder).AssertDone().Out);

    [TestMethod]
    public void Verify_Json_SaysSoAsJson() =>
        Assert.IsTrue(
        CliRunner.Run("models", "--verify", TinyModel.Folder, "--json").AssertDone().Json.GetProperty("verified").GetBoolean());

    [TestMethod]
    public void Verify_FlippedBit_GivesCode3AndNamesTheTensor()
    {
        using var scratch = new TemporaryFolder();
        foreach (string file in Directory.GetFiles(TinyModel.Folder))
        {
            File.Copy(file, scratch[Path.GetFileName(file)]);
        }

        byte[] data = File.ReadAllBytes(scratch["tensors.bin"]);
        data[5] ^= 1;
        File.WriteAllBytes(scratch["tensors.bin"], data);

        CliRunner.Run("models", "--verify", scratch.Root).AssertFailed(ExitCodes.Model, "features.0.weight");
    }
}
