using System.Text.Json;
using Interp.Engine.Common;
using Interp.Engine.Graph;
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
        FixtureFolder[] folders = FixtureFolder.Shared($"fixtures/{family}");
        Assert.HasCount(5, folders);
        foreach (FixtureFolder folder in folders)
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
        foreach (FixtureFolder folder in FixtureFolder.Shared($"fixtures/{family}"))
        {
            Imports(folder, file, "logits");
        }
    }

    [TestMethod]
    public void Open_WeightsAlone_AreRefused()
    {
        foreach (FixtureFolder folder in FixtureFolder.Shared("fixtures/keras"))
        {
            string path = folder["net.weights.h5"];
            Errors.Of<ModelException>(() => GraphFormats.Open(path), "weights", "model.save('net.keras')");
        }
    }

    [TestMethod]
    public void Open_ReportedKinds_GiveKerasScoresOrAreRefused()
    {
        FixtureFolder[] folders = Reported();
        Assert.HasCount(15, folders);
        foreach (FixtureFolder folder in folders)
        {
            JsonElement answers = folder.Answers;
            string file = answers.GetProperty("file").GetString()!;
            if (answers.GetProperty("expect").GetString() == "refused")
            {
                Errors.Of<ModelException>(() => GraphFormats.Open(folder[file]),
                    answers.GetProperty("names")[0].GetString()!);
            }
            else
            {
                KerasFixture.Matches(folder, file);
            }
        }
    }

    [TestMethod]
    public void Import_ReportedKinds_GiveKerasScoresOrAreRefusedByName()
    {
        foreach (FixtureFolder folder in Reported())
        {
            string expect = folder.Answers.GetProperty("expect").GetString()!;
            if (expect == "refused")
            {
                continue;
            }

            try
            {
                // Where a softmax at the end became a matter of the output, what is left are logits, and the gradient is of scores.
                bool hasLogits = folder.Has("logits");
                string file = folder.Answers.GetProperty("file").GetString()!;
                Imports(folder, file, hasLogits ? "logits" : "scores", checksGradient: !hasLogits);
            }
            catch (ModelException e) when (expect == "right or refused")
            {
                Assert.DoesNotContain('\n', e.Message);
                TestContext.WriteLine($"{folder.Name}: {e.Message}");
            }
        }
    }

    [TestMethod]
    public void Open_WebPageCalledH5_IsRefused()
    {
        string path = SharedFolder.Find("fixtures/bugs/file-html-h5/net.h5");
        Errors.Of<ModelException>(() => ModelConverter.Convert(new(path, Path.Combine(Path.GetTempPath(), "interp-web-page"))), "web page");
    }

    private static FixtureFolder[] Reported() =>
        [.. FixtureFolder.Shared("fixtures/bugs").Where(f => f.Name is ['k', '-', ..] or ['k', '2', '-', ..])];

    private static void Imports(FixtureFolder folder, string file, string scores, bool checksGradient = true)
    {
        using OperatorGraph graph = KerasFixture.Open(folder[file]);
        Network network = PlanRun.Build(GraphImporter.Import(graph, new ImportOptions()));
        PlanRun.Matches(folder, network, scores, folder.Tolerance, checksGradient ? 10 * folder.Tolerance : null);
    }
}
