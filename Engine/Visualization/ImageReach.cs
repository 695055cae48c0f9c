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
    private const int Bisections = 30;

    /// <summary>The images that may be reached from a photo, in units of 0…1.</summary>
    /// <param name="photo">The photo's values k/255.</param>
    public PixelBall Around(ReadOnlyMemory<float> photo) => new(Norm, Radius, photo, 1);

    /// <summary>
    /// The 8-bit image, as values k/255, that is written for one that is in the ball: each value rounded to the nearest level; where this
    /// leads out of the ball, after the change d from the photo was shortened to s·d with the largest s ≤ 1, found by bisection, for
    /// which it does not.
    /// </summary>
    /// <param name="photo">The photo's values k/255.</param>
    /// <param name="image">The image; becomes that of 8 bits.</param>
    public void ToLevels(ReadOnlySpan<float> photo, Span<float> image)
    {
        float[] levels = new float[image.Length], change = new float[image.Length], rounded = new float[image.Length];
        for (int i = 0; i < image.Length; i++)
        {
            levels[i] = (float)Math.Round(255.0 * photo[i]);
            change[i] = (float)((255.0 * image[i]) - levels[i]);
        }

        double least = 0, most = 1;
        for (int step = 0; step < Bisections && !IsInside(most); step++)
        {
            double middle = (least + most) / 2;
            (least, most) = IsInside(middle) ? (middle, most) : (least, middle);
        }

        IsInside(IsInside(most) ? most : least);
        for (int i = 0; i < image.Length; i++)
        {
            image[i] = rounded[i] / 255f;
        }

        bool IsInside(double share)
        {
            for (int i = 0; i < rounded.Length; i++)
            {
                rounded[i] = levels[i] + (float)Math.Round(share * change[i]);
            }

            // Rounding in float64 of 255·ε, such as 255·(8/255), must not cost a level.
            return Norm.Distance(levels, rounded) <= 255 * Radius * (1 + 1e-9);
        }
    }
}
