using Interp.Engine.Common;

namespace Interp.Engine.Attribution.Gradients;

/// <summary>What random numbers are used for: each use and each sample has a sequence of its own, so that no result depends on how inputs
/// fall into batches.</summary>
internal enum RandomStream
{
    /// <summary>Noise added to the input.</summary>
    Noise = 1,

    /// <summary>Where on its path a gradient is taken.</summary>
    Place = 2,

    /// <summary>Random baselines.</summary>
    Baseline = 3,
}

/// <summary>Makes the sequences.</summary>
internal static class RandomStreams
{
    /// <summary>The sequence of one use for one sample.</summary>
    public static Rng For(this RandomStream use, AttributionRequest request, int sample) =>
        new(request.Seed, ((ulong)sample << 8) | (ulong)use);
}
