using System.Text.Json;
using Interp.Engine.Common;
using Interp.Engine.Graph;
using Interp.Engine.Tensors;
using Interp.Tests.Support;
using Interp.Tests.Weights.Lowering;
using Interp.Weights;
using Interp.Weights.Graphs;
using Interp.Weights.Lowering;

namespace Interp.Tests.Weights.Keras;

/// <summary>Models that Keras 2.15 and 3.15 saved, which lie beside the repository.</summary>
[TestClass]
public class SharedKerasTests
{
    public TestContext TestContext { get; set; } = null!;

    [TestMethod]
    [DataRow("keras", "net.keras")]
    [DataRow("keras", "net.h5")]
    [DataRow("keras2", "net-keras2.keras")]
    [DataRow("keras2", "net-keras2.h5")]
    public void Open_Networks_GiveKerasScores(string family, string file)
    {
        string[] folders = Directory.GetDirectories(SharedFolder.Find($"fixtures/{family}"));
        Assert.HasCount(5, folders);
        foreach (string folder in folders)
        {
            KerasFixture.Matches(folder, file);
        }
    }

    [TestMethod]
    [DataRow("keras", "net.keras")]
    [DataRow("keras", "net.h5")]
    [DataRow("keras2", "net-keras2.keras")]
    [DataRow("keras2", "net-keras2.h5")]
    public void Import_Networks_GiveKerasLogitsAndGradient(string family, string file)
    {
        foreach (string folder in Directory.GetDirectories(SharedFolder.Find($"fixtures/{family}")))
        {
            Imports(folder, file, "logits.npy", KerasFixture.Tolerance);
        }
    }

    [TestMethod]
    public void Open_WeightsAlone_AreRefused()
    {
        foreach (string folder in Directory.GetDirectories(SharedFolder.Find("fixtures/keras")))
        {
            string path = Path.Combine(folder, "net.weights.h5");
            Errors.Of<ModelException>(() => GraphFormats.Open(path), "weights", "model.save('net.keras')");
        }
    }

    [TestMethod]
    public void Open_ReportedKinds_GiveKerasScoresOrAreRefused()
    {
        string[] folders = Reported();
        Assert.HasCount(15, folders);
        foreach (string folder in folders)
        {
            JsonElement answers = Answers(folder);
            string file = answers.GetProperty("file").GetString()!;
            if (answers.GetProperty("expect").GetString() == "refused")
            {
                Errors.Of<ModelException>(() => GraphFormats.Open(Path.Combine(folder, file)),
                    answers.GetProperty("names")[0].GetString()!);
            }
            else
            {
                KerasFixture.Matches(folder, file, answers.GetProperty("tolerance").GetDouble());
            }
        }
    }

    [TestMethod]
    public void Import_ReportedKinds_GiveKerasScoresOrAreRefusedByName()
    {
        foreach (string folder in Reported())
        {
            JsonElement answers = Answers(folder);
            string expect = answers.GetProperty("expect").GetString()!;
            if (expect == "refused")
            {
                continue;
            }

            try
            {
                // Where a softmax at the end became a matter of the output, what is left are logits, and the gradient is of scores.
                bool hasLogits = File.Exists(Path.Combine(folder, "logits.npy"));
                Imports(folder, answers.GetProperty("file").GetString()!, hasLogits ? "logits.npy" : "scores.npy",
                    answers.GetProperty("tolerance").GetDouble(), checksGradient: !hasLogits);
            }
            catch (ModelException e) when (expect == "right or refused")
            {
                Assert.DoesNotContain('\n', e.Message);
                TestContext.WriteLine($"{Path.GetFileName(folder)}: {e.Message}");
            }
        }
    }

    [TestMethod]
    public void Open_WebPageCalledH5_IsRefused()
    {
        string path = SharedFolder.Find("fixtures/bugs/file-html-h5/net.h5");
        Errors.Of<ModelException>(() => ModelConverter.Convert(new(path, Path.Combine(Path.GetTempPath(), "interp-web-page"))), "web page");
    }

    private static string[] Reported() => [.. Directory.GetDirectories(SharedFolder.Find("fixtures/bugs"))
        .Where(f => Path.GetFileName(f) is ['k', '-', ..] or ['k', '2', '-', ..]).Order(StringComparer.Ordinal)];

    private static JsonElement Answers(string folder)
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "answers.json")));
        return document.RootElement.Clone();
    }

    private static void Imports(string folder, string file, string scores, double tolerance, bool checksGradient = true)
    {
        (_, float[] images) = Npy.Read(Path.Combine(folder, "input.npy"));
        (_, float[] expected) = Npy.Read(Path.Combine(folder, scores));
        int target = Answers(folder).GetProperty("target").GetInt32();
        using OperatorGraph graph = KerasFixture.Open(Path.Combine(folder, file));
        ImportedNetwork imported = GraphImporter.Import(graph, new ImportOptions());
        Network network = PlanRun.Build(imported);
        (float[] found, float[] gradient) = PlanRun.Run(network, imported.Height, imported.Width, images,
            logits => [.. logits.Select((_, i) => i == target ? 1f : 0)]);
        string where = $"{Path.GetFileName(folder)}/{file}";
        Assert.IsLessThan(tolerance, PlanRun.Distance(found, expected), where);
        if (checksGradient)
        {
            (_, float[] slope) = Npy.Read(Path.Combine(folder, "grad.npy"));
            Assert.IsLessThan(10 * tolerance, PlanRun.Distance(gradient, slope), $"{where}: gradient");
        }
    }
}
