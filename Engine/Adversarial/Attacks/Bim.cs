using Interp.Engine.Attribution;
using Interp.Engine.Backends;

namespace Interp.Engine.Adversarial;

/// <summary>x ← Π(x + α·sign ∇ℓ) from the clean image.</summary>
internal sealed class Bim : GradientAttack
{
    private static readonly MethodOption<int> s_steps = AttackOptions.Steps(10);

    public override string Name => "bim";

    public override string Summary => "Small steps along the gradient's sign from the clean image";

    public override string Source => "A. Kurakin, I. Goodfellow, S. Bengio, ICLR workshop 2017, equation 2";

    public override IReadOnlyList<MethodOption> Options => [s_steps, AttackOptions.StepSize, AttackOptions.Loss];

    public override Work MostWork(OptionValues options) => SteepestAscent.Cost(options.Get(s_steps));

    private protected override void Run(AttackProblem problem, Search search)
    {
        int steps = problem.Options.Get(s_steps);
        SteepestAscent.Climb(
            problem, search, LossOf(problem.Options), [.. problem.Surface.Clean], steps, SteepestAscent.Rate(problem, steps));
    }
}
