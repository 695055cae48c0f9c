using Interp.Engine.Attribution;
using Interp.Engine.Backends;
using Interp.Engine.Imaging;

namespace Interp.Engine.Adversarial;

/// <summary>
/// Steps along the steepest direction of the loss, each followed by the projection on the ball: x ← Π(x + α·d), d = sign(g) or g/‖g‖₂; with
/// momentum d is that of m ← μ·m + g/‖g‖₁. Ends with the first image that reaches the goal; FGSM, BIM, PGD and MI-FGSM are this with other
/// numbers.
/// </summary>
internal static class SteepestAscent
{
    /// <param name="problem">The image, the goal and the ball.</param>
    /// <param name="search">Looks at the images, and keeps the one to return.</param>
    /// <param name="loss">What grows.</param>
    /// <param name="start">The first image, in the ball; it is overwritten.</param>
    /// <param name="steps">Steps at most.</param>
    /// <param name="rate">α in grey levels.</param>
    /// <param name="momentum">μ; 0 for none.</param>
    internal static void Climb(
        AttackProblem problem, Search search, AttackLoss loss, float[] start, int steps, double rate, double momentum = 0)
    {
        float[] x = start, gradient = new float[x.Length];
        float[] memory = momentum > 0 ? new float[x.Length] : gradient;
        for (int t = 0; ; t++)
        {
            float[] logits = search.Look(x);
            if (search.Reached || t == steps)
            {
                return;
            }

            search.Gradient(loss, problem.Goal, logits, gradient);
            if (momentum > 0)
            {
                Remember(gradient, memory, momentum);
            }

            if (!memory.AsSpan().ContainsAnyExcept(0f))
            {
                return;
            }

            problem.Ball.Norm.Steepest(memory, gradient);
            for (int i = 0; i < x.Length; i++)
            {
                x[i] += (float)(rate * gradient[i]);
            }

            problem.Ball.Project(x);
        }
    }

    /// <summary>The most passes of so many steps.</summary>
    internal static Work Cost(int steps) => new(steps + 1, steps);

    /// <summary>The option's step, or the usual one: in L∞ ε/4, a whole number of levels where ε has any, and in L2 2.5·ε/steps.</summary>
    internal static double Rate(AttackProblem problem, int steps)
    {
        double given = problem.Options.Get(AttackOptions.StepSize), radius = problem.Ball.Radius;
        return given > 0 ? given
            : problem.Ball.Norm == PixelNorm.L2 ? 2.5 * radius / steps
            : radius >= 1 ? Math.Max(1, Math.Round(radius / 4))
            : radius / 4;
    }

    private static void Remember(float[] gradient, float[] memory, double momentum)
    {
        double size = 0;
        foreach (float g in gradient)
        {
            size += Math.Abs((double)g);
        }

        double scale = size > 0 && double.IsFinite(size) ? 1 / size : 0;
        for (int i = 0; i < memory.Length; i++)
        {
            memory[i] = (float)((momentum * memory[i]) + (scale == 0 ? 0 : gradient[i] * scale));
        }
    }
}
