using System.Text.Json;
using Interp.Cli;
using Interp.Tests.Cli.Support;
using Interp.Tests.Support;

namespace Interp.Tests.Cli.Commands;

[TestClass]
public sealed class ConvertCommandTests
{
    [TestMethod]
    public void Safetensors_WithLabels_GivesAModelThatPredicts()
    {
        using var scratch = new TemporaryFolder();
        TinyModel.WriteSafetensors(scratch["weights.safetensors"]);
        TinyModel.WriteLabels(scratch["labels.txt"]);

        JsonElement model = CliRunner.Run(
            "convert", scratch["weights.safetensors"], "--out", scratch["model"], "--labels", scratch["labels.txt"], "--dtype", "f16",
            "--name", "small",
            "--input-size", "48", "--json").AssertDone().Json;

        Assert.AreEqual("small", model.GetProperty("name").GetString());
        Assert.AreEqual("f16", model.GetProperty("type").GetString());
        Assert.AreEqual(48, model.GetProperty("input_size").GetInt32());
        CollectionAssert.AreEqual((string[])["model.json", "tensors.bin"], TemporaryFolder.FilesBelow(scratch["model"]));
        JsonElement predicted = CliRunner.Run(
            "predict", TestImages.WriteNpy(scratch["x.npy"], 3, 48, 48), "--model", scratch["model"], "--json").AssertDone().Json;
        Assert.Contains(predicted[0].GetProperty("top")[0].GetProperty("label").GetString(), TinyModel.Labels);
    }

    [TestMethod]
    public void Source_Missing_FailsAndLeavesNothing()
    {
        using var scratch = new TemporaryFolder();

        CliResult result = CliRunner.Run("convert", scratch["none.pth"], "--out", scratch["model"]);

        result.AssertFailed(ExitCodes.Model, "none.pth");
        Assert.IsEmpty(Directory.GetFileSystemEntries(scratch.Root));
    }

    [TestMethod]
    public void Source_NotAWeightFile_FailsAndLeavesNothing()
    {
        using var scratch = new TemporaryFolder();
        File.WriteAllText(scratch["noise.pth"], "this is no weight file");

        CliRunner.Run("convert", scratch["noise.pth"], "--out", scratch["model"]).AssertFailed(ExitCodes.Model, "noise.pth");
        CollectionAssert.AreEqual((string[])["noise.pth"], TemporaryFolder.FilesBelow(scratch.Root));
    }

    [TestMethod]
    public void From_WithoutAPretrainedName_GivesCode2()
    {
        using var scratch = new TemporaryFolder();
        TinyModel.WriteSafetensors(scratch["weights.safetensors"]);

        CliRunner.Run("convert", "no-name", "--from", scratch["weights.safetensors"], "--out", scratch["model"]).AssertFailed(
            ExitCodes.Usage, "no-name", "--list");
        CliRunner.Run("convert", "no.pth", "--from", scratch["weights.safetensors"], "--out", scratch["model"]).AssertFailed(
            ExitCodes.Usage, "--from", "no.pth");
    }

    [TestMethod]
    public void Out_BelowAFile_GivesCode5()
    {
        using var scratch = new TemporaryFolder();
        TinyModel.WriteSafetensors(scratch["weights.safetensors"]);

        CliRunner.Run("convert", scratch["weights.safetensors"], "--out", scratch.Unwritable()).AssertFailed(ExitCodes.Output, "below");
    }

    [TestMethod]
    public void Cancelled_GivesCode130AndLeavesNothing()
    {
        using var scratch = new TemporaryFolder();
        TinyModel.WriteSafetensors(scratch["weights.safetensors"]);

        CliResult result = CliRunner.Run(
            new CancellationToken(canceled: true), "convert", scratch["weights.safetensors"], "--out", scratch["model"]);

        Assert.AreEqual(ExitCodes.Cancelled, result.ExitCode);
        CollectionAssert.AreEqual((string[])["weights.safetensors"], TemporaryFolder.FilesBelow(scratch.Root));
    }
}
