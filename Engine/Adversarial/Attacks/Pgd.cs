using Interp.Engine.Attribution;
using Interp.Engine.Backends;

namespace Interp.Engine.Adversarial;

/// <summary>x ← Π(x + α·sign ∇ℓ), or α·∇ℓ/‖∇ℓ‖₂, from a random image of the ball.</summary>
internal sealed class Pgd : GradientAttack
{
    private static readonly MethodOption<int> s_steps = AttackOptions.Steps(40);

    public override string Name => "pgd";

    public override string Summary => "Steps along the gradient from a random start in the ball";

    public override string Source => "A. Madry et al., ICLR 2018, section 2.1";

    public override IReadOnlyList<MethodOption> Options =>
        [s_steps, AttackOptions.StepSize, AttackOptions.Restarts, AttackOptions.Loss];

    public override Work MostWork(OptionValues options)
    {
        Work one = SteepestAscent.Cost(options.Get(s_steps));
        int restarts = options.Get(AttackOptions.Restarts);
        return new Work(restarts * one.Forward, restarts * one.Backward);
    }

    private protected override void Run(AttackProblem problem, Search search)
    {
        int steps = problem.Options.Get(s_steps);
        for (int i = 0; i < problem.Options.Get(AttackOptions.Restarts) && !search.Reached; i++)
        {
            SteepestAscent.Climb(
                problem, search, LossOf(problem.Options), search.RandomStart(AttackStreams.Start + (ulong)i), steps,
                SteepestAscent.Rate(problem, steps));
        }
    }
}
