using System.Text.Json;
using Interp.Cli;
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
    public void Table_StandsByFamilyWithTheCost()
    {
        string[] lines = CliRunner.Run("methods", "--model", TinyModel.Folder).AssertDone().Out.Split('\n');

        foreach (AttributionFamily family in AttributionCatalog.Families)
        {
            Assert.Contains(family.Title.ToUpperInvariant(), lines);
        }

        Assert.MatchesRegex(@"^smoothgrad +51 \+ 50 +SmoothGrad +",
            lines.Single(l => l.StartsWith("smoothgrad ", StringComparison.Ordinal)));
        Assert.DoesNotContain("rule-activations", lines.Single(l => l.StartsWith("vanilla ", StringComparison.Ordinal)));
        Assert.Contains("rule-activations=relu", lines.Single(l => l.StartsWith("guided ", StringComparison.Ordinal)));
        Assert.IsLessThan(180, lines.Max(l => l.Length), "fits a wide terminal");
    }

    [TestMethod]
    public void Named_AreDescribedInFull()
    {
        string text = CliRunner.Run("methods", "gradcam").AssertDone().Out;

        Assert.Contains("  --layer LAYER[,LAYER...]  layers whose maps are weighed", text);
        Assert.Contains("ReLU(Σ_k w_k A^k)", text);
        Assert.Contains("1610.02391", text);
        CliRunner.Run("methods", "gradcamm").AssertFailed(ExitCodes.Usage, "gradcamm");
    }

    [TestMethod]
    public void Named_AreInFullWithin80Columns()
    {
        foreach (AttributionMethod method in AttributionCatalog.All)
        {
            string text = CliRunner.Run("methods", method.Name).AssertDone().Out;
            string words = string.Join(' ', text.Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries));

            Assert.IsLessThanOrEqualTo(80, text.Split('\n').Max(l => l.Length), method.Name);
            foreach (string part in (string[])[method.Summary, method.Formula, method.Paper,
                .. method.Options.SelectMany(o => (string[])[$"--{o.Name}", o.Summary, o.Default])])
            {
                Assert.IsGreaterThan(0, part.Length, method.Name);
                Assert.Contains(string.Join(' ', part.Split(' ', StringSplitOptions.RemoveEmptyEntries)), words, method.Name);
            }
        }
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
