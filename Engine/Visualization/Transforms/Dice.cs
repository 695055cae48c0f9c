using Interp.Engine.Common;

namespace Interp.Engine.Visualization.Transforms;

/// <summary>
/// Random numbers of one transform in one step for one image: numbers 16·(i + 2¹²·(n + 2¹⁶·step)) and on of a sequence, so that a
/// image's draws do not depend on the others of its
/// batch, nor a transform's on what follows it.
/// </summary>
/// <param name="rng">A sequence that nothing else uses.</param>
/// <param name="step">The step, below 2³².</param>
/// <param name="image">n, below 2¹⁶.</param>
/// <param name="transform">i, below 2¹².</param>
internal sealed class Dice(Rng rng, ulong step, int image, int transform)
{
    private ulong _next = (((step << 16) + (ulong)image) << 16) + ((ulong)transform << 4);

    /// <summary>Uniform in [0,1).</summary>
    internal double Uniform() => rng.Uniform(_next++);

    /// <summary>A whole number from 0 to <paramref name="most"/>, each as likely.</summary>
    internal int Whole(int most) => Math.Min(most, (int)(Uniform() * (most + 1)));

    /// <summary>A key for numbers of a sequence of its own.</summary>
    internal ulong Key()
    {
        (uint a, uint b, _, _) = rng.Block(_next++);
        return ((ulong)a << 32) | b;
    }
}
