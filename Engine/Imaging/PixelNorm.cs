using Interp.Engine.Common;

namespace Interp.Engine.Imaging;

/// <summary>How far a change of an image reaches: a norm over all of its values, and what follows from it for ascent and projection.
/// Sums are in float64 in the order of the values, so the same values give the same bits.</summary>
public abstract class PixelNorm
{
    /// <summary>max_i |d_i|: no value changes by more.</summary>
    public static PixelNorm LInf { get; } = new LInfNorm();

    /// <summary>√Σ_i d_i².</summary>
    public static PixelNorm L2 { get; } = new L2Norm();

    /// <summary>All norms, by name.</summary>
    public static Catalog<PixelNorm> All { get; } = new("norm", n => n.Name, LInf, L2);

    /// <summary>Its name on the command line: <c>linf</c>.</summary>
    public abstract string Name { get; }

    /// <summary>The norm of b − a.</summary>
    public abstract double Distance(ReadOnlySpan<float> a, ReadOnlySpan<float> b);

    /// <summary>Moves x to the nearest point whose distance to the center is at most the radius.</summary>
    public abstract void Project(ReadOnlySpan<float> center, double radius, Span<float> x);

    /// <summary>The direction d of unit norm with the largest ⟨gradient, d⟩: sign(g), or g/‖g‖₂; zeros where the gradient is
    /// zero.</summary>
    public abstract void Steepest(ReadOnlySpan<float> gradient, Span<float> direction);

    /// <summary>
    /// Moves x to whole numbers that are no farther from the center than the radius, nor (in L2) than x was. The center's values are
    /// whole, and a box of whole bounds that x is in is not left.
    /// </summary>
    public abstract void Snap(ReadOnlySpan<float> center, double radius, Span<float> x);

    /// <summary>A random change of norm 1: signs, or normal numbers to scale.</summary>
    internal abstract void Noise(Rng random, Span<float> change);

    /// <summary>A random change from the ball, evenly: the start of an attack.</summary>
    /// <param name="random">Where it comes from.</param>
    /// <param name="radius">The ball's radius.</param>
    /// <param name="whole">Whether only whole numbers will do, where the norm has a lattice of its own (L∞).</param>
    /// <param name="change">Takes the change.</param>
    internal abstract void Inside(Rng random, double radius, bool whole, Span<float> change);
}
