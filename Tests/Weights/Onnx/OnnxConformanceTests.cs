using Interp.Engine.Backends;
using Interp.Engine.Common;
using Interp.Engine.Graph;
using Interp.Engine.Models;
using Interp.Engine.Reference;
using Interp.Tests.Support;
using Interp.Tests.Weights.Lowering;
using Interp.Weights.Graphs;
using Interp.Weights.Lowering;
using Interp.Weights.Onnx;

namespace Interp.Tests.Weights.Onnx;

/// <summary>
/// ONNX's own test models (Debian's package libonnx-testdata, or the folder that <c>scripts/fetch_onnx_testdata</c> makes): each computes
/// what it should, or is refused in one line. All inputs but the first, which is the image, are made constants, as an exporter has them.
/// </summary>
[TestClass]
public sealed class OnnxConformanceTests
{
    /// <summary>The bounds of ONNX's own test runner.</summary>
    private const double Relative = 1e-3, Absolute = 1e-7;

    public TestContext TestContext { get; set; } = null!;

    [TestMethod]
    public void Models_AreRightOrRefused_NoneIsWrong()
    {
        using var folder = new TemporaryFolder();
        var reasons = new SortedDictionary<string, int>(StringComparer.Ordinal);
        var wrong = new List<string>();
        int right = 0, refused = 0;
        foreach (string model in Directory.EnumerateFiles(Data(), "model.onnx", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            string name = Path.GetFileName(Path.GetDirectoryName(model)!);
            try
            {
                double distance = Distance(model, folder);
                right += distance <= 1 ? 1 : 0;
                if (!(distance <= 1))
                {
                    wrong.Add($"{name}: {distance:g3} times the bound");
                }
            }
            catch (ModelException e)
            {
                refused++;
                Assert.DoesNotContain('\n', e.Message, name);
                string reason = e.Message[(e.Message.IndexOf(": ", StringComparison.Ordinal) + 2)..].Split([' ', ',', '(', '\''])[0];
                reasons[reason] = reasons.GetValueOrDefault(reason) + 1;
            }
        }

        TestContext.WriteLine($"ONNX's test models: {right} right, {refused} refused, {wrong.Count} wrong; refusals begin with "
            + string.Join(", ", reasons.OrderByDescending(r => r.Value).Take(8).Select(r => $"{r.Key} {r.Value}")));
        Assert.IsEmpty(wrong, string.Join('\n', wrong));
        Assert.IsGreaterThan(30, right);
    }

    /// <summary>The largest difference of the first output, in units of what ONNX's runner allows.</summary>
    private static double Distance(string model, TemporaryFolder folder)
    {
        string data = Path.Combine(Path.GetDirectoryName(model)!, "test_data_set_0");
        string[] names;
        using (OperatorGraph asIs = new OnnxFormat().Open(model))
        {
            names = [.. asIs.Inputs.Select(i => i.Name)];
        }

        byte[] whole = File.ReadAllBytes(model);
        for (int i = 1; i < names.Length; i++)
        {
            whole = [.. whole, .. Initializer(Path.Combine(data, $"input_{i}.pb"), names[i])];
        }

        string bound = folder["bound.onnx"];
        File.WriteAllBytes(bound, whole);
        using OperatorGraph graph = new OnnxFormat().Open(bound);
        ImportedNetwork imported = GraphImporter.Import(graph, new ImportOptions { Output = graph.Outputs[0].Name });
        Network network = PlanRun.Build(imported);
        float[] images = Values(Path.Combine(data, "input_0.pb"), folder);
        int batch = images.Length / (network.InputChannels * imported.Height * imported.Width);
        using var backend = new ReferenceBackend();
        var options = new SessionOptions { Batch = batch, Height = imported.Height, Width = imported.Width, Backward = false };
        using Session session = backend.Open(network, options);
        session.Forward(images);
        float[] found = Ended(session.Logits(), imported.Activation, batch, graph.Nodes[^1].Operator == "LogSoftmax");
        float[] expected = Values(Path.Combine(data, "output_0.pb"), folder);
        return found.Length != expected.Length ? double.PositiveInfinity
            : found.Zip(expected).Max(p => p.First.Equals(p.Second) ? 0
                : Math.Abs(p.First - (double)p.Second) / (Absolute + Relative * Math.Abs((double)p.Second)));
    }

    /// <summary>What stands behind the logits in the file.</summary>
    private static float[] Ended(float[] logits, OutputActivation? activation, int batch, bool logarithm) => activation is null ? logits
        : [.. logits.Chunk(logits.Length / batch).SelectMany(row =>
            activation.Probabilities(row).Select(p => (float)(logarithm ? Math.Log(p) : p)))];

    /// <summary>Fields of a model that add a constant to its graph: protobuf merges messages that come twice.</summary>
    private static byte[] Initializer(string file, string name)
    {
        byte[] tensor = [.. File.ReadAllBytes(file), .. new Proto().Blob(8, System.Text.Encoding.UTF8.GetBytes(name)).Bytes];
        return new Proto().Blob(7, new Proto().Blob(5, tensor).Bytes).Bytes;
    }

    /// <summary>The values of a stored tensor, by a model whose only constant it is.</summary>
    private static float[] Values(string file, TemporaryFolder folder)
    {
        byte[] head = new Proto().Varint(1, 8).Blob(8, new Proto().Varint(2, 17).Bytes).Bytes;
        byte[] t = "t"u8.ToArray(), y = "y"u8.ToArray();
        byte[] identity = new Proto().Blob(1, t).Blob(2, y).Blob(4, "Identity"u8).Bytes;
        Proto copy = new Proto().Blob(1, identity).Blob(12, new Proto().Blob(1, y).Bytes);
        string path = folder["tensor.onnx"];
        File.WriteAllBytes(path, [.. head, .. new Proto().Blob(7, copy.Bytes).Bytes, .. Initializer(file, "t")]);
        using OperatorGraph graph = new OnnxFormat().Open(path);
        return Array.ConvertAll(graph.Constants["t"].Read(), v => (float)v);
    }

    private static string Data()
    {
        string own = Environment.GetEnvironmentVariable("INTERP_ONNX_TESTDATA") ?? "";
        string[] places = [own, "/usr/share/libonnx-testdata", Repository.PathOf("artifacts", "onnx-testdata")];
        if (places.FirstOrDefault(p => p.Length > 0 && Directory.Exists(p)) is { } found)
        {
            return found;
        }

        Assert.Inconclusive("ONNX's test models are not here: scripts/fetch_onnx_testdata fetches them");
        return "";
    }
}
