using Interp.Engine.Backends;
using Interp.Engine.Graph;
using Interp.Engine.Layers;
using Interp.Engine.Reference;
using Interp.Engine.Rules;
using Interp.Engine.Tensors;
using Interp.Tests.Support;
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
        var builder = new NetworkBuilder(plan.Channels);
        foreach (PlannedNode node in plan.Nodes.Skip(1))
        {
            builder.Add(node.Name, node.Layer, node.Inputs.AsSpan(),
                [.. node.Tensors.Select(t => Weight.FromValues(t.Name, t.Shape, Values(t, NoSource.Instance)))]);
        }

        return builder.BuildPart("imported", (imported.Height, imported.Width));
    }

    /// <summary>The outputs of a batch.</summary>
    internal static float[] Scores(Network network, float[] images)
    {
        using Session session = Open(network, images);
        return session.Logits();
    }

    /// <summary>The outputs of a batch, and the gradient of one of its first image's.</summary>
    internal static (float[] Scores, float[] Gradient) Run(Network network, float[] images, int target) =>
        Run(network, images, first => [.. first.Select((_, i) => i == target ? 1f : 0)]);

    /// <summary>The outputs of a batch, and the gradient of a sum of its first image's outputs.</summary>
    /// <param name="network">The network.</param>
    /// <param name="images">The images.</param>
    /// <param name="seed">The weights of the sum, from the outputs of the first image.</param>
    internal static (float[] Scores, float[] Gradient) Run(Network network, float[] images, Func<float[], float[]> seed)
    {
        using Session session = Open(network, images);
        int batch = session.Options.Batch;
        float[] scores = session.Logits();
        int each = scores.Length / batch;
        var gradient = new float[scores.Length];
        seed(scores[..each]).CopyTo(gradient, 0);
        session.Backward(ReluRules.Vanilla, default, new Seed(network.Output, gradient));
        return (scores, session.InputGradient()[..(images.Length / batch)]);
    }

    /// <summary>A network gives a folder's scores for its input, and the gradient of one of them where that has a bound.</summary>
    internal static void Matches(FixtureFolder folder, Network network, string scores, double bound, double? gradientBound)
    {
        (float[] found, float[] gradient) = Run(network, folder.Values("input"), gradientBound is null ? 0 : folder.Target);
        Assert.IsLessThan(bound, Distance(found, folder.Values(scores)), $"{folder}");
        if (gradientBound is { } most)
        {
            Assert.IsLessThan(most, Distance(gradient, folder.Values("grad")), $"{folder}: gradient");
        }
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

    private static Session Open(Network network, float[] images)
    {
        Shape image = network.OwnShapes[0];
        var options = new SessionOptions { Batch = images.Length / (int)image.Count, Height = image[2], Width = image[3] };
        Session session = new ReferenceBackend().Open(network, options);
        session.Forward(images);
        return session;
    }
}
