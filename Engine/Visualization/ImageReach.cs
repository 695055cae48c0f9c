using Interp.Engine.Imaging;

namespace Interp.Engine.Visualization;

/// <summary>
/// How far an image may go from the photo that it starts from: {x : ‖x − photo‖ ≤ radius} ∩ [0,1]^n. What climbs an incorrect class inside
/// of it is an attack by the same ascent that makes visualisations without it (C. Szegedy and others, arXiv 1312.6199; A. Madry and others,
/// arXiv 1706.06083).
/// </summary>
/// <param name="Norm">The norm.</param>
/// <param name="Radius">ε, in units of 0…1 pixels; infinity for the box alone.</param>
public sealed record ImageReach(PixelNorm Norm, double Radius)
{
    /// <summary>The images that may be reached from a photo, in units of 0…1.</summary>
    /// <param name="photo">The photo's values k/255.</param>
    public PixelBall Around(ReadOnlyMemory<float> photo) => new(Norm, Radius, photo, 1);

    /// <summary>
    /// The 8-bit image, as values k/255, that is written for one that is in the ball: each value rounded to the nearest level; where this
    /// leads out of the ball, towards the photo, which never does.
    /// </summary>
    /// <param name="photo">The photo's values k/255.</param>
    /// <param name="image">The image; becomes that of 8 bits.</param>
    public void ToLevels(ReadOnlySpan<float> photo, Span<float> image)
    {
        float[] nearest = new float[image.Length], levels = new float[image.Length];
        for (int i = 0; i < image.Length; i++)
        {
            nearest[i] = (float)Math.Round(255.0 * image[i]);
            levels[i] = (float)Math.Round(255.0 * photo[i]);
        }

        // Rounding in float64 of 255·ε, such as 255·(8/255), must not cost a level.
        if (Norm.Distance(levels, nearest) > 255 * Radius * (1 + 1e-9))
        {
            for (int i = 0; i < image.Length; i++)
            {
                nearest[i] = (float)(levels[i] + Math.Truncate((255.0 * image[i]) - levels[i]));
            }
        }

        for (int i = 0; i < image.Length; i++)
        {
            image[i] = nearest[i] / 255f;
        }
    }
}
