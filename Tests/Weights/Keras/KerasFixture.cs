using System.IO.Compression;
using System.Text.Json.Nodes;
using Interp.Engine.Tensors;
using Interp.Tests.Support;
using Interp.Tests.Weights.Formats;
using Interp.Tests.Weights.Lowering;
using Interp.Weights;
using Interp.Weights.Graphs;

namespace Interp.Tests.Weights.Keras;

/// <summary>
/// Saved models with an input and what Keras answers to it. In the repository: <c>saved</c>, by Keras 2.15 and 3.15, random weights, and
/// what scripts/make_keras_fixtures.py wrote, <c>made</c> and <c>hdf5</c>.
/// </summary>
internal static class KerasFixture
{
    private const string Configuration = "config.json";

    /// <summary>The path of a file that is in the repository.</summary>
    internal static string PathOf(params ReadOnlySpan<string> parts) =>
        Path.Combine([AppContext.BaseDirectory, "Fixtures", "keras", .. parts]);

    /// <summary>Opens a model through the catalog of formats.</summary>
    internal static OperatorGraph Open(string path)
    {
        OperatorGraph? graph = GraphFormats.Open(path);
        Assert.IsNotNull(graph, path);
        return graph;
    }

    /// <summary>An array of a folder, in the order of a graph: images with their channels first.</summary>
    private static Block<double> Array(FixtureFolder folder, string name)
    {
        (Shape shape, float[] values) = folder.Array(name);
        return new([.. Enumerable.Range(0, shape.Rank).Select(i => shape[i])], [.. values.Select(v => (double)v)]);
    }

    /// <summary>The graph of a file gives the folder's scores for the folder's input, each operator computed as ONNX defines it.</summary>
    internal static void Matches(FixtureFolder folder, string file)
    {
        using OperatorGraph graph = Open(folder[file]);
        Block<double> expected = Array(folder, "scores");
        Block<double> found = GraphOracle.Run(graph, Array(folder, "input"), graph.Outputs.Single().Name);
        CollectionAssert.AreEqual(expected.Shape, found.Shape);
        double error = Math.Sqrt(found.Values.Zip(expected.Values, (a, b) => (a - b) * (a - b)).Sum());
        double size = Math.Sqrt(expected.Values.Sum(v => v * v));
        Assert.IsLessThan(folder.Tolerance * size, error, $"{folder}/{file}: {error / size:E2}");
    }

    /// <summary>A .keras file with its configuration changed.</summary>
    internal static ScratchFile Edited(string path, Action<JsonNode> edit) => Rewritten(path, Configuration, text =>
    {
        JsonNode root = JsonNode.Parse(text)!;
        edit(root);
        return root.ToJsonString();
    });

    /// <summary>A .keras file with one of its texts changed; left out where it becomes null.</summary>
    internal static ScratchFile Rewritten(
        string path, string entry, Func<string, string?> edit, CompressionLevel level = CompressionLevel.NoCompression)
    {
        using var stream = new MemoryStream();
        using (ZipArchive from = ZipFile.OpenRead(path))
        using (var to = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (ZipArchiveEntry old in from.Entries)
            {
                using Stream content = old.Open();
                using var bytes = new MemoryStream();
                content.CopyTo(bytes);
                string? text = old.Name == entry ? edit(System.Text.Encoding.UTF8.GetString(bytes.ToArray())) : "";
                if (text is not null)
                {
                    using Stream target = to.CreateEntry(old.FullName, level).Open();
                    target.Write(old.Name == entry ? System.Text.Encoding.UTF8.GetBytes(text) : bytes.ToArray());
                }
            }
        }

        return new ScratchFile(stream.ToArray(), "net.keras");
    }

    /// <summary>The settings of a layer in a configuration.</summary>
    internal static JsonObject Layer(JsonNode root, string name) =>
        root["config"]!["layers"]!.AsArray().Single(l => (string?)l!["config"]!["name"] == name)!.AsObject();
}
