using Interp.Engine.Common;

namespace Interp.Engine.Arithmetic;

/// <summary>
/// Arithmetic on images and maps beside the network, which a backend may do on its device. Arrays are the host's, but for
/// <see cref="HeldValues"/>; nothing is kept between calls but what the objects made here hold. What a device gives agrees with
/// <see cref="HostImageMath"/> within rounding.
/// </summary>
internal interface IImageMath
{
    /// <summary>noisy = x + σ·e, where e_i is the sequence's i-th number of the standard normal distribution, in float64.</summary>
    void AddNoise(ReadOnlyMemory<float> x, double sigma, Rng sequence, Memory<float> noisy);

    /// <summary>Writes a batch of inputs: variations of one image.</summary>
    /// <param name="images">The variations.</param>
    /// <param name="which">Which of them, as many as the batch has rows.</param>
    /// <param name="inputs">Where a session of the same backend reads them.</param>
    void Fill(MaskedImages images, int[] which, HeldValues inputs);

    /// <summary>The mean of each plane of <paramref name="length"/> values.</summary>
    double[] PlaneMeans(ReadOnlySpan<float> planes, int length);

    /// <summary>Σ_k w_k·(plane k), the planes of <paramref name="length"/> values.</summary>
    double[] WeightedSum(ReadOnlySpan<float> planes, ReadOnlySpan<double> weights, int length);

    /// <summary>Variations of images on their way through sessions of the same backend, and moments of what comes of them.</summary>
    ISampleStream CreateStream();

    /// <summary>One step of Adam, whose mean and square are changed as well.</summary>
    void Step(in AdamStep step, Span<float> parameters, ReadOnlySpan<float> gradient, Span<float> mean, Span<float> square);

    /// <summary>Images seen through an affine map.</summary>
    IImageSampler CreateSampler((int Height, int Width) from, (int Height, int Width) to, Affine map, bool greyOutside);

    /// <summary>Spectra to real planes and back.</summary>
    IPlaneFourier CreateFourier(int height, int width);

    /// <summary>Planes to colours and back, or one plane to grey.</summary>
    IPlaneColors CreateColors(int channels, bool decorrelated);
}
