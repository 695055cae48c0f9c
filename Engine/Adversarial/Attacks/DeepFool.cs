using Interp.Engine.Attribution;
using Interp.Engine.Backends;
using Interp.Engine.Imaging;

namespace Interp.Engine.Adversarial;

/// <summary>
/// Steps to the nearest of the boundaries as they look from where the image is: with f_k = z_k − z_y and w_k = ∇f_k, k* is
/// argmin |f_k|/‖w_k‖ and r += |f|/‖w‖₂² · w (L2), r += |f|/‖w‖₁ · sign w (L∞); the image is clean + (1 + η)·r, clipped to the box.
/// On a linear network one step does, and ‖r‖₂ = |f|/‖w‖₂. (S. Moosavi-Dezfooli, A. Fawzi, P. Frossard, CVPR 2016, algorithm 2.)
/// </summary>
/// <remarks>Of a targeted goal the boundary is that between the target and the best other class. |f| is taken as at least 1e-4, so that an
/// image on a boundary leaves it.</remarks>
internal sealed class DeepFool : MinimalAttack
{
    private static readonly MethodOption<int> s_steps = AttackOptions.Steps(50);

    private static readonly MethodOption<double> s_overshoot =
        MethodOption.Real("overshoot", "η: how far beyond the boundary, as a share of the way", 0.02, 0, 10);

    public override string Name => "deepfool";

    public override string Summary => "Steps to the nearest linearised boundary";

    public override string Source => "S. Moosavi-Dezfooli, A. Fawzi, P. Frossard, CVPR 2016, algorithm 2";

    public override IReadOnlyList<PixelNorm> Norms => [PixelNorm.L2, PixelNorm.LInf];

    public override IReadOnlyList<MethodOption> Options => [s_steps, AttackOptions.Candidates, s_overshoot, LatticeFinish.Rounds];

    public override Work MostWork(OptionValues options)
    {
        int steps = options.Get(s_steps);
        return new Work(1 + steps, (long)steps * options.Get(AttackOptions.Candidates)) + LatticeFinish.MostWork(options);
    }

    protected override float[] Seek(AttackProblem problem, float[] logits)
    {
        OptionValues options = problem.Options;
        var pursuit = new Pursuit(problem, first: 1);
        bool even = problem.Ball.Norm == PixelNorm.LInf;
        double stretch = 1 + options.Get(s_overshoot);
        float[] clean = problem.Surface.Clean, x = [.. clean], w = new float[x.Length], nearest = new float[x.Length];
        var r = new double[x.Length];
        for (int step = 0; step < options.Get(s_steps) && !pursuit.IsReached(logits); step++)
        {
            (double least, double f, double norm) = (double.PositiveInfinity, 0, 0);
            foreach (LogitPair pair in LogitPair.Candidates(problem.Goal, logits, options.Get(AttackOptions.Candidates)))
            {
                pursuit.Gradient(pair, w);
                double size = Size(w, even), distance = Math.Abs(pair.Value(logits)) / size;
                if (distance < least)
                {
                    (least, f, norm) = (distance, Math.Max(Math.Abs(pair.Value(logits)), LogitPair.LeastGap), size);
                    (w, nearest) = (nearest, w);
                }
            }

            if (!double.IsFinite(least))
            {
                break; // No logit depends on the image here.
            }

            for (int i = 0; i < x.Length; i++)
            {
                r[i] += even ? f / norm * Math.Sign(nearest[i]) : f / (norm * norm) * nearest[i];
                x[i] = (float)Math.Clamp(clean[i] + (stretch * r[i]), 0, 255);
            }

            logits = pursuit.Look(x);
        }

        return LatticeFinish.Of(pursuit);
    }

    /// <summary>The norm that gives the distance to a boundary: ‖w‖₂ for L2, ‖w‖₁ for L∞.</summary>
    private static double Size(float[] w, bool even)
    {
        double sum = 0;
        foreach (float v in w)
        {
            sum += even ? Math.Abs((double)v) : (double)v * v;
        }

        return even ? sum : Math.Sqrt(sum);
    }
}
