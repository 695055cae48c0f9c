using Interp.Engine.Common;
using Interp.Engine.Graph;
using Interp.Engine.Layers;
using Interp.Engine.Models;
using Interp.Engine.Tensors;

namespace Interp.Engine.Attribution.Relevance.Parts;

/// <summary>The least and the greatest value that pixels can have where a layer reads them.</summary>
internal static class PixelBounds
{
    /// <summary>One of the bounds, of the size of the source's output.</summary>
    /// <param name="network">The network.</param>
    /// <param name="source">The image, or a node that hands it on, at most rearranged, padded or resized, or scaled and shifted by channels.</param>
    /// <param name="image">The image's shape.</param>
    /// <param name="highest">Whether white is wanted instead of black; where a channel's scale is below zero the two change places.</param>
    /// <exception cref="ModelException">The preprocessing does not know the image's channels.</exception>
    public static float[] At(Network network, Node source, Shape image, bool highest)
    {
        if (source.Id == 0)
        {
            return OfImage(network.Preprocessing, image, highest ? 1 : 0);
        }

        Node below = network.Nodes[source.Inputs[0]];
        float[] bound = At(network, below, image, highest);
        if (source.Layer is IPixelLayer layer)
        {
            Shape shape = network.Shapes(1, image[2], image[3])[below.Id];
            (int[] rows, int[] columns) = layer.At(shape[2], shape[3]);
            return
            [
                .. from c in Enumerable.Range(0, shape[1]) from row in rows from column in columns
                   select row < 0 || column < 0 ? (float)layer.Outside : bound[(((c * shape[2]) + row) * shape[3]) + column],
            ];
        }

        if (source.Layer is not ChannelAffine)
        {
            return bound;
        }

        float[] other = At(network, below, image, !highest);
        (float[] scale, float[] shift) = (source.Weights[0].ToArray(), source.Weights[1].ToArray());
        int plane = bound.Length / scale.Length;
        return [.. bound.Select((b, i) => (scale[i / plane] * (scale[i / plane] < 0 ? other[i] : b)) + shift[i / plane])];
    }

    private static float[] OfImage(Preprocessing preprocessing, Shape image, float value)
    {
        int channels = preprocessing.Mean.Length;
        if (image.Rank != 4 || image[1] != channels)
        {
            throw new ModelException(
                $"the z-box rule needs the bounds of pixels: expected an input [N,{channels},H,W], found {image}; choose a composite "
                + "without it");
        }

        var bound = new float[image.Count];
        int plane = bound.Length / channels;
        for (int c = 0; c < channels; c++)
        {
            bound.AsSpan(c * plane, plane).Fill((value - preprocessing.Mean[c]) / preprocessing.Deviation[c]);
        }

        return bound;
    }
}
