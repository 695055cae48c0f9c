using Interp.Engine.Attribution;
using Interp.Engine.Backends;
using Interp.Engine.Imaging;

namespace Interp.Engine.Adversarial;

/// <summary>What became of one image under one attack at growing distances.</summary>
/// <param name="IsBrokenClean">Whether the clean image is classified otherwise than it should be: broken at any ε.</param>
/// <param name="Broken">Whether an image that misleads was found within each ε.</param>
/// <param name="BrokenFar">Whether one was found at <see cref="RobustnessProbe.Far"/>; null where it was not asked, since the image fell
/// before or the attack seeks the nearest image.</param>
/// <param name="HasGradient">Whether the loss has any slope at the clean image.</param>
/// <param name="Work">Passes that it took.</param>
public sealed record ImageFate(bool IsBrokenClean, IReadOnlyList<bool> Broken, bool? BrokenFar, bool HasGradient, Work Work);

/// <summary>
/// Attacks an image at growing ε. An image that was found within ε lies within every larger one too, so an image that has fallen is not
/// attacked again: the share that stands can only fall with ε. What counts is the 8-bit image read back, except at an ε that is no whole
/// number of grey levels in L∞, at which no 8-bit image uses it up: there the attack works off the grid, and what counts is its claim.
/// </summary>
public static class RobustnessProbe
{
    /// <summary>A distance at which every attack must succeed, since grey in the middle is reached from anywhere: 128 grey
    /// levels.</summary>
    public const int Far = 128;

    /// <summary>Whether no 8-bit image uses an ε up: in L∞, one that is no whole number of grey levels.</summary>
    public static bool IsOffLattice(PixelNorm norm, Epsilon epsilon) => norm == PixelNorm.LInf && !epsilon.IsWhole;

    /// <summary>Attacks one image.</summary>
    /// <param name="model">The network.</param>
    /// <param name="surface">The image.</param>
    /// <param name="attack">The attack.</param>
    /// <param name="goal">What is to be reached.</param>
    /// <param name="norm">The norm.</param>
    /// <param name="epsilons">Growing distances.</param>
    /// <param name="options">The attack's options.</param>
    /// <param name="seed">Where random choices come from.</param>
    /// <param name="cancel">Ends it within one layer.</param>
    public static ImageFate Run(
        AttackedModel model, Surface surface, Attack attack, AttackGoal goal, PixelNorm norm, IReadOnlyList<Epsilon> epsilons,
        OptionValues options, ulong seed = 0, CancellationToken cancel = default)
    {
        Work start = model.Work;
        model.Show(surface);
        float[] logits = model.Logits(surface.Clean, cancel);
        if (goal.IsReached(logits))
        {
            return new ImageFate(true, [.. epsilons.Select(_ => true)], null, true, model.Work - start);
        }

        var gradient = new float[surface.Clean.Length];
        model.Gradient(AttackLoss.CrossEntropy.Gradient(logits, goal), gradient, cancel);
        bool hasGradient = gradient.Any(g => g != 0);
        var broken = new bool[epsilons.Count];
        bool? far = null;
        if (attack.IsMinimal)
        {
            AttackResult result = Attack(null);
            double distance = norm.Distance(surface.Clean, surface.LevelsOf(result.Image));
            for (int i = 0; i < broken.Length; i++)
            {
                broken[i] = result.Success && distance <= epsilons[i].Levels * (1 + 1e-9);
            }
        }
        else
        {
            bool fallen = false;
            for (int i = 0; i < broken.Length; i++)
            {
                bool isOff = IsOffLattice(norm, epsilons[i]);
                AttackResult? result = fallen ? null : Attack(epsilons[i], !isOff);
                broken[i] = fallen || (isOff ? result!.Claimed : result!.Success);
                fallen |= result is { Success: true } && !isOff;
            }

            double most = norm == PixelNorm.LInf ? Far : Far * Math.Sqrt(surface.Clean.Length);
            far = fallen || broken.Any(b => b) ? null : Attack(new Epsilon(most / 255, $"{Far}/255")).Success;
        }

        return new ImageFate(false, broken, far, hasGradient, model.Work - start);

        AttackResult Attack(Epsilon? epsilon, bool lattice = true) =>
            Attacker.Run(model, surface, attack, goal, norm, epsilon, options, seed, lattice, null, cancel);
    }
}
