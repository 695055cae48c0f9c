using Interp.Engine.Common;

namespace Interp.Engine.Visualization.Transforms;

/// <summary>
/// A random change of a picture between parametrisation and network, so that what is found does not hang on single pixels. A. Mordvintsev, C. Olah,
/// M. Tyka, "Inceptionism" (2015) for jitter; "Feature Visualization", Distill 2017, for the others.
/// </summary>
public abstract record ImageTransform
{
    /// <summary>As <see cref="TransformChain.Parse"/> reads it.</summary>
    public abstract override string ToString();

    /// <summary>Adds one drawn instance to what will be done to a picture.</summary>
    internal abstract void Draw(TransformDraft draft, Dice dice);

    /// <summary>The canvas that comes out of a canvas of this size, random scales aside.</summary>
    internal virtual (int Height, int Width) Nominal((int Height, int Width) size) => size;
}

/// <summary>Random numbers of one transform in one step for one picture.</summary>
/// <param name="rng">A sequence that nothing else uses.</param>
/// <param name="first">Index of the first number.</param>
internal sealed class Dice(Rng rng, ulong first)
{
    private ulong _next = first;

    /// <summary>Uniform in [0,1).</summary>
    internal double Uniform() => rng.Uniform(_next++);

    /// <summary>A whole number from 0 to <paramref name="most"/>, each as likely.</summary>
    internal int Whole(int most) => Math.Min(most, (int)(Uniform() * (most + 1)));

    /// <summary>A key for numbers of a sequence of its own.</summary>
    internal ulong Key() => ((ulong)rng.Block(_next).A << 32) | rng.Block(_next++).B;
}
