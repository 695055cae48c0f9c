using Interp.Engine.Attribution;
using Interp.Engine.Backends;
using Interp.Engine.Imaging;

namespace Interp.Engine.Adversarial;

/// <summary>
/// Projects both the image it has come to, x, and the clean one, x₀, on the boundary as it looks from x, inside the box
/// (<see cref="BoxedHyperplane"/>): d₁ and d₂ reach it. x ← clip((1 − α)·(x + η·d₁) + α·(x₀ + η·d₂)) with α = min(‖d₁‖/(‖d₁‖ + ‖d₂‖), 0.1)
/// is drawn to what is near x₀; after a success x ← x₀ + β·(x − x₀) steps back. The nearest success counts. (F. Croce, M. Hein, ICML 2020.)
/// </summary>
/// <remarks>As AutoAttack's FAB-T: for each of the classes whose linearised boundaries are nearest one run from the clean image, each of
/// them to its end. Of a targeted goal there is one run, against the best other class of the moment.</remarks>
internal sealed class Fab : MinimalAttack
{
    private static readonly MethodOption<int> s_steps = MethodOption.Whole("steps", "steps for each class", 30, 1, 10000);

    private static readonly MethodOption<int> s_classes =
        MethodOption.Whole("classes", "classes that are sought, those that look nearest first", 3, 1, 10000);

    private static readonly MethodOption<int> s_candidates =
        MethodOption.Whole("candidates", "classes from which these are chosen, by logit", 10, 1, 10000);

    private static readonly MethodOption<double> s_bias =
        MethodOption.Real("bias", "the most that the clean image's projection weighs", 0.1, 0, 1);

    private static readonly MethodOption<double> s_overshoot =
        MethodOption.Real("overshoot", "η: the length of a step, 1 ending on the boundary", 1.05, 1, 10);

    private static readonly MethodOption<double> s_back =
        MethodOption.Real("back", "β: what is left of a change after a success", 0.9, 0, 1);

    public override string Name => "fab";

    public override string Summary => "Projections on the linearised boundary, drawn to the clean image";

    public override string Source => "F. Croce, M. Hein, ICML 2020, algorithm 1; AutoAttack's targeted form";

    public override IReadOnlyList<PixelNorm> Norms => [PixelNorm.L2, PixelNorm.LInf];

    public override IReadOnlyList<MethodOption> Options =>
        [s_steps, s_classes, s_candidates, s_bias, s_overshoot, s_back, LatticeFinish.Rounds];

    public override Work MostWork(OptionValues options)
    {
        long passes = (long)options.Get(s_steps) * options.Get(s_classes);
        return new Work(1 + passes, passes + options.Get(s_candidates)) + LatticeFinish.MostWork(options);
    }

    protected override float[] Seek(AttackProblem problem, float[] logits)
    {
        var pursuit = new Pursuit(problem, first: 1);
        foreach (LogitPair pair in Nearest(pursuit, logits))
        {
            Chase(pursuit, pair, logits);
        }

        return LatticeFinish.Of(pursuit);
    }

    /// <summary>The pairs whose linearised boundaries are nearest to the clean image, inside the box.</summary>
    private static List<LogitPair> Nearest(Pursuit pursuit, float[] logits)
    {
        AttackProblem problem = pursuit.Problem;
        float[] clean = problem.Surface.Clean, w = new float[clean.Length], change = new float[clean.Length], zero = new float[clean.Length];
        var distances = new List<(LogitPair Pair, double Distance)>();
        foreach (LogitPair pair in LogitPair.Candidates(problem.Goal, logits, problem.Options.Get(s_candidates)))
        {
            pursuit.Gradient(pair, w);
            bool inside = BoxedHyperplane.Project(clean, w, -pair.Value(logits), problem.Ball.Norm, 255, change);
            distances.Add((pair, inside ? problem.Ball.Norm.Distance(zero, change) : double.PositiveInfinity));
        }

        return [.. distances.OrderBy(d => d.Distance).Take(problem.Options.Get(s_classes)).Select(d => d.Pair)];
    }

    private static void Chase(Pursuit pursuit, LogitPair pair, float[] logits)
    {
        AttackProblem problem = pursuit.Problem;
        OptionValues options = problem.Options;
        PixelNorm norm = problem.Ball.Norm;
        double overshoot = options.Get(s_overshoot), back = options.Get(s_back), bias = options.Get(s_bias);
        float[] clean = problem.Surface.Clean, x = [.. clean], w = new float[x.Length], zero = new float[x.Length];
        float[] d1 = new float[x.Length], d2 = new float[x.Length];
        logits = problem.Model.Logits(x, problem.Cancel);
        for (int step = 0; step < options.Get(s_steps); step++)
        {
            pair = problem.Goal.Target is null ? pair : LogitPair.Of(problem.Goal, logits);
            pursuit.Gradient(pair, w);
            double f = pair.Value(logits), fClean = f;
            for (int i = 0; i < x.Length; i++)
            {
                fClean += (double)w[i] * (clean[i] - x[i]);
            }

            BoxedHyperplane.Project(x, w, -f, norm, 255, d1);
            BoxedHyperplane.Project(clean, w, -fClean, norm, 255, d2);
            double a1 = norm.Distance(zero, d1), a2 = norm.Distance(zero, d2);
            if (a1 == 0 && a2 == 0)
            {
                return; // The boundary does not show from here.
            }

            double alpha = a1 > 0 ? Math.Min(a1 / (a1 + a2), bias) : 0;
            for (int i = 0; i < x.Length; i++)
            {
                double moved = ((1 - alpha) * (x[i] + (overshoot * d1[i]))) + (alpha * (clean[i] + (overshoot * d2[i])));
                x[i] = (float)Math.Clamp(moved, 0, 255);
            }

            logits = pursuit.Look(x);
            if (pursuit.IsReached(logits) && step + 1 < options.Get(s_steps))
            {
                for (int i = 0; i < x.Length; i++)
                {
                    x[i] = (float)(clean[i] + (back * ((double)x[i] - clean[i])));
                }

                logits = pursuit.Look(x);
            }
        }
    }
}
