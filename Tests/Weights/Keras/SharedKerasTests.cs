using System.Text.Json;
using Interp.Engine.Common;
using Interp.Tests.Support;
using Interp.Weights;

namespace Interp.Tests.Weights.Keras;

/// <summary>Models that Keras 2.15 and 3.15 saved, which lie beside the repository.</summary>
[TestClass]
public class SharedKerasTests
{
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
    public void Open_WeightsAlone_AreRefused()
    {
        foreach (string folder in Directory.GetDirectories(SharedFolder.Find("fixtures/keras")))
        {
            Errors.Of<ModelException>(() => GraphFormats.Open(Path.Combine(folder, "net.weights.h5")), "weights", "model.save('net.keras')");
        }
    }

    [TestMethod]
    public void Open_ReportedKinds_GiveKerasScoresOrAreRefused()
    {
        string[] folders = [.. Directory.GetDirectories(SharedFolder.Find("fixtures/bugs")).Where(f => Path.GetFileName(f)
            is ['k', '-', ..] or ['k', '2', '-', ..])];
        Assert.HasCount(15, folders);
        foreach (string folder in folders)
        {
            JsonElement answers = KerasFixture.Answers(folder);
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
    public void Open_WebPageCalledH5_IsRefused() =>
        Errors.Of<ModelException>(() => ModelConverter.Convert(new(SharedFolder.Find("fixtures/bugs/file-html-h5/net.h5"),
            Path.Combine(Path.GetTempPath(), "interp-web-page"))), "web page");
}
