namespace Interp.Engine.Imaging;

/// <summary>
/// The images near a clean one: {x : ‖x − center‖ ≤ radius} ∩ [0, limit]^n, in any unit: 0…1, or grey levels 0…255, in which the values of
/// an 8-bit image are whole numbers, so that steps of whole levels stay on them exactly.
/// </summary>
/// <param name="norm">The norm.</param>
/// <param name="radius">ε, in the unit of the values; infinity for the box alone.</param>
/// <param name="center">The clean image, within the box.</param>
/// <param name="limit">White: 1 or 255.</param>
public sealed class PixelBall(PixelNorm norm, double radius, ReadOnlyMemory<float> center, float limit)
{
    /// <summary>The norm.</summary>
    public PixelNorm Norm => norm;

    /// <summary>ε, in the unit of the values.</summary>
    public double Radius => radius;

    /// <summary>The clean image.</summary>
    public ReadOnlySpan<float> Center => center.Span;

    /// <summary>
    /// Moves an image into the ball, and then each value into the box, which leads no farther from the center. For L∞ this is the nearest
    /// point of both; for L2 it is a point of both, as attacks customarily take it (A. Madry et al., 2018).
    /// </summary>
    public void Project(Span<float> x)
    {
        if (!double.IsPositiveInfinity(radius))
        {
            norm.Project(Center, radius, x);
        }

        for (int i = 0; i < x.Length; i++)
        {
            x[i] = Math.Clamp(x[i], 0, limit);
        }
    }

    /// <summary>Moves an image of the ball to whole numbers within it, near the image: by rounding, but toward the center where that would
    /// lead out. The center and the limit are whole. In L2 the image does not move away from the center.</summary>
    public void Snap(Span<float> x)
    {
        norm.Snap(Center, radius, x);
        for (int i = 0; i < x.Length; i++)
        {
            x[i] = Math.Clamp(x[i], 0, limit);
        }
    }

    /// <summary>Whether an image is in the ball and the box, to within rounding: a millionth of the radius and of white.
    /// </summary>
    public bool Contains(ReadOnlySpan<float> x)
    {
        foreach (float v in x)
        {
            if (!(v >= 0 && v <= limit))
            {
                return false;
            }
        }

        return norm.Distance(Center, x) <= radius + (1e-6 * (radius + limit));
    }
}
