using Interp.Engine.Attribution;
using Interp.Engine.Backends;

namespace Interp.Engine.Adversarial;

/// <summary>How attacks end that work between the levels: where whole levels are asked for, by <see cref="LatticeRepair"/>.</summary>
internal static class LatticeFinish
{
    /// <summary>How often changes that were not needed are taken back.</summary>
    internal static readonly MethodOption<int> Rounds =
        MethodOption.Whole("take-back", "rounds of taking back changes of the saved image", 4, 0, 1000);

    /// <summary>The most that it adds to an attack's passes.</summary>
    internal static Work MostWork(OptionValues options) => LatticeRepair.MostWork(options.Get(Rounds));

    /// <summary>The answer of an attack that has looked at images between the levels: its own or, where whole levels are asked for, the
    /// nearest image on them that can be made of it.</summary>
    internal static float[] Of(Pursuit pursuit)
    {
        AttackProblem problem = pursuit.Problem;
        if (!problem.Lattice)
        {
            return pursuit.Answer;
        }

        Pursuit whole = pursuit.OnWholeLevels();
        LatticeRepair.Run(whole, LatticeMeasure.L2, pursuit.Answer, problem.Options.Get(Rounds));
        return whole.Answer;
    }
}
