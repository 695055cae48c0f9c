namespace Interp.Engine.Arithmetic;

/// <summary>The straight line from a baseline x' to an image x; without a baseline the image alone.</summary>
/// <param name="Start">x', or null.</param>
/// <param name="End">x.</param>
internal readonly record struct ImageLine(NoisyImage? Start, NoisyImage End)
{
    /// <summary>From an array.</summary>
    internal ImageLine(float[] start, NoisyImage end) : this(new NoisyImage(start), end)
    {
    }
}

/// <summary>A place on a line: x' + α·(x − x') in float64, rounded to float32; without a baseline x.</summary>
/// <param name="Line">The line.</param>
/// <param name="Share">α.</param>
internal readonly record struct LinePoint(ImageLine Line, double Share = 1)
{
    /// <summary>An image itself.</summary>
    internal LinePoint(NoisyImage image) : this(new ImageLine((NoisyImage?)null, image))
    {
    }
}

/// <summary>One term of an attribution: factor · w ⊙ ∂S/∂x at a point.</summary>
/// <param name="At">Where the gradient is taken.</param>
/// <param name="Factor">One number for all values.</param>
/// <param name="Way">The line whose way, x − x' in float32, is w, or x without a baseline; null for 1.</param>
internal readonly record struct GradientTerm(LinePoint At, double Factor = 1, ImageLine? Way = null);
