using System.Text.Json.Nodes;
using Interp.Engine.Common;
using Interp.Engine.Models;
using Interp.Tests.Support;
using Interp.Weights;
using Interp.Weights.Raw;

namespace Interp.Tests.Weights.Raw;

/// <summary>Fields of <c>model.json</c> that folders of older versions lack.</summary>
[TestClass]
public sealed class OptionalFieldTests
{
    [TestMethod]
    [DataRow(5, null, "softmax")]
    [DataRow(1, null, "sigmoid")]
    [DataRow(5, "\"sigmoid\"", "sigmoid")]
    [DataRow(1, "\"sigmoid\"", "sigmoid")]
    public void Open_Activation_IsTheWrittenOneOrThatOfOlderFolders(int outputs, string? written, string expected)
    {
        using var folder = new TemporaryFolder();
        ModelConverter.Convert(new("", folder["m"]), StateDicts.Tiny(outputs), null, CancellationToken.None);
        string file = folder["m", "model.json"];
        File.WriteAllText(file, RawFolder.Edited(File.ReadAllText(file), ["activation"], written));

        Assert.AreEqual(expected, RawModel.Open(folder["m"]).OutputActivation.Name);
        Assert.AreEqual(expected, RawModel.Info(folder["m"]).Activation.Name);
    }

    [TestMethod]
    public void Open_PreparationOfBeforeThereWasAChoice_IsTheUsualOne()
    {
        using var folder = new TemporaryFolder();
        string model = RawFolder.Make(folder);

        JsonNode written = JsonNode.Parse(File.ReadAllText(Path.Combine(model, "model.json")))!["preprocessing"]!;

        CollectionAssert.AreEqual(
            (string[])["resize_shorter_side", "mean", "deviation"], written.AsObject().Select(p => p.Key).ToArray(), "as in older folders");
        Assert.AreEqual(Preprocessing.ImageNet, RawModel.Open(model).Preprocessing);
    }

    [TestMethod]
    [DataRow("interpolation", "\"nearest\"", "expected bilinear or bicubic")]
    [DataRow("interpolation", "\"Bicubic\"", "expected bilinear or bicubic")]
    [DataRow("channel_order", "\"grb\"", "expected rgb or bgr")]
    [DataRow("stretch", "\"yes\"", "stretch")]
    [DataRow("resize_shorter_side", "223", "expected 224 to 16384")]
    [DataRow("scale", "1", "scale")]
    public void Open_UnknownPreparation_IsRefused(string field, string value, string message)
    {
        using var folder = new TemporaryFolder();
        string model = RawFolder.Make(folder);
        string file = Path.Combine(model, "model.json");
        File.WriteAllText(file, RawFolder.Edited(File.ReadAllText(file), ["preprocessing", field], value));

        Errors.Of<ModelException>(() => RawModel.Open(model), folder["tiny"], field, message);
    }

    [TestMethod]
    public void Open_SoftmaxOfOneOutput_IsRefused()
    {
        using var folder = new TemporaryFolder();
        ModelConverter.Convert(new("", folder["m"]), StateDicts.Tiny(1), null, CancellationToken.None);
        string file = folder["m", "model.json"];
        File.WriteAllText(file, RawFolder.Edited(File.ReadAllText(file), ["activation"], "\"softmax\""));

        Errors.Of<ModelException>(() => RawModel.Open(folder["m"]), folder["m"], "softmax", "always 1", "expected sigmoid");
    }

    [TestMethod]
    public void Open_ModelOfBeforeAssumptionsWereKept_IsTheSame()
    {
        using var folder = new TemporaryFolder();
        string model = RawFolder.Make(folder);
        string file = Path.Combine(model, "model.json");
        JsonObject json = JsonNode.Parse(File.ReadAllText(file))!.AsObject();
        Assert.IsNotEmpty(RawModel.Info(model).Assumptions);
        Assert.IsTrue(json.Remove("assumptions"));
        File.WriteAllText(file, json.ToJsonString());

        Assert.IsEmpty(RawModel.Info(model).Assumptions);
        Assert.AreEqual(5, RawModel.Open(model).Classes);
    }

    [TestMethod]
    [DataRow("[\"a\\nb\"]")]
    [DataRow("[null]")]
    [DataRow("[\"\"]")]
    [DataRow("[1]")]
    [DataRow("\"a\"")]
    public void Open_AssumptionsThatAreNoLines_AreRefused(string value)
    {
        using var folder = new TemporaryFolder();
        string model = RawFolder.Make(folder);
        string file = Path.Combine(model, "model.json");
        JsonObject json = JsonNode.Parse(File.ReadAllText(file))!.AsObject();
        json["assumptions"] = JsonNode.Parse(value);
        File.WriteAllText(file, json.ToJsonString());

        Errors.Of<ModelException>(() => RawModel.Open(model), "assumptions");
    }
}
