namespace Interp.Engine.Visualization.Transforms;

/// <summary>
/// A random change of an image between parametrisation and network, so that what is found does not hang on single pixels. A. Mordvintsev,
/// C. Olah,
/// M. Tyka, "Inceptionism" (2015) for jitter; "Feature Visualization", Distill 2017, for the others.
/// </summary>
public abstract record ImageTransform
{
    /// <summary>As <see cref="TransformChain.Parse"/> reads it.</summary>
    public abstract override string ToString();

    /// <summary>Adds one drawn instance to what will be done to an image.</summary>
    internal abstract void Draw(TransformDraft draft, Dice dice);

    /// <summary>The canvas that comes out of a canvas of this size, random scales aside.</summary>
    internal virtual (int Height, int Width) Nominal((int Height, int Width) size) => size;
}
