using Interp.Engine.Attribution;
using Interp.Engine.Backends;

namespace Interp.Engine.Adversarial;

/// <summary>Auto-PGD toward each of the classes next in likelihood, with the targeted difference of logits ratio; any wrong class
/// counts.</summary>
internal sealed class ApgdTargeted : GradientAttack
{
    private static readonly MethodOption<int> s_targets = MethodOption.Whole(
        "targets", "classes that are tried, the likeliest first", 9, 1, 10_000);

    public override string Name => "apgd-t";

    public override string Summary => "Steps that halve themselves, toward each of the likeliest other classes";

    public override string Source => Apgd.Paper + ", equation 6";

    public override IReadOnlyList<MethodOption> Options => [Apgd.Steps, AttackOptions.Restarts, s_targets];

    public override Work MostWork(OptionValues options) => Apgd.Cost(options, options.Get(s_targets)) + new Work(1, 0);

    protected override AttackLoss LossOf(OptionValues options) => AttackLoss.DifferenceOfLogitsRatio;

    /// <summary>Those of the loss with a target, which it has in every ascent.</summary>
    public override int LeastClasses(AttackGoal goal, OptionValues options) => base.LeastClasses(goal with { Target = 0 }, options);

    private protected override void Run(AttackProblem problem, Search search)
    {
        int[] targets = problem.Goal.Target is { } only ? [only] : Targets(problem);
        ulong run = 0;
        for (int i = 0; i < problem.Options.Get(AttackOptions.Restarts); i++)
        {
            foreach (int target in targets)
            {
                var ascent = new AutoStep(
                    problem, search, AttackLoss.DifferenceOfLogitsRatio, problem.Goal with { Target = target },
                    problem.Options.Get(Apgd.Steps));
                ascent.Climb(search.RandomStart(AttackStreams.Start + run++));
                if (search.Reached)
                {
                    return;
                }
            }
        }
    }

    /// <summary>The classes with the largest logits but for the one that is attacked.</summary>
    private static int[] Targets(AttackProblem problem)
    {
        float[] logits = problem.Model.Logits(problem.Surface.Clean, problem.Cancel);
        return [.. LogitPair.Candidates(problem.Goal, logits, problem.Options.Get(s_targets)).Select(p => p.Up)];
    }
}
