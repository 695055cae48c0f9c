using Interp.Engine.Attribution;
using Interp.Engine.Backends;
using Interp.Engine.Imaging;

namespace Interp.Engine.Adversarial;

/// <summary>
/// Seeks the nearest image among those of 8 bits, where values change by whole levels: the cheapest change in whole levels that, by a
/// gradient, takes the clean image over the boundary, again and again with the gradient taken where the last change ended; then changes
/// that were not needed are taken back.
/// </summary>
/// <remarks>
/// With f = z_k − z_y, which is to rise above 0, and x_t = clean + d_t: ḡ_t = β·ḡ_{t−1} + (1 − β)·∇f(x_t), and d_{t+1} is the least d in
/// whole levels with f(x_t) + ⟨ḡ_t, d − d_t⟩ ≥ δ, by <see cref="LatticeMeasure"/>. The mean over steps, instead of the last gradient alone,
/// keeps d from jumping between the pieces of a piecewise linear network. k is at first the class whose boundary is cheapest by the clean
/// image's gradients, then the class that the last image with success has.
/// </remarks>
internal sealed class LatticeAttack : MinimalAttack
{
    private const int Insistence = 12;

    private static readonly MethodOption<int> s_steps = AttackOptions.Steps(40);

    private static readonly MethodOption<double> s_memory =
        MethodOption.Real("momentum", "β: what a step keeps of the gradients before it", 0.8, 0, 0.999);

    private static readonly MethodOption<LatticeMeasure> s_measure =
        MethodOption.Choice("least", "what is to be small", LatticeMeasure.All, LatticeMeasure.L2, m => m.Name);

    private static readonly MethodOption<int> s_most =
        MethodOption.Whole("most", "by how many levels a value may change", 255, 1, 255);

    public override string Name => "lattice";

    public override string Summary => "Fewest whole grey levels over the boundary, linearised again and again";

    public override string Source => "this program; steps to the linearised boundary are DeepFool's (CVPR 2016)";

    public override IReadOnlyList<PixelNorm> Norms => [PixelNorm.L2];

    public override IReadOnlyList<MethodOption> Options =>
        [s_steps, AttackOptions.Candidates, s_memory, s_measure, s_most, LatticeFinish.Rounds];

    public override Work MostWork(OptionValues options)
    {
        int steps = options.Get(s_steps);
        return new Work(1 + steps + Insistence, (long)steps + options.Get(AttackOptions.Candidates))
            + TakeBack.MostWork(options.Get(LatticeFinish.Rounds));
    }

    protected override float[] Seek(AttackProblem problem, float[] logits)
    {
        LatticeMeasure measure = problem.Options.Get(s_measure);
        float[] clean = problem.Surface.Clean;
        var pursuit = new Pursuit(problem, first: 1, distance: x => measure.Of(clean, x));
        Approach(pursuit, logits, measure);
        if (pursuit.Nearest is { } nearest)
        {
            TakeBack.Run(pursuit, measure, [.. nearest], problem.Options.Get(LatticeFinish.Rounds));
        }

        return pursuit.Answer;
    }

    private static void Approach(Pursuit pursuit, float[] logits, LatticeMeasure measure)
    {
        AttackProblem problem = pursuit.Problem;
        OptionValues options = problem.Options;
        int most = options.Get(s_most);
        float[] clean = problem.Surface.Clean, x = [.. clean], change = new float[x.Length], gradient = new float[x.Length];
        var mean = new float[x.Length];
        LogitPair pair = default;
        double least = double.PositiveInfinity;
        foreach (LogitPair candidate in LogitPair.Candidates(problem.Goal, logits, options.Get(AttackOptions.Candidates)))
        {
            pursuit.Gradient(candidate, gradient);
            double gap = Math.Max(-candidate.Value(logits), LogitPair.LeastGap);
            measure.Project(clean, gradient, gap, most, change);
            double price = 0;
            for (int i = 0; i < x.Length; i++)
            {
                price += measure.Price(Math.Abs((double)change[i]));
            }

            if (price > 0 && price < least)
            {
                (least, pair) = (price, candidate);
                gradient.CopyTo(mean, 0);
            }
        }

        double need = 0;
        double safety = Math.Max(Math.Abs(pair.Value(logits)) * 1e-3, LogitPair.LeastGap), memory = options.Get(s_memory);
        for (int step = 0; step < options.Get(s_steps) && double.IsFinite(least); step++)
        {
            need = safety - pair.Value(logits);
            for (int i = 0; i < x.Length; i++)
            {
                need += (double)mean[i] * (x[i] - clean[i]);
            }

            if (!(need > 0))
            {
                return;
            }

            logits = Try(need);
            pair = problem.Goal.Target is not null || problem.Goal.IsReached(logits) ? LogitPair.Of(problem.Goal, logits) : pair;
            pursuit.Gradient(pair, gradient);
            for (int i = 0; i < x.Length; i++)
            {
                mean[i] = (float)((memory * mean[i]) + ((1 - memory) * gradient[i]));
            }
        }

        // Where changes are large f is far from linear: as much more as it takes, by the last mean.
        for (int k = 0; k < Insistence && pursuit.Nearest is null && need > 0; k++)
        {
            Try(need *= 1.5);
        }

        float[] Try(double gain)
        {
            measure.Project(clean, mean, gain, most, change);
            for (int i = 0; i < x.Length; i++)
            {
                x[i] = clean[i] + change[i];
            }

            return pursuit.Look(x);
        }
    }
}
