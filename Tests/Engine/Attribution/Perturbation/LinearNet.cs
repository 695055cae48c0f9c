using Interp.Engine.Graph;
using Interp.Engine.Imaging;
using Interp.Engine.Layers;
using Interp.Engine.Models;
using Interp.Engine.Tensors;

namespace Interp.Tests.Engine.Attribution.Perturbation;

/// <summary>Networks and images of which every attribution can be worked out by hand.</summary>
internal static class LinearNet
{
    /// <summary>Class 0 is Σ weight(c,y,x)·(pixel value in 0…1) + a constant, class 1 is 0, or, with a threshold, below
    /// class 0 where that sum is above it.</summary>
    public static Network OfPixels(int size, Func<int, int, int, double> weight, double? threshold = null)
    {
        int count = 3 * size * size;
        Preprocessing preprocessing = Preprocessing.ImageNet with { InputSize = size, ResizeShorterSide = size };
        var weights = new float[2 * count];
        for (int i = 0; i < count; i++)
        {
            int c = i / (size * size);
            weights[i] = (float)(weight(c, i / size % size, i % size) * preprocessing.Deviation[c]);
        }

        double sumOfBlack = 1.5;
        for (int i = 0; i < count; i++)
        {
            int c = i / (size * size);
            sumOfBlack -= weight(c, i / size % size, i % size) * preprocessing.Mean[c];
        }

        float rival = threshold is { } t ? (float)(sumOfBlack + t) : 0;
        return new NetworkBuilder(3)
            .Then("flat", new Flatten())
            .Then(
                "sum",
                new Linear(count, 2),
                Weight.FromValues("sum.weight", new Shape(2, count), weights),
                Weight.FromValues("sum.bias", new Shape(2), [1.5f, rival]))
            .Build("linear", preprocessing);
    }

    /// <summary>An image of one colour for each pixel.</summary>
    public static NetworkInput Image(int size, Func<int, int, (byte R, byte G, byte B)> color)
    {
        var image = new RgbImage(size, size, new byte[3 * size * size]);
        for (int i = 0; i < size * size; i++)
        {
            (image.Pixels[3 * i], image.Pixels[(3 * i) + 1], image.Pixels[(3 * i) + 2]) = color(i / size, i % size);
        }

        return new NetworkInput("made up", image, Normalization.ToTensor(image, Preprocessing.ImageNet), "");
    }

    /// <summary>Four quadrants of very different colours, which SLIC finds as they are: 0 and 1 above, 2 and 3 below.</summary>
    public static NetworkInput Quadrants(int size) => Image(size, (y, x) => (y < size / 2, x < size / 2) switch
    {
        (true, true) => (250, 20, 20),
        (true, false) => (20, 240, 30),
        (false, true) => (10, 20, 230),
        (false, false) => (245, 245, 245),
    });
}
