using Interp.Engine.Attribution;
using Interp.Engine.Common;
using Interp.Engine.Evidence;
using Interp.Engine.Examples;
using Interp.Engine.Graph;
using Interp.Engine.Imaging;
using Interp.Engine.Tensors;

namespace Interp.Engine.Concepts.Discovery;

/// <summary>What a layer gives for the crops of some images, the mean of each map: A, a row for each crop.</summary>
/// <param name="Values">A, <c>[crops,channels]</c>, non-negative, image by image.</param>
/// <param name="Channels">Its columns.</param>
/// <param name="Boxes">The crops of each image.</param>
internal sealed record PatchActivations(double[] Values, int Channels, PixelBox[] Boxes)
{
    /// <summary>Number of crops.</summary>
    internal int Count => Values.Length / Channels;

    internal static PatchActivations Of(
        Explainer explainer, LayerRun run, IReadOnlyList<NetworkInput> images, DiscoveryOptions options, Action<int, int> progress,
        CancellationToken cancel)
    {
        Network network = explainer.Network;
        PixelBox[] boxes = PatchGrid.Of(options, images[0].Image.Height, images[0].Image.Width).Boxes;
        int channels = network.OwnShapes[run.Layer.Id][1], count = images.Count * boxes.Length, done = 0;
        var values = new double[(long)count * channels];
        foreach (int[] part in Enumerable.Range(0, count).Chunk(options.Batch))
        {
            NetworkInput[] crops = [.. part.Select(i => PatchGrid.Cut(images[i / boxes.Length], boxes[i % boxes.Length], network))];
            (Shape shape, float[] maps) = run.Activations(crops, cancel);
            NonNegativeLayer.CheckValues(network, run.Layer, maps);
            int plane = shape[2] * shape[3];
            for (int i = 0; i < part.Length * channels; i++)
            {
                double sum = 0;
                foreach (float value in maps.AsSpan(i * plane, plane))
                {
                    sum += value;
                }

                values[((long)part[0] * channels) + i] = sum / plane;
            }

            done += part.Length;
            progress(done, count);
        }

        return Array.TrueForAll(values, v => v == 0)
            ? throw new InputException($"layer {run.Layer.Name}: it is 0 everywhere on these images; name another layer or other images")
            : new PatchActivations(values, channels, boxes);
    }

    /// <summary>The rows of the crops of some images.</summary>
    internal double[] Of(IEnumerable<int> images)
    {
        int each = Boxes.Length * Channels;
        return [.. images.SelectMany(i => Values.AsSpan(i * each, each).ToArray())];
    }
}
