using Interp.Engine.Arithmetic;

namespace Interp.Engine.Attribution.Gradients;

/// <summary>
/// The inputs over which an attribution is averaged: the image x itself, or x + ε with ε ~ N(0, σ²) for each value, where
/// σ = level·(max x − min x) over the preprocessed image. Every sample is noisy.
/// D. Smilkov, N. Thorat, B. Kim, F. Viégas, M. Wattenberg, arXiv 1706.03825, section 3.
/// </summary>
internal sealed class NoisyInputs
{
    private readonly AttributionRequest _request;

    /// <param name="request">The image, and the seed of the noise.</param>
    /// <param name="samples">How many noisy inputs; 0 for the image itself.</param>
    /// <param name="level">σ as a share of the image's range.</param>
    public NoisyInputs(AttributionRequest request, int samples, double level)
    {
        _request = request;
        Count = Math.Max(samples, 1);
        IsSampled = samples > 0;
        Sigma = IsSampled ? level * (request.Input.Tensor.Max() - (double)request.Input.Tensor.Min()) : 0;
    }

    /// <summary>How many there are; at least 1.</summary>
    public int Count { get; }

    /// <summary>Whether samples were asked for.</summary>
    public bool IsSampled { get; }

    /// <summary>σ in normalised units; 0 without noise.</summary>
    public double Sigma { get; }

    /// <summary>A sample, <c>[C,H,W]</c>; without noise the image's own array.</summary>
    public float[] this[int sample] => Image(sample).On(_request.Explainer.Backend.Images);

    /// <summary>A sample whose noise is made where it is needed.</summary>
    public NoisyImage Image(int sample) => new(_request.Input.Tensor, Sigma, RandomStream.Noise.For(_request, sample));
}
