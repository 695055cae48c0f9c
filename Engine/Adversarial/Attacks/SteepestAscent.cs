using Interp.Engine.Backends;
using Interp.Engine.Imaging;

namespace Interp.Engine.Adversarial;

/// <summary>
/// Steps along the steepest direction of the loss, each followed by the projection on the ball: x ← Π(x + α·d), d = sign(g) or g/‖g‖₂. Ends
/// with the first image that reaches the goal; FGSM, BIM and PGD are this with other numbers.
/// </summary>
internal static class SteepestAscent
{
    /// <param name="problem">The image, the goal and the ball.</param>
    /// <param name="loss">What grows.</param>
    /// <param name="start">The first image, in the ball.</param>
    /// <param name="steps">Steps at most.</param>
    /// <param name="rate">α in grey levels.</param>
    /// <returns>The first image that reaches the goal, or the one with the least margin.</returns>
    internal static float[] Climb(AttackProblem problem, AttackLoss loss, float[] start, int steps, double rate)
    {
        float[] x = [.. start], best = [.. start];
        var gradient = new float[x.Length];
        var direction = new float[x.Length];
        double least = double.PositiveInfinity;
        for (int t = 0; ; t++)
        {
            float[] logits = problem.Look(t, x);
            double margin = problem.Goal.Margin(logits);
            if (margin < least || problem.Goal.IsReached(logits))
            {
                least = margin;
                x.CopyTo(best, 0);
            }

            if (t == steps || problem.Goal.IsReached(logits))
            {
                return best;
            }

            problem.Model.Gradient(loss.Gradient(logits, problem.Goal), gradient, problem.Cancel);
            problem.Ball.Norm.Steepest(gradient, direction);
            for (int i = 0; i < x.Length; i++)
            {
                x[i] += (float)(rate * direction[i]);
            }

            problem.Ball.Project(x);
        }
    }

    internal static Work Cost(int steps) => new(steps + 1, steps);
}
