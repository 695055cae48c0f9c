using Interp.Engine.Common;
using Interp.Engine.Imaging;

namespace Interp.Engine.Adversarial;

/// <summary>
/// Random changes as long as an attack's: what deceives a network no more than noise does shows that it is weak, not that it was attacked.
/// Signs ±k at every value for L∞ (k rounded down to whole levels), normal numbers for L2; clipped to the box and on whole levels, so the
/// L2 length is at most what was asked for.
/// </summary>
public static class NoiseControl
{
    /// <summary>An image with noise.</summary>
    /// <param name="surface">The image.</param>
    /// <param name="norm">The norm.</param>
    /// <param name="length">How long the change is, in grey levels.</param>
    /// <param name="seed">Where the noise comes from.</param>
    /// <param name="trial">Which of its noises.</param>
    /// <returns>Whole grey levels, <c>[C,H,W]</c>.</returns>
    public static float[] Image(Surface surface, PixelNorm norm, double length, ulong seed, int trial = 0)
    {
        var ball = new PixelBall(norm, length, surface.Clean, 255);
        var x = new float[surface.Clean.Length];
        norm.Noise(new Rng(seed, AttackStreams.Noise + (ulong)trial), x);
        for (int i = 0; i < x.Length; i++)
        {
            x[i] = (float)(surface.Clean[i] + (length * x[i]));
        }

        ball.Project(x);
        ball.Snap(x);
        return x;
    }

    /// <summary>How many of several noises of one length reach a goal.</summary>
    /// <param name="model">The network.</param>
    /// <param name="surface">The image.</param>
    /// <param name="goal">What is to be reached.</param>
    /// <param name="norm">The norm.</param>
    /// <param name="length">How long the change is, in grey levels.</param>
    /// <param name="trials">How many.</param>
    /// <param name="seed">Where the noise comes from.</param>
    /// <param name="cancel">Ends it within one layer.</param>
    public static int Successes(
        AttackedModel model, Surface surface, AttackGoal goal, PixelNorm norm, double length, int trials = 1, ulong seed = 0,
        CancellationToken cancel = default)
    {
        model.Show(surface);
        return Enumerable.Range(0, trials).Count(
            t => goal.IsReached(model.Logits(Image(surface, norm, length, seed, t), cancel)));
    }
}
