using Interp.Engine.Attribution;
using Interp.Engine.Cpu;
using Interp.Engine.Graph;
using Interp.Engine.Imaging;
using Interp.Engine.Layers;
using Interp.Engine.Models;
using Interp.Engine.Tensors;

namespace Interp.Tests.Engine.Attribution.Relevance;

/// <summary>Fully connected layers with ReLUs between them on an image of one pixel with three channels, small enough to write out every
/// product.</summary>
internal sealed class DenseNet
{
    /// <param name="input">The pixel, in network units.</param>
    /// <param name="layers">Each layer's weights, one row for each output, and biases.</param>
    public DenseNet(double[] input, params (double[][] Weights, double[] Biases)[] layers)
    {
        X = input;
        Layers = layers;
        NetworkBuilder builder = new NetworkBuilder(input.Length).Then("flat", new Flatten());
        for (int k = 0; k < layers.Length; k++)
        {
            (double[][] w, double[] b) = layers[k];
            builder.Then(
                $"fc{k}",
                new Linear(w[0].Length, w.Length),
                Weight.FromValues($"fc{k}.weight", new Shape(w.Length, w[0].Length), [.. w.SelectMany(row => row).Select(v => (float)v)]),
                Weight.FromValues($"fc{k}.bias", new Shape(w.Length), [.. b.Select(v => (float)v)]));
            if (k + 1 < layers.Length)
            {
                builder.Then($"relu{k}", new ReLU());
            }
        }

        Network = builder.Build("dense", new Preprocessing { InputSize = 1 });
    }

    public double[] X { get; }

    public (double[][] Weights, double[] Biases)[] Layers { get; }

    public Network Network { get; }

    /// <summary>Three inputs of both signs, four hidden units, two logits; halves and quarters, so that float32 holds all of it.</summary>
    public static DenseNet Sample() => new(
        [1.5, -0.75, 0.5],
        ([[1, 0.5, -1], [-0.5, -1.25, 0.75], [0.25, -2, 1.5], [-1, 0.5, 0.25]], [0.25, -0.5, 0.125, 0.5]),
        ([[1.5, -0.5, 0.75, 2], [-1, 0.25, 0.5, 1]], [-0.25, 0.5]));

    /// <summary>Every layer's inputs, and at last the logits.</summary>
    public double[][] Activations(double[] input)
    {
        var result = new List<double[]> { input };
        for (int k = 0; k < Layers.Length; k++)
        {
            double[] z = Outputs(k, result[k]);
            result.Add(k + 1 < Layers.Length ? [.. z.Select(v => Math.Max(v, 0))] : z);
        }

        return [.. result];
    }

    /// <summary>A layer's outputs before its ReLU.</summary>
    public double[] Outputs(int layer, double[] x) =>
        [.. Layers[layer].Weights.Zip(Layers[layer].Biases, (w, b) => b + w.Zip(x, (a, v) => a * v).Sum())];

    public AttributionResult Explain(string method, Target target, params string[] options)
    {
        using var backend = new CpuBackend(new CpuOptions { Threads = 1 });
        using var explainer = new Explainer(Network, backend);
        AttributionMethod m = AttributionCatalog.All.Find(method);
        var input = new NetworkInput("pixel", new RgbImage(1, 1, new byte[3]), [.. X.Select(v => (float)v)], "");
        return m.Explain(
            new AttributionRequest(explainer, input, target, m.Configure(options.Chunk(2).ToDictionary(o => o[0], o => o[1]))));
    }
}
