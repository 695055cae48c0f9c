using Interp.Engine.Common;
using Interp.Engine.Graph;
using Interp.Engine.Imaging;

namespace Interp.Engine.Adversarial;

/// <summary>
/// One change δ of whole grey levels, ‖δ‖∞ ≤ ε, that makes a network err on most images: δ ← Π(δ + α·sign Σ_batch ∇min(ℓ, β)) with
/// α = ε/10, ℓ the cross-entropy of each image's own predicted class (A. Shafahi et al., AAAI 2020, algorithm 2, which maximises what
/// S.-M. Moosavi-Dezfooli et al., CVPR 2017, ask for). What counts is the share of images deceived that it was not trained on, beside the
/// share that random signs of the same size deceive. The same options give the same bits.
/// </summary>
/// <param name="Levels">δ in grey levels, <c>[C,H,W]</c> as <see cref="Surface.Clean"/> of the network's surface.</param>
/// <param name="Height">H.</param>
/// <param name="Width">W.</param>
/// <param name="Trained">Images trained on that it deceives, of those trained on.</param>
/// <param name="HeldOut">The same of images held out: what counts.</param>
/// <param name="Noise">Held-out images that random signs of the same size deceive.</param>
/// <param name="Epochs">Share of training images deceived as they were passed in each epoch.</param>
public sealed record UniversalPerturbation(
    float[] Levels, int Height, int Width, UniversalCount Trained, UniversalCount HeldOut, UniversalCount Noise,
    IReadOnlyList<double> Epochs)
{
    /// <summary>Trains one.</summary>
    /// <param name="model">The network.</param>
    /// <param name="images">Prepared images of one size, <see cref="NetworkInput.Image"/>; at least two.</param>
    /// <param name="options">How; null for the defaults.</param>
    /// <param name="progress">Told the share of the work that is done, 0 to 1.</param>
    /// <param name="cancel">Ends it within one layer.</param>
    /// <exception cref="InputException">There are fewer than two images, they differ in size, or a number is out of range.</exception>
    public static UniversalPerturbation Train(
        AttackedModel model, IReadOnlyList<RgbImage> images, UniversalOptions? options = null, Action<double>? progress = null,
        CancellationToken cancel = default)
    {
        options ??= new UniversalOptions();
        Check(images, options, model.Network);
        bool[] held = HoldOut(images.Count, options);
        RgbImage[] training = [.. images.Where((_, i) => !held[i])], rest = [.. images.Where((_, i) => held[i])];
        var ascent = new UniversalAscent(model, training, options, cancel);
        var epochs = new List<double>();
        for (int e = 0; e < options.Epochs; e++)
        {
            epochs.Add(ascent.Epoch(e, share => progress?.Invoke((e + share) / (options.Epochs + 1))));
        }

        float[] levels = ascent.Levels();
        UniversalCount trained = Count(training, image => Add(image, levels));
        UniversalCount heldOut = Count(rest, image => Add(image, levels));
        UniversalCount noise = Count(rest, image => NoiseControl.Image(image, PixelNorm.LInf, options.Epsilon.Levels, options.Seed));
        progress?.Invoke(1);
        return new UniversalPerturbation(levels, images[0].Height, images[0].Width, trained, heldOut, noise, epochs);

        UniversalCount Count(RgbImage[] of, Func<Surface, float[]> change)
        {
            int deceived = 0, tried = 0;
            foreach (RgbImage image in of)
            {
                var surface = new NetworkSurface(model.Network, image);
                model.Show(surface);
                float[] clean = model.Logits(surface.Clean, cancel);
                AttackGoal goal = UniversalAscent.GoalOf(clean, options);
                if (!goal.IsReached(clean))
                {
                    tried++;
                    deceived += goal.IsReached(model.Logits(change(surface), cancel)) ? 1 : 0;
                }
            }

            return new UniversalCount(deceived, tried);
        }
    }

    /// <summary>An image's levels with δ, clipped to 0…255.</summary>
    public float[] Apply(Surface surface) => Add(surface, Levels);

    internal static float[] Add(Surface surface, float[] change)
    {
        float[] x = [.. surface.Clean];
        for (int i = 0; i < x.Length; i++)
        {
            x[i] = Math.Clamp(x[i] + change[i], 0, 255);
        }

        return x;
    }

    private static bool[] HoldOut(int count, UniversalOptions options)
    {
        int held = Math.Clamp((int)Math.Round(options.HeldOut * count), 1, count - 1);
        var random = new Rng(options.Seed, AttackStreams.HoldOut);
        HashSet<int> chosen = [.. Enumerable.Range(0, count).OrderBy(i => random.Uniform((ulong)i)).Take(held)];
        return [.. Enumerable.Range(0, count).Select(chosen.Contains)];
    }

    private static void Check(IReadOnlyList<RgbImage> images, UniversalOptions options, Network network)
    {
        if (images.Count < 2)
        {
            throw new InputException($"a universal perturbation needs two images or more, one of them held out; found {images.Count}");
        }

        if (images.FirstOrDefault(i => (i.Width, i.Height) != (images[0].Width, images[0].Height)) is { } other)
        {
            throw new InputException($"the images of a universal perturbation have one size: expected {images[0].Width}x"
                + $"{images[0].Height}, found {other.Width}x{other.Height}");
        }

        if (options.Target is { } t && (t < 0 || t >= network.Classes))
        {
            throw new InputException($"class {t}: expected 0 to {network.Classes - 1}");
        }

        if (options.Epsilon.Levels < 1 || options.Epochs < 1 || options.Batch < 1 || options.HeldOut is not (>= 0 and <= 1))
        {
            throw new InputException("a universal perturbation needs an epsilon of 1/255 or more, an epoch and a batch of 1 or more, and "
                + $"a share held out of 0 to 1; found {options.Epsilon}, {options.Epochs}, {options.Batch}, {options.HeldOut}");
        }
    }
}

/// <summary>How many images of how many.</summary>
/// <param name="Deceived">Images that are taken for something else, or for the wanted class.</param>
/// <param name="Of">Images that were tried: those not taken for the wanted class as they are.</param>
public readonly record struct UniversalCount(int Deceived, int Of)
{
    /// <summary>The share.</summary>
    public double Rate => Of == 0 ? 0 : (double)Deceived / Of;
}
