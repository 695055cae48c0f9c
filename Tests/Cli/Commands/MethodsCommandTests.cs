using System.Text.Json;
using Interp.Engine.Attribution;
using Interp.Tests.Cli.Support;

namespace Interp.Tests.Cli.Commands;

[TestClass]
public sealed class MethodsCommandTests
{
    [TestMethod]
    public void Json_ListsTheCatalogWithOptions()
    {
        JsonElement[] methods = [.. CliRunner.Run("methods", "--json").AssertDone().Json.EnumerateArray()];

        CollectionAssert.AreEqual(AttributionCatalog.All.Names.ToArray(), methods.Select(m => m.GetProperty("name").GetString()).ToArray());
        JsonElement guided = methods.Single(m => m.GetProperty("name").GetString() == "guided");
        JsonElement rule = guided.GetProperty("options")[0];
        Assert.AreEqual("relu-rule", rule.GetProperty("name").GetString());
        Assert.AreEqual("guided", rule.GetProperty("default").GetString());
        Assert.AreEqual(3, rule.GetProperty("choices").GetArrayLength());
        Assert.AreEqual("channels", guided.GetProperty("kind").GetString());
    }

    [TestMethod]
    public void Table_HasALineForEachMethod()
    {
        string text = CliRunner.Run("methods").AssertDone().Out;

        foreach (AttributionMethod method in AttributionCatalog.All)
        {
            Assert.Contains(method.Title, text);
        }
    }
}
