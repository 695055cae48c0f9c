using Interp.Engine.Layers;
using Interp.Engine.Tensors;

namespace Interp.Engine.Attribution.Relevance.Parts;

/// <summary>The input of a layer normalisation, one pixel at a time, with its parameters.</summary>
internal sealed class NormPixels
{
    private readonly float[] _x;
    private readonly double _epsilon;

    /// <param name="layer">The layer.</param>
    /// <param name="x">Its input, on the image or on a reference.</param>
    public NormPixels(LayerPass layer, float[] x)
    {
        (_x, _epsilon) = (x, ((LayerNorm)layer.Node.Layer).Epsilon);
        Shape shape = layer.InputShape();
        (Channels, Count) = (shape[1], (int)(shape.Count / shape[1]));
        (Scale, Shift) = (layer.Node.Weights[0].ToArray(), layer.Node.Weights[1].ToArray());
        Centred = new double[Channels];
    }

    /// <summary>C.</summary>
    public int Channels { get; }

    /// <summary>The number of pixels.</summary>
    public int Count { get; }

    /// <summary>γ.</summary>
    public float[] Scale { get; }

    /// <summary>β.</summary>
    public float[] Shift { get; }

    /// <summary>x − μ at the pixel that was centred last.</summary>
    public double[] Centred { get; }

    /// <summary>Where a channel of a pixel stands.</summary>
    public int At(int channel, int pixel) => (channel * Count) + pixel;

    /// <summary>Centres a pixel.</summary>
    /// <returns>σ.</returns>
    public double Centre(int pixel)
    {
        double mean = 0, variance = 0;
        for (int c = 0; c < Channels; c++)
        {
            mean += _x[At(c, pixel)];
        }

        mean /= Channels;
        for (int c = 0; c < Channels; c++)
        {
            Centred[c] = _x[At(c, pixel)] - mean;
            variance += Centred[c] * Centred[c];
        }

        return Math.Sqrt((variance / Channels) + _epsilon);
    }
}
