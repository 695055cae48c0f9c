using System.Text.Json;
using Interp.Cli;
using Interp.Engine.Graph;
using Interp.Engine.Imaging;
using Interp.Engine.Tensors;
using Interp.Tests.Cli.Support;
using Interp.Tests.Support;
using Interp.Tests.Weights;

namespace Interp.Tests.Cli.Commands;

/// <summary>Every command on networks that are no classifiers of square RGB images.</summary>
[TestClass]
public sealed class InputShapeTests
{
    [TestMethod]
    [DataRow("grey", "28x28 grey")]
    [DataRow("oblong", "33x30")]
    [DataRow("small", "16x16")]
    [DataRow("tiny", "8x8")]
    [DataRow("maps", "16x16")]
    [DataRow("embedding", "16x16")]
    public void AllCommands_Work(string shape, string input)
    {
        using var scratch = new TemporaryFolder();
        Network network = Of(shape);
        string model = ModelFolders.Write(scratch["model"], network), photos = scratch["photos"];
        string image = TestImages.WritePng(scratch["photos", "a.png"], 1);
        TestImages.WritePng(scratch["photos", "b.png"], 2);
        bool classifies = network.Classes > 0;
        string layer = network.Nodes.First(n => n.Name.StartsWith("relu", StringComparison.Ordinal)).Name;

        string layers = CliRunner.Run("layers", "--model", model).AssertDone().Out;
        Assert.Contains(classifies ? $"10 classes, input {input}, softmax" : $"no classes, input {input}", layers);
        Assert.Contains(input.Split(' ')[0], CliRunner.Run("methods", "--model", model).AssertDone().Out);
        CliRunner.Run("bench", "--model", model, "--runs", "1", "--threads", "1").AssertDone();
        CliRunner.Run("bench", "--model", model, "--runs", "1", "--size", input.Split(' ')[0], "--threads", "1").AssertDone();
        CliRunner.Run("predict", photos, "--model", model, "--logits-npy", scratch["z.npy"]).AssertDone();
        Assert.AreEqual(network.OwnShapes[^1].WithBatch(2), Npy.Read(scratch["z.npy"]).Shape);

        string[] target = classifies ? ["--class", "1"] : ["--unit", $"{network.Output.Name}:1"];
        CliRunner.Run(
            ["saliency", image, "--model", model, "--method", "vanilla,gradcam,occlusion,rise,lime,lrp,integrated-gradients", .. target,
                "--out", scratch["maps"], "--samples", "5", "--steps", "3", "--report", "--evidence", "--curve-steps", "4"]).AssertDone();
        RgbImage seen = ImageFile.Read(scratch["maps", "a", "input.png"]);
        RgbImage color = ImageFile.Read(scratch["maps", "a", "vanilla", "color.png"]);
        Assert.AreEqual((network.Preprocessing.Height, network.Preprocessing.Width), (seen.Height, seen.Width));
        Assert.AreEqual((seen.Height, seen.Width), (color.Height, color.Width));
        Assert.AreEqual(
            new Shape(network.InputChannels, seen.Height, seen.Width), Npy.Read(scratch["maps", "a", "vanilla", "attribution.npy"]).Shape);
        Assert.AreEqual(new Shape(1, seen.Height, seen.Width), Npy.Read(scratch["maps", "a", "gradcam", "attribution.npy"]).Shape);
        if (network.InputChannels == 1)
        {
            foreach (RgbImage grey in (RgbImage[])[seen, color])
            {
                Assert.IsTrue(grey.Pixels.Chunk(3).All(p => p[0] == p[1] && p[1] == p[2]), "grey");
            }
        }

        CliRunner.Run("visualize", "--model", model, "--layer", layer, "--channel", "1", "--steps", "3", "--out", scratch["vis"])
            .AssertDone();
        Assert.AreEqual(
            new Shape(network.InputChannels, seen.Height, seen.Width), Npy.Read(scratch["vis", $"{layer}-1", "image.npy"]).Shape);
        CliRunner.Run("visualize", "--model", model, "--layer", layer, "--neuron", "2", "--steps", "2", "--from", image, "--out",
            scratch["vis"]).AssertDone();
        CliRunner.Run("visualize", "--model", model, "--layer", layer, "--steps", "2", "--octaves", "2", "--out", scratch["vis"])
            .AssertDone();
        CliRunner.Run("gallery", "--model", model, "--layer", layer, "--channels", "0-1", "--steps", "2", "--out", scratch["gallery"])
            .AssertDone();
        CliRunner.Run("top-images", "--model", model, "--layer", layer, "--channel", "0,1", "--images", photos, "--count", "1", "--out",
            scratch["top"]).AssertDone();
        CliRunner.Run("unit", "--model", model, "--layer", layer, "--channel", "1", "--images", photos, "--count", "1", "--steps", "2",
            "--out", scratch["unit"]).AssertDone();
        for (ulong i = 0; i < 6; i++)
        {
            TestImages.WritePng(scratch["train", i % 2 == 0 ? "even" : "odd", $"{i}.png"], 3 + i);
        }

        CliRunner.Run("influence", image, "--model", model, "--train", scratch["train"], "--l2", "1", "--checks", "2", "--count", "2",
            "--remove-top", "--out", scratch["influence"]).AssertDone();
        Assert.HasCount(7, File.ReadAllLines(scratch["influence", "influence.csv"]));
        CliResult evaluation = CliRunner.Run("evaluate", image, "--model", model, "--method", "vanilla", "--curve-steps", "3", "--out",
            scratch["eval"]);
        if (classifies)
        {
            evaluation.AssertDone();
        }
        else
        {
            evaluation.AssertFailed(ExitCodes.Usage, "has no classes, which evaluate is about", $"saliency --unit {network.Output.Name}:0");
        }
    }

