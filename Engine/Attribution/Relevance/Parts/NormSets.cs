using Interp.Engine.Layers;
using Interp.Engine.Tensors;

namespace Interp.Engine.Attribution.Relevance.Parts;

/// <summary>
/// The input of a layer or group normalisation, one set of values at a time that are normalised together: the channels of a pixel, or the
/// pixels of a group of channels. With its parameters.
/// </summary>
internal sealed class NormSets
{
    private readonly float[] _x;
    private readonly double _epsilon;
    private readonly float[] _scale;
    private readonly float[] _shift;
    private readonly int _plane; // of a group; 0 for sets that are pixels
    private readonly int _channels; // of a group

    /// <param name="layer">The layer.</param>
    /// <param name="x">Its input, on the image or on a reference.</param>
    public NormSets(LayerPass layer, float[] x)
    {
        _x = x;
        Shape shape = layer.InputShape();
        (_scale, _shift) = (layer.Node.Weights[0].ToArray(), layer.Node.Weights[1].ToArray());
        if (layer.Node.Layer is GroupNorm norm)
        {
            (_epsilon, _plane, _channels) = (norm.Epsilon, (int)(shape.Count / shape[1]), shape[1] / norm.Groups);
            (Members, Count) = (_channels * _plane, norm.Groups);
        }
        else
        {
            _epsilon = ((LayerNorm)layer.Node.Layer).Epsilon;
            (Members, Count) = (shape[1], (int)(shape.Count / shape[1]));
        }

        Centred = new double[Members];
    }

    /// <summary>The values of a set.</summary>
    public int Members { get; }

    /// <summary>The number of sets.</summary>
    public int Count { get; }

    /// <summary>x − μ in the set that was centred last.</summary>
    public double[] Centred { get; }

    /// <summary>Where a member of a set stands.</summary>
    public int At(int member, int set) => _plane == 0 ? (member * Count) + set : (set * Members) + member;

    /// <summary>γ of a member.</summary>
    public float Scale(int member, int set) => _scale[Channel(member, set)];

    /// <summary>β of a member.</summary>
    public float Shift(int member, int set) => _shift[Channel(member, set)];

    /// <summary>Centres a set.</summary>
    /// <returns>σ.</returns>
    public double Centre(int set)
    {
        double mean = 0, variance = 0;
        for (int m = 0; m < Members; m++)
        {
            mean += _x[At(m, set)];
        }

        mean /= Members;
        for (int m = 0; m < Members; m++)
        {
            Centred[m] = _x[At(m, set)] - mean;
            variance += Centred[m] * Centred[m];
        }

        return Math.Sqrt((variance / Members) + _epsilon);
    }

    private int Channel(int member, int set) => _plane == 0 ? member : (set * _channels) + (member / _plane);
}
