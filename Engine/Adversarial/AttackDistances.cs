using Interp.Engine.Imaging;

namespace Interp.Engine.Adversarial;

/// <summary>
/// How far a saved image is from the clean one: norms of d = x' − x over all values, in units of 0…1 pixels, and how alike the two look.
/// Sums are in float64 in the order of the values.
/// </summary>
/// <param name="L0">The share of values that differ.</param>
/// <param name="L1">Σ|d|.</param>
/// <param name="L2">√Σd².</param>
/// <param name="Rms">√(Σd²/n).</param>
/// <param name="LInf">max|d|; 255 times this is in grey levels.</param>
/// <param name="Ssim"><see cref="StructuralSimilarity"/>, 1 for equal images.</param>
/// <param name="Rho">‖d‖₂/‖x‖₂, whose mean over images is DeepFool's ρ (S. Moosavi-Dezfooli, A. Fawzi, P. Frossard, CVPR 2016); NaN of a
/// black image.</param>
public sealed record AttackDistances(double L0, double L1, double L2, double Rms, double LInf, double Ssim, double Rho)
{
    /// <summary>The distances of a saved image from a surface's clean one; of a network that sees grey, those of the grey.</summary>
    /// <exception cref="ArgumentException">The images have different sizes.</exception>
    public static AttackDistances Of(Surface surface, RgbImage saved)
    {
        RgbImage clean = Luma.Seen(surface.Image, surface.Channels), other = Luma.Seen(saved, surface.Channels);
        double ssim = StructuralSimilarity.Of(clean, other);
        long changed = 0, sum = 0, squares = 0, own = 0, most = 0;
        int every = surface.Channels == 1 ? 3 : 1; // grey stands in all three colours
        for (int i = 0; i < clean.Pixels.Length; i += every)
        {
            long d = Math.Abs(other.Pixels[i] - clean.Pixels[i]);
            changed += d > 0 ? 1 : 0;
            sum += d;
            squares += d * d;
            own += clean.Pixels[i] * clean.Pixels[i];
            most = Math.Max(most, d);
        }

        double count = clean.Pixels.Length / every;
        return new AttackDistances(
            changed / count, sum / 255.0, Math.Sqrt(squares) / 255, Math.Sqrt(squares / count) / 255, most / 255.0, ssim,
            own > 0 ? Math.Sqrt((double)squares / own) : double.NaN);
    }
}
