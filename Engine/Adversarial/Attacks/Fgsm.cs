using Interp.Engine.Attribution;
using Interp.Engine.Backends;

namespace Interp.Engine.Adversarial;

/// <summary>x + ε·sign ∇ℓ (L∞), x + ε·∇ℓ/‖∇ℓ‖₂ (L2), clipped to the box.</summary>
internal sealed class Fgsm : GradientAttack
{
    public override string Name => "fgsm";

    public override string Summary => "One step along the gradient's sign";

    public override string Source => "I. Goodfellow, J. Shlens, C. Szegedy, ICLR 2015, section 4";

    public override IReadOnlyList<MethodOption> Options => [AttackOptions.Loss];

    public override Work MostWork(OptionValues options) => SteepestAscent.Cost(1);

    private protected override void Run(AttackProblem problem, Search search) => SteepestAscent.Climb(
        problem, search, LossOf(problem.Options), [.. problem.Surface.Clean], 1, problem.Ball.Radius);
}
