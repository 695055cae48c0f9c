using System.Text.Json;
using Interp.Tests.Cli.Support;

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
}
