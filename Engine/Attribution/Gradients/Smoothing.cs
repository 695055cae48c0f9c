namespace Interp.Engine.Attribution.Gradients;

/// <summary>The two options that say over how many noisy inputs a method is averaged, and how strong the noise is.</summary>
/// <param name="Samples">How many; 0 for the image itself.</param>
/// <param name="Level">σ as a share of the input's range.</param>
internal sealed record Smoothing(MethodOption<int> Samples, MethodOption<double> Level)
{
    private const int Most = 100_000;

    /// <summary><c>--smooth</c>, off unless asked for.</summary>
    public static Smoothing Optional() =>
        new(MethodOption.Whole("smooth", "average the method over so many noisy inputs; 0 for none", 0, 0, Most), Noise(0.15));

    /// <summary><c>--samples</c> of a method that is such an average.</summary>
    public static Smoothing Always(int samples, double level) =>
        new(MethodOption.Whole("samples", "samples to average over", samples, 1, Most), Noise(level));

    private static MethodOption<double> Noise(double level) =>
        MethodOption.Real("noise", "deviation of the noise as a share of the preprocessed input's range, max - min", level, 0, 10);
}
