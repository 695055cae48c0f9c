using System.Globalization;
using Interp.Engine.Attribution;
using Interp.Engine.Backends;
using Interp.Engine.Common;
using Interp.Engine.Imaging;

namespace Interp.Engine.Adversarial;

/// <summary>
/// The standard ensemble of AutoAttack: apgd-ce, apgd-t, fab, square, each from the clean image and only while the image stands, each as
/// the authors set it. What cannot be run on a network is left out, which is said.
/// </summary>
internal sealed class AutoAttack : Attack
{
    /// <summary>Classes that apgd-t and fab seek one after another.</summary>
    private const int Targets = 9;

    private static readonly MethodOption<int> s_steps = AttackOptions.Steps(100);
    private static readonly MethodOption<int> s_queries = MethodOption.Whole(
        "queries", "images that its square attack looks at, at most", 5000, 1, 10_000_000);

    public override string Name => "autoattack";

    public override string Summary => "Four attacks one after another, until one succeeds";

    public override string Source => "F. Croce, M. Hein, ICML 2020, section 6";

    public override IReadOnlyList<PixelNorm> Norms => [PixelNorm.LInf, PixelNorm.L2];

    public override IReadOnlyList<MethodOption> Options => [s_steps, s_queries];

    public override Work MostWork(OptionValues options) =>
        Parts.Select(p => p.MostWork(OptionsOf(p, options))).Aggregate((a, b) => a + b);

    private static IEnumerable<Attack> Parts => ((string[])["apgd-ce", "apgd-t", "fab", "square"]).Select(Attacks.All.Find);

    public override float[] Run(AttackProblem problem)
    {
        float[]? best = null;
        double least = double.PositiveInfinity;
        foreach (Attack attack in Parts)
        {
            OptionValues options = OptionsOf(attack, problem.Options);
            if (Refusal(problem, attack, options) is { } why)
            {
                problem.Say?.Invoke($"{attack.Name} is left out: {why}");
                continue;
            }

            float[] found = attack.Run(problem with { Options = options });
            float[] logits = problem.Model.Logits(found, problem.Cancel);
            if (problem.Goal.IsReached(logits) && problem.Ball.Contains(found))
            {
                problem.Say?.Invoke($"broken by {attack.Name}");
                return found;
            }

            if (best is null || problem.Goal.Margin(logits) < least)
            {
                (best, least) = (found, problem.Goal.Margin(logits));
            }
        }

        return best ?? problem.Surface.Clean;
    }

    private static OptionValues OptionsOf(Attack attack, OptionValues options)
    {
        (string Name, int Value)[] values =
            [("steps", options.Get(s_steps)), ("queries", options.Get(s_queries)), ("targets", Targets), ("classes", Targets)];
        return attack.Configure(values.Where(v => attack.Options.Any(o => o.Name == v.Name)).ToDictionary(
            v => v.Name, v => v.Value.ToString(CultureInfo.InvariantCulture)));
    }

    private static string? Refusal(AttackProblem problem, Attack attack, OptionValues options)
    {
        int classes = attack.LeastClasses(problem.Goal, options);
        return problem.Model.Network.Classes < classes ? $"it needs {classes} classes or more"
            : !attack.Norms.Contains(problem.Ball.Norm) ? $"it does not work in norm {problem.Ball.Norm.Name}"
            : problem.Goal.Target is not null && !attack.CanTarget ? "it cannot seek a given class"
            : null;
    }
}
