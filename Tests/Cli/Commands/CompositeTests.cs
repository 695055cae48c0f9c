using System.Text.Json;
using Interp.Cli;
using Interp.Tests.Cli.Support;
using Interp.Tests.Support;

namespace Interp.Tests.Cli.Commands;

/// <summary><c>--composite FILE</c>.</summary>
[TestClass]
public sealed class CompositeTests
{
    private const string Rules = """
        // The tiny model, layer by layer.
        { "rules": [
            { "first": "conv2d", "rule": "z-box" },
            { "name": "features.*", "rule": "gamma" },
            { "kind": "linear", "rule": "epsilon", "epsilon": 0.25 }, ] }
        """;

    [TestMethod]
    public void Saliency_FileOfRules_IsRecordedAndMadeAgainWhenItChanges()
    {
        using var scratch = new TemporaryFolder();
        string image = TestImages.WritePng(scratch["cat.png"]), file = scratch["mine.json"];
        File.WriteAllText(file, Rules);

        CliResult first = Explain(scratch, image, "--composite", file, "--gamma", "0.5").AssertDone();

        Assert.AreEqual("", first.Error.Split('\n').FirstOrDefault(l => l.Contains("no effect", StringComparison.Ordinal)) ?? "");
        JsonElement m = JsonDocument.Parse(File.ReadAllText(scratch["out", "cat", "lrp", "manifest.json"])).RootElement;
        Assert.AreEqual(
            """{"rules":[{"first":"conv2d","rule":"z-box"},{"name":"features.*","rule":"gamma"},"""
            + """{"kind":"linear","rule":"epsilon","epsilon":0.25}]}""",
            m.GetProperty("options").GetProperty("composite").GetString());
        Assert.AreEqual(
            "z-box: features.0; gamma(0.5): features.3; epsilon(0.25): classifier.0, classifier.3",
            m.GetProperty("facts").GetProperty("rules").GetString());
        Assert.Contains("1 of 1 results were there", Explain(scratch, image, "--composite", file, "--gamma", "0.5").Error);

        File.WriteAllText(file, Rules.Replace("layer by layer", "another comment"));
        Assert.Contains("1 of 1 results were there", Explain(scratch, image, "--composite", file, "--gamma", "0.5").Error);

        File.WriteAllText(file, Rules.Replace("0.25", "0.5"));
        Assert.DoesNotContain("were there", Explain(scratch, image, "--composite", file, "--gamma", "0.5").AssertDone().Error);
    }

    [TestMethod]
    [DataRow("'kind': 'conv2d', 'rule': 'gamma', 'gama': 1", "rule 1: unknown field \"gama\"")]
    [DataRow("'kind': 'conv3d', 'rule': 'gamma'", "composite mine.json, rule 1 (kind conv3d: gamma(0.25)): selects no layer of tiny")]
    [DataRow("'kind': 'conv2d', 'rule': 'gamma'", "composite mine.json: no rule takes layer 'classifier.3' (linear)")]
    public void Saliency_FileThatDoesNotFit_IsOneErrorBeforeAnyImage(string rule, string expected)
    {
        using var scratch = new TemporaryFolder();
        string file = scratch["mine.json"];
        File.WriteAllText(file, $"{{ \"rules\": [ {{ {rule.Replace('\'', '"')} }} ] }}");

        Explain(scratch, TestImages.WritePng(scratch["cat.png"]), "--composite", file).AssertFailed(ExitCodes.Usage, expected);

        Assert.IsFalse(File.Exists(scratch["out", "cat", "lrp", "manifest.json"]));
    }

    [TestMethod]
    public void Evaluate_FileOfRules_IsAnOptionAsOthers()
    {
        using var scratch = new TemporaryFolder();
        string image = TestImages.WritePng(scratch["cat.png"]), file = scratch["mine.json"];
        File.WriteAllText(file, Rules);
        string[] args =
            ["evaluate", image, "--model", TinyModel.Folder, "--out", scratch["out"], "--method", "lrp", "--metrics", "sparseness"];

        CliRunner.Run([.. args, "--composite", file]).AssertDone();

        File.WriteAllText(file, """{ "rules": [ { "name": "nowhere", "rule": "flat" } ] }""");
        CliRunner.Run([.. args, "--composite", file])
            .AssertFailed(ExitCodes.Usage, "composite mine.json, rule 1 (name nowhere: flat): selects no layer");
        CliRunner.Run([.. args, "--composite", scratch["none.json"]])
            .AssertFailed(ExitCodes.Usage, "--composite", "none.json", "or a JSON file of rules; there is no such file");
    }

    [TestMethod]
    public void Methods_Lrp_ExplainsFilesAndRules()
    {
        string text = CliRunner.Run("methods", "lrp").AssertDone().Out;

        string words = string.Join(' ', text.Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries));
        string[] parts =
        [
            "--composite NAME|FILE", "or a JSON file of rules", "A composite file:", "each layer follows the first rule", "\"base\"",
            "w-square R_i = Σ_j w_ij²",
        ];
        foreach (string part in parts)
        {
            Assert.Contains(part, words);
        }
    }

    private static CliResult Explain(TemporaryFolder scratch, string image, params string[] args) =>
        CliRunner.Run(["saliency", image, "--method", "lrp", .. args, "--model", TinyModel.Folder, "--out", scratch["out"]]);
}
