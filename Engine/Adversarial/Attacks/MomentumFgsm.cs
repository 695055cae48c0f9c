using Interp.Engine.Attribution;
using Interp.Engine.Backends;
using Interp.Engine.Imaging;

namespace Interp.Engine.Adversarial;

/// <summary>m ← μ·m + ∇ℓ/‖∇ℓ‖₁, x ← Π(x + (ε/steps)·sign m), or m/‖m‖₂, from the clean image.</summary>
internal sealed class MomentumFgsm : GradientAttack
{
    private static readonly MethodOption<int> s_steps = AttackOptions.Steps(10);
    private static readonly MethodOption<double> s_decay = MethodOption.Real(
        "decay", "share of earlier gradients that is kept at each step", 1, 0, 10);

    public override string Name => "mi-fgsm";

    public override string Summary => "Steps along the sign of gradients gathered on the way, which transfer better";

    public override string Source => "Y. Dong et al., CVPR 2018, algorithm 1";

    public override IReadOnlyList<MethodOption> Options => [s_steps, AttackOptions.StepSize, s_decay, AttackOptions.Loss];

    public override Work MostWork(OptionValues options) => SteepestAscent.Cost(options.Get(s_steps));

    private protected override void Run(AttackProblem problem, Search search)
    {
        int steps = problem.Options.Get(s_steps);
        SteepestAscent.Climb(
            problem, search, LossOf(problem.Options), [.. problem.Surface.Clean], steps, Rate(problem, steps),
            problem.Options.Get(s_decay));
    }

    /// <summary>The option's step, or the paper's ε/steps, to whole levels where images are on them in L∞: a smaller one would show the
    /// network the same image several times.</summary>
    private static double Rate(AttackProblem problem, int steps)
    {
        double given = problem.Options.Get(AttackOptions.StepSize), rate = problem.Ball.Radius / steps;
        return given > 0 ? given
            : problem.Lattice && problem.Ball.Norm == PixelNorm.LInf ? Math.Max(1, Math.Round(rate))
            : rate;
    }
}
