using Interp.Engine.Common;

namespace Interp.Engine.Arithmetic;

/// <summary>An image <c>[C,H,W]</c>, or one with normal noise, v + σ·e rounded to float32, which is made where it is needed.</summary>
/// <param name="values">v; nobody changes them.</param>
/// <param name="sigma">σ; 0 for the image itself.</param>
/// <param name="noise">The sequence whose i-th number is e_i.</param>
internal sealed class NoisyImage(float[] values, double sigma = 0, Rng noise = default)
{
    private float[]? _made;

    internal float[] Values => values;

    internal double Sigma => sigma;

    internal Rng Noise => noise;

    /// <summary>Whether both are known to be one image.</summary>
    internal bool IsSame(NoisyImage other) =>
        ReferenceEquals(this, other) || (sigma == 0 && other.Sigma == 0 && ReferenceEquals(values, other.Values));

    /// <summary>The values on the host; without noise the image's own array.</summary>
    internal float[] On(IImageMath math)
    {
        if (sigma == 0)
        {
            return values;
        }

        if (_made is null)
        {
            var made = new float[values.Length];
            math.AddNoise(values, sigma, noise, made);
            _made = made;
        }

        return _made;
    }
}
