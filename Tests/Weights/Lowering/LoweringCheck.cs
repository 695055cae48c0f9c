using Interp.Engine.Layers;
using Interp.Engine.Graph;
using Interp.Engine.Models;
using Interp.Weights.Graphs;
using Interp.Weights.Lowering;
using Interp.Weights.Plans;

namespace Interp.Tests.Weights.Lowering;

/// <summary>Lowers graphs, and compares the networks with what the graphs compute.</summary>
internal static class LoweringCheck
{
    /// <summary>The network of a graph computes what the graph does.</summary>
    internal static ImportedNetwork Same(OperatorGraph graph, bool last = false)
    {
        ImportedNetwork imported = GraphImporter.Import(graph, new ImportOptions());
        Same(graph, imported, last);
        return imported;
    }

    /// <summary>A network computes what its graph does.</summary>
    internal static void Same(OperatorGraph graph, ImportedNetwork imported, bool channelsLast = false)
    {
        Network network = PlanRun.Build(imported);
        int batch = (int)(graph.Inputs[0].Shape!.Value[0] ?? 2), channels = network.InputChannels;
        var random = new Random(7);
        int count = batch * channels * imported.Height * imported.Width;
        float[] images = [.. Enumerable.Range(0, count).Select(_ => 4 * random.NextSingle() - 2)];
        float[] found = PlanRun.Scores(network, images);
        if (imported.Activation == OutputActivation.Sigmoid)
        {
            found = Array.ConvertAll(OutputActivation.Sigmoid.Probabilities(found), p => (float)p);
        }

        double[] values = Array.ConvertAll(channelsLast ? ChannelsLast(images, batch, channels) : images, v => (double)v);
        System.Collections.Immutable.ImmutableArray<int> shape = channelsLast
            ? [batch, imported.Height, imported.Width, channels] : [batch, channels, imported.Height, imported.Width];
        Block<double> expected = GraphOracle.Run(graph, new(shape, values), graph.Outputs[0].Name, logits: true);

        Assert.HasCount(expected.Values.Length, found);
        double distance = PlanRun.Distance(found, Array.ConvertAll(expected.Values, v => (float)v));

        // Parameters are rounded to float32, and some are merged: 2^-24 each, in up to ten layers.
        Assert.IsLessThan(1e-5, distance, $"{Show(graph)}\n{Kinds(imported)}");
    }

    private static string Show(OperatorGraph graph) => string.Join('\n', graph.Nodes.Select(n =>
        $"{n.Outputs[0]} = {n.Operator}({string.Join(", ", n.Inputs)}) in {n.Module}"));

    /// <summary>The kinds of a network's layers, in order.</summary>
    internal static string Kinds(ImportedNetwork imported) => string.Join(' ', imported.Plan.Nodes.Skip(1).Select(n => n.Layer.Kind));

    /// <summary>The names of a network's layers, in order.</summary>
    internal static string Names(ImportedNetwork imported) => string.Join(' ', imported.Plan.Nodes.Skip(1).Select(n => n.Name));

    /// <summary>The layer of that name.</summary>
    internal static Layer Find(ImportedNetwork imported, string name) => imported.Plan.Nodes.Single(n => n.Name == name).Layer;

    private static float[] ChannelsLast(float[] images, int batch, int channels)
    {
        int pixels = images.Length / batch / channels;
        var moved = new float[images.Length];
        for (int i = 0; i < images.Length; i++)
        {
            int image = i / (channels * pixels), channel = i / pixels % channels, pixel = i % pixels;
            moved[(image * pixels + pixel) * channels + channel] = images[i];
        }

        return moved;
    }
}
