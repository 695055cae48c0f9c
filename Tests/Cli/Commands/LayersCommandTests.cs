using System.Text.Json;
using System.Text.Json.Nodes;
using Interp.Tests.Cli.Support;
using Interp.Tests.Support;

namespace Interp.Tests.Cli.Commands;

[TestClass]
public sealed class LayersCommandTests
{
    [TestMethod]
    public void Json_NamesKindsShapesAndParameters()
    {
        JsonElement[] layers = [.. CliRunner.Run("layers", "--model", TinyModel.Folder, "--json").AssertDone().Json.EnumerateArray()];

        JsonElement first = layers.Single(l => l.GetProperty("name").GetString() == "features.3");
        Assert.AreEqual("conv2d", first.GetProperty("kind").GetString());
        Assert.AreEqual("[1,8,16,16]", first.GetProperty("output_shape").GetRawText().Replace(" ", "").Replace("\n", ""));
        Assert.AreEqual(8 * 6 * 9 + 8, first.GetProperty("parameters").GetInt64());
        Assert.AreEqual("input", layers[0].GetProperty("kind").GetString());
    }

    [TestMethod]
    public void Table_EndsWithTotals()
    {
        string text = CliRunner.Run("layers", "--model", TinyModel.Folder).AssertDone().Out;

        int parameters = (6 * 27 + 6) + (8 * 54 + 8) + (12 * 32 + 12) + (10 * 12 + 10);
        Assert.Contains($"{parameters:N0} parameters, 10 classes, input 32x32", text);
        Assert.Contains("classifier.3", text);
    }

    [TestMethod]
    public void Modules_AreListedWithTheLayersThatTheyReturn()
    {
        using var folder = new TemporaryFolder();
        string model = WithModules(folder);

        (string?, string?)[] modules =
            [.. CliRunner.Run("layers", "--model", model, "--modules", "--json").AssertDone().Json.EnumerateArray()
                .Select(m => (m.GetProperty("name").GetString(), m.GetProperty("layer").GetString()))];
        CollectionAssert.AreEqual(new (string?, string?)[] { ("classifier", "classifier.3"), ("features", "features.5") }, modules);
        Assert.Contains("2 modules of several layers", CliRunner.Run("layers", "--model", model, "--modules").AssertDone().Out);
        Assert.Contains(" layers, 2 modules, ", CliRunner.Run("layers", "--model", model).AssertDone().Out);
    }

    [TestMethod]
    public void IdentityBehindAConvolution_IsSaidToBeMergedIn()
    {
        using var folder = new TemporaryFolder();
        string model = WithModules(folder);

        JsonElement[] layers = [.. CliRunner.Run("layers", "--model", model, "--json").AssertDone().Json.EnumerateArray()];

        JsonElement conv = layers.Single(l => l.GetProperty("name").GetString() == "features.3");
        Assert.AreEqual(("conv2d", "norm"), (conv.GetProperty("kind").GetString(), conv.GetProperty("merged").GetString()));
        Assert.AreEqual(JsonValueKind.Null, layers[1].GetProperty("merged").ValueKind);
        Assert.Contains("conv2d with norm merged in", CliRunner.Run("layers", "--model", model).AssertDone().Out);
    }

    [TestMethod]
    public void LayerOfAModuleThatIsCalledTwice_IsTheFirst_WithANote()
    {
        using var folder = new TemporaryFolder();
        string model = WithModules(folder);
        string photo = TestImages.WritePng(folder["photo.png"]);
        string[] command = ["saliency", photo, "--model", model, "--method", "gradcam,layercam", "--out", folder["out"], "--layer"];

        CliResult two = CliRunner.Run([.. command, "relu"]).AssertDone(), one = CliRunner.Run([.. command, "features"]).AssertDone();

        const string Note = "relu is called 2 times: relu, relu_1; taken is the first, relu";
        Assert.AreEqual(2, two.Error.Split(Note).Length, "said once");
        Assert.DoesNotContain("is called", one.Error);
    }

    /// <summary>The tiny model with its two ReLUs as two calls of one, a merged batch norm, and a module.</summary>
    private static string WithModules(TemporaryFolder folder)
    {
        string path = folder["model"];
        Directory.CreateDirectory(path);
        foreach (string file in Directory.GetFiles(TinyModel.Folder))
        {
            File.Copy(file, Path.Combine(path, Path.GetFileName(file)));
        }

        string json = Path.Combine(path, "model.json");
        string text = File.ReadAllText(json).Replace("\"features.1\"", "\"relu\"", StringComparison.Ordinal)
            .Replace("\"features.4\"", "\"relu_1\"", StringComparison.Ordinal);
        JsonObject document = JsonNode.Parse(text)!.AsObject();
        JsonArray nodes = document["architecture"]!.AsArray();
        JsonNode relu = nodes.Single(n => (string)n!["name"]! == "relu_1")!;
        relu["inputs"] = new JsonArray("norm");
        nodes.Insert(relu.GetElementIndex(), new JsonObject
        {
            ["name"] = "norm",
            ["layer"] = new JsonObject { ["kind"] = "identity" },
            ["inputs"] = new JsonArray("features.3"),
            ["tensors"] = new JsonArray(),
        });
        File.WriteAllText(json, document.ToJsonString());
        return path;
    }
}