    [TestMethod]
    public void Predict_WithoutClasses_ShowsTheChannelsWithTheLargestMeans()
    {
        using var scratch = new TemporaryFolder();
        string model = ModelFolders.Write(scratch["model"], ShapeNets.Maps()), image = TestImages.WritePng(scratch["a.png"], 1);

        CliResult text = CliRunner.Run("predict", image, "--model", model, "--top", "2", "--logits-npy", scratch["z.npy"]).AssertDone();
        JsonElement json = CliRunner.Run("predict", image, "--model", model, "--top", "2", "--json").AssertDone().Json[0];

        float[] maps = Npy.Read(scratch["z.npy"]).Values;
        int best = Enumerable.Range(0, 7).MaxBy(c => maps.Skip(c * 256).Take(256).Average(v => (double)v));
        float[] map = maps[(best * 256)..((best + 1) * 256)];
        JsonElement output = json.GetProperty("output"), first = output.GetProperty("channels")[0];
        CollectionAssert.AreEqual((int[])[7, 16, 16], output.GetProperty("shape").EnumerateArray().Select(e => e.GetInt32()).ToArray());
        Assert.AreEqual(2, output.GetProperty("channels").GetArrayLength());
        Assert.AreEqual(best, first.GetProperty("channel").GetInt32());
        Assert.AreEqual(map.Average(v => (double)v), first.GetProperty("mean").GetDouble());
        Assert.AreEqual(map.Max(), first.GetProperty("maximum").GetSingle());
        Assert.AreEqual(map.Max(), map[(16 * first.GetProperty("y").GetInt32()) + first.GetProperty("x").GetInt32()]);
        Assert.AreEqual(0, json.GetProperty("top").GetArrayLength());
        Assert.Contains("maps has no classes", text.Error);
        Assert.Contains("[1,7,16,16]", text.Error);
    }

    [TestMethod]
    public void Predict_WithClasses_SaysNothingOfAnOutput()
    {
        using var scratch = new TemporaryFolder();
        string image = TestImages.WritePng(scratch["a.png"], 1);
        JsonElement json = CliRunner.Run("predict", image, "--model", TinyModel.Folder, "--json").AssertDone().Json[0];
        Assert.IsFalse(json.TryGetProperty("output", out _));
    }

    [TestMethod]
    [DataRow("--class: maps has no classes", "saliency", "a.png", "--method", "vanilla", "--class", "1")]
    [DataRow("--probability: maps has no classes", "saliency", "a.png", "--method", "vanilla", "--probability")]
    [DataRow("name a unit of a layer with --unit, such as out:0", "saliency", "a.png", "--method", "vanilla")]
    [DataRow("--class: maps has no classes; give --layer with --channel or --neuron", "visualize", "--class", "1")]
    [DataRow("--classes: maps has no classes; give --layer and --channels", "gallery", "--classes", "all")]
    [DataRow("--rank relevance: model maps has no classes", "top-images", "--layer", "conv1", "--channel", "0", "--rank", "relevance",
        "--images", "a.png")]
    [DataRow("--images: model maps has no classes", "concepts", "relevance", "a.png", "--layer", "conv1", "--unit", "out:0",
        "--images", "a.png")]
    [DataRow("--class: model maps has no classes", "concepts", "discover", "--layer", "conv1", "--class", "1", "--images", "a.png")]
    public void ClassesOfANetworkWithoutClasses_AreRefusedInOneLine(string message, params string[] args)
    {
        using var scratch = new TemporaryFolder();
        string model = ModelFolders.Write(scratch["model"], ShapeNets.Maps()), image = TestImages.WritePng(scratch["a.png"], 1);

        CliRunner.Run([.. args.Select(a => a == "a.png" ? image : a), "--model", model, "--out", scratch["out"]])
            .AssertFailed(ExitCodes.Usage, message);
    }

    [TestMethod]
    public void Saliency_OfAUnitOfAnOutput_HasAManifestWithoutClasses()
    {
        using var scratch = new TemporaryFolder();
        string model = ModelFolders.Write(scratch["model"], ShapeNets.Maps()), image = TestImages.WritePng(scratch["a.png"], 1);

        JsonElement m = CliRunner.Run("saliency", image, "--model", model, "--method", "vanilla", "--unit", "out:3,4,5", "--out",
            scratch["out"], "--json").AssertDone().Json[0].GetProperty("manifest");

        Assert.AreEqual("neuron out:3,4,5", m.GetProperty("target_description").GetString());
        Assert.AreEqual(JsonValueKind.Null, m.GetProperty("class").ValueKind);
        Assert.AreEqual(JsonValueKind.Null, m.GetProperty("probability").ValueKind);
        Assert.AreEqual("none", m.GetProperty("activation").GetString());
        CliResult again = CliRunner.Run("saliency", image, "--model", model, "--method", "vanilla", "--unit", "out:3,4,5", "--out",
            scratch["out"]).AssertDone();
        Assert.Contains("1 of 1 results were there", again.Error);
    }

    private static Network Of(string shape) => shape switch
    {
        "grey" => ShapeNets.Grey(),
        "oblong" => ShapeNets.Oblong(),
        "small" => ShapeNets.Small(),
        "tiny" => ShapeNets.Small(8),
        "maps" => ShapeNets.Maps(),
        _ => ShapeNets.Embedding(),
    };
}
