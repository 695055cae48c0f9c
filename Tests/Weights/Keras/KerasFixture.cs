using System.Text.Json;
using Interp.Engine.Tensors;
using Interp.Weights;
using Interp.Weights.Graphs;

namespace Interp.Tests.Weights.Keras;

/// <summary>A folder with a saved model, an input and what Keras answers to it.</summary>
internal static class KerasFixture
{
    /// <summary>Keras's own rounding to float32, a few layers deep.</summary>
    internal const double Tolerance = 1e-5;

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
    internal static Block<double> Array(string folder, string name)
    {
        (Shape shape, float[] values) = Npy.Read(Path.Combine(folder, name));
        return new([.. Enumerable.Range(0, shape.Rank).Select(i => shape[i])], [.. values.Select(v => (double)v)]);
    }

    /// <summary>The graph of a file gives the folder's scores for the folder's input.</summary>
    internal static void Matches(string folder, string file, double tolerance = Tolerance)
    {
        using OperatorGraph graph = Open(Path.Combine(folder, file));
        Block<double> expected = Array(folder, "scores.npy");
        Block<double> found = PlainGraph.Run(graph, Array(folder, "input.npy"));
        CollectionAssert.AreEqual(expected.Shape, found.Shape);
        double error = Math.Sqrt(found.Values.Zip(expected.Values, (a, b) => (a - b) * (a - b)).Sum());
        double size = Math.Sqrt(expected.Values.Sum(v => v * v));
        Assert.IsLessThan(tolerance * size, error, $"{folder}/{file}: {error / size:E2}");
    }

    /// <summary>What a folder's answers say.</summary>
    internal static JsonElement Answers(string folder)
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "answers.json")));
        return document.RootElement.Clone();
    }
}
