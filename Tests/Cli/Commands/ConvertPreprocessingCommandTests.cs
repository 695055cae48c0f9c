using System.Text.Json;
using Interp.Cli;
using Interp.Engine.Models;
using Interp.Tests.Cli.Support;
using Interp.Tests.Support;
using Interp.Weights;

namespace Interp.Tests.Cli.Commands;

/// <summary><c>convert</c>'s options of preprocessing, and its list of names.</summary>
[TestClass]
public sealed class ConvertPreprocessingCommandTests
{
    [TestMethod]
    public void Options_AreWhatTheModelDoes()
    {
        using var scratch = new TemporaryFolder();

        CliResult result = Convert(
            scratch, "--resize", "40", "--crop", "36", "--interpolation", "bicubic", "--scale", "1/127.5", "--mean", "1",
            "--std", "1,2,4", "--order", "BGR", "--stretch").AssertDone();

        var expected = new Preprocessing
        {
            ResizeShorterSide = 40, InputSize = 36, Interpolation = Interpolation.Bicubic, Stretch = true, ChannelOrder = ChannelOrder.Bgr,
            Mean = [0.5f, 0.5f, 0.5f], Deviation = [2, 1, 0.5f],
        };
        Assert.AreEqual(expected, ModelStore.Load(scratch["model"]).Preprocessing);
        Assert.Contains("note: assumed: images are prepared as for torchvision's ImageNet networks but for --resize, --crop, "
            + "--interpolation, --mean, --std, --scale, --order, --stretch: stretched to 40x40 (bicubic), middle 36x36, channels blue, "
            + "green, red, mean 0.5 0.5 0.5, deviation 2 1 0.5", result.Error);
        CliRunner.Run("predict", TestImages.WritePng(scratch["a.png"]), "--model", scratch["model"]).AssertDone();
    }

    [TestMethod]
    [DataRow("--mean", "1,2", "expected one number or three R,G,B")]
    [DataRow("--std", "1,2,0", "positive")]
    [DataRow("--std", "a,b,c", "expected one number or three R,G,B")]
    [DataRow("--scale", "1/0", "a number above 0 or a ratio")]
    [DataRow("--scale", "1/2/3", "a number above 0 or a ratio")]
    [DataRow("--order", "grb", "one of rgb, bgr")]
    [DataRow("--interpolation", "lanczos", "one of bilinear, bicubic")]
    [DataRow("--crop", "0", "from 1 to 4096, or height and width such as 33x30")]
    [DataRow("--input-size", "32x", "from 1 to 4096")]
    [DataRow("--input-size", "32,32,3", "from 1 to 4096")]
    [DataRow("--mean", "1,2,3,4", "expected one number or three R,G,B")]
    [DataRow("--crop", "300", "expected 300")]
    public void Option_WithAnImpossibleValue_GivesCode2(string option, string value, string message)
    {
        using var scratch = new TemporaryFolder();

        Convert(scratch, option, value).AssertFailed(ExitCodes.Usage, option == "--crop" && value == "300" ? "--resize" : option, message);

        Assert.IsFalse(Directory.Exists(scratch["model"]));
    }

    [TestMethod]
    public void List_HasEveryNameOnALine()
    {
        string[] lines = CliRunner.Run("convert", "--list").AssertDone().Out.Split('\n', StringSplitOptions.RemoveEmptyEntries);

        Assert.HasCount(116, lines);
        Assert.Contains(l => l.StartsWith("resnet50 ", StringComparison.Ordinal) && l.Contains("80.9") && l.Contains("25,557,032")
            && l.Contains("232/224 bilinear") && l.EndsWith("resnet50-11ad3fa6.pth", StringComparison.Ordinal), lines);
    }

    [TestMethod]
    public void List_AsJson_HasAllThatIsKnown()
    {
        JsonElement[] rows = [.. CliRunner.Run("convert", "--list", "--json").AssertDone().Json.EnumerateArray()];

        Assert.HasCount(115, rows);
        Assert.Contains($"torchvision's {rows.Length} ", string.Join(' ', CliRunner.Run("convert", "--help").AssertDone().Out
            .Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)));
        JsonElement row = rows.Single(r => r.GetProperty("name").GetString() == "efficientnet_v2_l");
        Assert.AreEqual("IMAGENET1K_V1", row.GetProperty("weights").GetString());
        Assert.AreEqual(480, row.GetProperty("crop").GetInt32());
        Assert.AreEqual("bicubic", row.GetProperty("interpolation").GetString());
        Assert.AreEqual(0.5, row.GetProperty("mean")[2].GetDouble());
        Assert.AreEqual("https://download.pytorch.org/models/efficientnet_v2_l-59c71312.pth", row.GetProperty("url").GetString());
    }

    [TestMethod]
    public void Source_NeitherFileNorName_SaysWhatThereIs()
    {
        CliRunner.Run("convert").AssertFailed(ExitCodes.Usage, "SOURCE is missing", "--list");
        CliRunner.Run("convert", "resnet51").AssertFailed(ExitCodes.Usage, "'resnet51'", "resnet50", "--list");
        CliRunner.Run("convert", "vgg16", "--list").AssertFailed(ExitCodes.Usage, "--list", "'vgg16'");
        CliRunner.Run("convert", "vgg16:IMAGENET1K_FEATURES").AssertFailed(ExitCodes.Model, "backbone of detectors", "convert vgg16");
    }

    [TestMethod]
    public void From_NamedWeights_GiveTheirPreparationAndAModelOfThatName()
    {
        using var scratch = new TemporaryFolder();
        TinyModel.WriteSafetensors(scratch["mine.safetensors"]);

        JsonElement model = CliRunner.Run("convert", "regnet_y_16gf:IMAGENET1K_SWAG_E2E_V1", "--from", scratch["mine.safetensors"], "--out",
            scratch["regnet"], "--json").AssertDone().Json;

        Assert.AreEqual("regnet", model.GetProperty("name").GetString());
        Assert.AreEqual(384, model.GetProperty("input_size").GetInt32());
        Assert.AreEqual(PretrainedWeights.Find("regnet_y_16gf:IMAGENET1K_SWAG_E2E_V1").Preprocessing,
            ModelStore.Load(scratch["regnet"]).Preprocessing);
    }

    private static CliResult Convert(TemporaryFolder scratch, params string[] options)
    {
        TinyModel.WriteSafetensors(scratch["weights.safetensors"]);
        return CliRunner.Run(["convert", scratch["weights.safetensors"], "--out", scratch["model"], .. options]);
    }
}
