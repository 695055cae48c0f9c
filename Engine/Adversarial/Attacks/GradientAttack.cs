using Interp.Engine.Attribution;
using Interp.Engine.Imaging;

namespace Interp.Engine.Adversarial;

/// <summary>An attack that climbs a loss along its gradient within a given ε, in either norm.</summary>
internal abstract class GradientAttack : Attack
{
    public override IReadOnlyList<PixelNorm> Norms => [PixelNorm.LInf, PixelNorm.L2];

    public override int LeastClasses(AttackGoal goal, OptionValues options) => LossOf(options).LeastClasses(goal);

    public sealed override float[] Run(AttackProblem problem)
    {
        var search = new Search(problem);
        Run(problem, search);
        return search.Best;
    }

    /// <summary>What grows.</summary>
    protected virtual AttackLoss LossOf(OptionValues options) => options.Get(AttackOptions.Loss);

    /// <summary>Looks at images until the search has reached the goal.</summary>
    private protected abstract void Run(AttackProblem problem, Search search);
}
