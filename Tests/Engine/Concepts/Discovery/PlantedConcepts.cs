using Interp.Engine.Common;
using Interp.Engine.Graph;
using Interp.Engine.Imaging;
using Interp.Engine.Layers;
using Interp.Engine.Models;
using Interp.Engine.Tensors;

namespace Interp.Tests.Engine.Concepts.Discovery;

/// <summary>
/// A network that sees three colours, each in two channels of its layer <c>maps</c>, and whose class 0 wants red, minds green half as much
/// and does not care for blue; and images of squares of the three on black.
/// </summary>
internal static class PlantedConcepts
{
    internal const int Size = 64, Block = 16;

    /// <summary>What red, green and blue add to the logit of class 0 for each unit of their mean.</summary>
    internal static readonly double[] Weights = [4, -2, 0];

    /// <summary>Each colour's two channels.</summary>
    internal static readonly double[][] Directions = [[0.8, 0.6, 0, 0, 0, 0], [0, 0, 1, 0.5, 0, 0], [0, 0, 0, 0, 0.3, 0.9]];

    internal static Network Network()
    {
        var filters = new float[6 * 3];
        var first = new float[6];
        for (int k = 0; k < 6; k++)
        {
            int color = k / 2;
            filters[(3 * k) + color] = (float)Directions[color][k];
            first[k] = (float)(Weights[color] * Directions[color][k] / Directions[color].Sum(d => d * d));
        }

        return new NetworkBuilder(3)
            .Then("conv", new Conv2d(3, 6, Window.Square(1), Bias: false), Weight.FromValues("w", new Shape(6, 3, 1, 1), filters))
            .Then("maps", new ReLU()).Then("pool", new AdaptiveAvgPool2d(Size2.Square(1))).Then("flat", new Flatten())
            .Then("fc", new Linear(6, 2), Weight.FromValues("v", new Shape(2, 6), [.. first, .. new float[6]]),
                Weight.FromValues("b", new Shape(2), [0, 0]))
            .Build("planted", new Preprocessing { InputSize = Size, Mean = [0, 0, 0], Deviation = [1, 1, 1] });
    }

    /// <summary>The colour of each block, 0 to 2 or 3 for black.</summary>
    internal static int[] Colors(int image)
    {
        var rng = new Rng(21, (ulong)image);
        return [.. Enumerable.Range(0, Size / Block * (Size / Block)).Select(i => (int)(4 * rng.Uniform((ulong)i)))];
    }

    internal static NetworkInput Image(int index)
    {
        int[] colors = Colors(index);
        var pixels = new byte[3 * Size * Size];
        for (int i = 0; i < Size * Size; i++)
        {
            int color = colors[(i / Size / Block * (Size / Block)) + (i % Size / Block)];
            if (color < 3)
            {
                pixels[(3 * i) + color] = 255;
            }
        }

        var image = new RgbImage(Size, Size, pixels);
        return new NetworkInput($"image {index}", image, Normalization.ToTensor(image, Network().Preprocessing), "");
    }
}
