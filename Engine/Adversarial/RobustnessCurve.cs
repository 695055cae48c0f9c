using System.Collections.Immutable;
using Interp.Engine.Common;
using Interp.Engine.Imaging;
using Interp.Engine.Statistics;

namespace Interp.Engine.Adversarial;

/// <summary>
/// Robust accuracy: the share of images that are classified right and stay so, at growing ε. An image that is misclassified when it is
/// clean counts as broken at any ε, as F. Croce and M. Hein's AutoAttack (ICML 2020) and RobustBench count.
/// </summary>
/// <param name="Name">The attack, or <see cref="Worst"/>.</param>
/// <param name="Clean">Images that are right when clean, of all.</param>
/// <param name="Robust">Those that stand at each ε, of all; with Wilson's interval.</param>
public sealed record RobustnessCurve(string Name, Proportion Clean, ImmutableArray<Proportion> Robust)
{
    /// <summary>The curve of all attacks together: an image stands where it stands against each of them. This one is the robust accuracy;
    /// each attack's own is an upper bound of it.</summary>
    public const string Worst = "all attacks";

    /// <summary>The curves of some attacks and, behind them, that of all together.</summary>
    /// <param name="attacks">The attacks' names.</param>
    /// <param name="fates">What became of each image under each attack: <c>[image][attack]</c>, at least one image.</param>
    /// <exception cref="InputException">There are no images.</exception>
    public static IReadOnlyList<RobustnessCurve> Of(IReadOnlyList<string> attacks, IReadOnlyList<IReadOnlyList<ImageFate>> fates)
    {
        if (fates.Count == 0)
        {
            throw new InputException("robust accuracy of no images: expected at least one");
        }

        var clean = new Proportion(fates.Count(f => !f[0].IsBrokenClean), fates.Count);
        return
        [
            .. attacks.Select((name, a) => Curve(name, (f, e) => f[a].Broken[e])),
            Curve(Worst, (f, e) => f.Any(one => one.Broken[e])),
        ];

        RobustnessCurve Curve(string name, Func<IReadOnlyList<ImageFate>, int, bool> isBroken) => new(name, clean,
            [.. Enumerable.Range(0, fates[0][0].Broken.Count).Select(e => new Proportion(fates.Count(f => !isBroken(f, e)), fates.Count))]);
    }

    /// <summary>
    /// Signs that a network hides its gradients instead of being robust (N. Carlini et al., "On Evaluating Adversarial Robustness", 2019),
    /// one line each: images that stand at <see cref="RobustnessProbe.Far"/>, black-box queries or one step that do better than many steps
    /// along the gradient, and losses without any slope.
    /// </summary>
    /// <param name="attacks">The attacks' names.</param>
    /// <param name="fates">As in <see cref="Of"/>.</param>
    /// <param name="epsilons">The distances.</param>
    public static IReadOnlyList<string> Alarms(
        IReadOnlyList<string> attacks, IReadOnlyList<IReadOnlyList<ImageFate>> fates, IReadOnlyList<Epsilon> epsilons)
    {
        var alarms = new List<string>();
        for (int a = 0; a < attacks.Count; a++)
        {
            int standing = fates.Count(f => f[a].BrokenFar == false);
            if (standing > 0)
            {
                alarms.Add($"{attacks[a]}: {standing} of {fates.Count} images stand even at {RobustnessProbe.Far}/255, where every "
                    + "image can be made grey: the attack does not work on this network, and its curve says nothing");
            }
        }

        int flat = fates.Count(f => f.Any(one => !one.HasGradient));
        if (flat > 0)
        {
            alarms.Add($"the loss has no slope at {flat} of {fates.Count} clean images: attacks along the gradient cannot start there");
        }

        Compare("square", "pgd", "queries without gradients do better than many steps along them");
        foreach (string many in (string[])["bim", "pgd"])
        {
            Compare("fgsm", many, "one step does better than many");
        }

        return alarms;

        void Compare(string weak, string strong, string words)
        {
            int w = attacks.ToList().IndexOf(weak), s = attacks.ToList().IndexOf(strong);
            for (int e = 0; w >= 0 && s >= 0 && e < epsilons.Count; e++)
            {
                int better = fates.Count(f => f[w].Broken[e]), worse = fates.Count(f => f[s].Broken[e]);
                if (better > worse)
                {
                    alarms.Add($"{weak} breaks {better} images at {epsilons[e]} and {strong} {worse}: {words}, so gradients may mislead");
                    return;
                }
            }
        }
    }
}
