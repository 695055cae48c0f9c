using Interp.Engine.Common;

namespace Interp.Engine.Adversarial;

/// <summary>All attacks.</summary>
public static class Attacks
{
    /// <summary>By name.</summary>
    public static Catalog<Attack> All { get; } = new(
        "attack", a => a.Name,
        new Fgsm(), new Bim(), new Pgd(), new MomentumFgsm(),
        new Apgd("apgd-ce", AttackLoss.CrossEntropy), new Apgd("apgd-dlr", AttackLoss.DifferenceOfLogitsRatio), new ApgdTargeted(),
        new Square(), new AutoAttack(),
        new DeepFool(), new LatticeAttack(), new SmallestLInf(), new CarliniWagner(), new Fab());
}
