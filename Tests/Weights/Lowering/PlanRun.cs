using Interp.Engine.Backends;
using Interp.Engine.Graph;
using Interp.Engine.Layers;
using Interp.Engine.Reference;
using Interp.Engine.Rules;
using Interp.Engine.Tensors;
using Interp.Weights.Formats;
using Interp.Weights.Lowering;
using Interp.Weights.Plans;

namespace Interp.Tests.Weights.Lowering;

/// <summary>Runs planned networks in float64, on weights rounded to float32 as a model folder stores them.</summary>
internal static class PlanRun
{
    /// <summary>All values of a parameter.</summary>
    internal static float[] Values(TensorRecipe recipe, WeightSource source)
    {
        var values = new double[recipe.Shape.Count];
        recipe.Read(source, 0, values);
        return Array.ConvertAll(values, v => (float)v);
    }

    /// <summary>The network of a plan; its output may have any shape.</summary>
    internal static Network Build(ImportedNetwork imported)
    {
        ModelPlan plan = imported.Plan;
        var builder = new NetworkBuilder(((Input)plan.Nodes[0].Layer).Channels);
        foreach (PlannedNode node in plan.Nodes.Skip(1))
        {
            builder.Add(node.Name, node.Layer, node.Inputs.AsSpan(),
                [.. node.Tensors.Select(t => Weight.FromValues(t.Name, t.Shape, Values(t, NoSource.Instance)))]);
        }

        return builder.BuildPart("imported", (imported.Height, imported.Width));
    }

    /// <summary>The outputs of a batch, and the gradient of a sum of its first image's outputs.</summary>
    /// <param name="network">The network.</param>
    /// <param name="height">Height of the images.</param>
    /// <param name="width">Width of the images.</param>
    /// <param name="images">The images.</param>
    /// <param name="seed">The weights of the sum, from the outputs of the first image.</param>
    internal static (float[] Scores, float[] Gradient) Run(
        Network network, int height, int width, float[] images, Func<float[], float[]> seed)
    {
        int batch = images.Length / (network.InputChannels * height * width);
        using Session session = new ReferenceBackend().Open(network, new SessionOptions { Batch = batch, Height = height, Width = width });
        session.Forward(images);
        float[] scores = session.Logits();
        int each = scores.Length / batch;
        var gradient = new float[scores.Length];
        seed(scores[..each]).CopyTo(gradient, 0);
        session.Backward(ReluRules.Vanilla, default, new Seed(network.Output, gradient));
        return (scores, session.InputGradient()[..(images.Length / batch)]);
    }

    /// <summary>‖a − b‖ / ‖b‖.</summary>
    internal static double Distance(ReadOnlySpan<float> found, ReadOnlySpan<float> expected)
    {
        double difference = 0, size = 0;
        for (int i = 0; i < expected.Length; i++)
        {
            double d = found[i] - (double)expected[i];
            difference += d * d;
            size += (double)expected[i] * expected[i];
        }

        return found.Length == expected.Length ? Math.Sqrt(difference / Math.Max(size, 1e-300)) : double.PositiveInfinity;
    }
}
