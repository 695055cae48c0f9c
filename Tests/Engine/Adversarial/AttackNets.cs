using Interp.Engine.Graph;
using Interp.Engine.Imaging;
using Interp.Engine.Layers;
using Interp.Engine.Models;
using Interp.Engine.Tensors;
using Interp.Tests.Support;

namespace Interp.Tests.Engine.Adversarial;

/// <summary>Networks of which an attack's answer can be written down.</summary>
internal static class AttackNets
{
    /// <summary>Logits W·x + b of pixels of a square RGB image, in units of 0…1.</summary>
    public static Network Linear(int size, int classes, float[] weights, float[]? bias = null, float deviation = 1) =>
        new NetworkBuilder(3).Then("flat", new Flatten()).Then(
            "linear", new Linear(3 * size * size, classes),
            Weight.FromValues("w", new Shape(classes, 3 * size * size), weights),
            Weight.FromValues("b", new Shape(classes), bias ?? new float[classes]))
        .Build("linear", Units(size) with { Deviation = [deviation, deviation, deviation] });

    /// <summary>Random weights of size 1.</summary>
    public static float[] Weights(int size, int classes, int seed = 1) => new Gaussian(seed).Values(3 * size * size * classes);

    /// <summary>Pixels in 0…1 as they are.</summary>
    public static Preprocessing Units(int size) => new()
    {
        InputSize = size,
        ResizeShorterSide = size,
        Mean = [0, 0, 0],
        Deviation = [1, 1, 1],
    };

    /// <summary>An image of random levels in a range.</summary>
    public static RgbImage Image(int width, int height, int seed = 1, int least = 60, int most = 195)
    {
        var random = new Random(seed);
        return new RgbImage(width, height, [.. Enumerable.Range(0, 3 * width * height).Select(_ => (byte)random.Next(least, most + 1))]);
    }

    /// <summary>A square image of levels <c>[3,H,W]</c>.</summary>
    public static RgbImage OfPlanes(int size, int[] levels) =>
        new(size, size, [.. Enumerable.Range(0, levels.Length).Select(i => (byte)levels[((i % 3) * size * size) + (i / 3)])]);

    /// <summary>The class that the network takes an image for.</summary>
    public static int ClassOf(float[] logits) => Array.IndexOf(logits, logits.Max());
}
