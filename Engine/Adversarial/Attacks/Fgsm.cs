using Interp.Engine.Attribution;
using Interp.Engine.Backends;
using Interp.Engine.Imaging;

namespace Interp.Engine.Adversarial;

/// <summary>x + ε·sign ∇ℓ (L∞), x + ε·∇ℓ/‖∇ℓ‖₂ (L2), clipped to the box; ℓ is the cross-entropy.</summary>
internal sealed class Fgsm : Attack
{
    public override string Name => "fgsm";

    public override string Summary => "One step along the gradient's sign";

    public override string Source => "I. Goodfellow, J. Shlens, C. Szegedy, ICLR 2015, section 4";

    public override IReadOnlyList<PixelNorm> Norms => [PixelNorm.LInf, PixelNorm.L2];

    public override Work MostWork(OptionValues options) => SteepestAscent.Cost(1);

    public override float[] Run(AttackProblem problem) => SteepestAscent.Climb(
        problem, AttackLoss.All.Find("ce"), problem.Surface.Clean, 1, problem.Ball.Radius);
}
