namespace Interp.Engine.Adversarial;

/// <summary>
/// The ascent of Auto-PGD (F. Croce, M. Hein, ICML 2020, section 3): z = Π(x + η·d), x ← Π(x + 0.75·(z − x) + 0.25·(x − x_before)), with
/// η = 2ε at first. At checkpoints η is halved, and the ascent goes back to the best image, where fewer than three quarters of the steps
/// since the last one raised the loss, or where neither η nor the best loss has changed since. The first step counts as rising where it
/// beats the start, as in the paper; the authors' program compares it with 0.
/// </summary>
/// <param name="problem">The image, the goal and the ball.</param>
/// <param name="search">Looks at the images.</param>
/// <param name="loss">What grows.</param>
/// <param name="goal">What the loss is to reach: the problem's goal, or a class on the way to it.</param>
/// <param name="steps">Steps at most.</param>
internal sealed class AutoStep(AttackProblem problem, Search search, AttackLoss loss, AttackGoal goal, int steps)
{
    private const double Momentum = 0.75, RisingShare = 0.75;

    /// <summary>The steps after which η is looked at: at 22 % of the steps, then after gaps that shrink by 3 % to 6 %.</summary>
    internal static IEnumerable<int> Checkpoints(int steps)
    {
        int gap = Part(0.22), least = Part(0.06), shrink = Part(0.03);
        for (int at = gap; at <= steps; at += gap = Math.Max(gap - shrink, least))
        {
            yield return at;
        }

        int Part(double share) => Math.Max((int)(share * steps), 1);
    }

    /// <summary>Climbs from an image of the ball until the search has reached the problem's goal.</summary>
    internal void Climb(float[] start)
    {
        var checkpoints = new Queue<int>(Checkpoints(steps));
        float[] x = start, before = [.. x], next = new float[x.Length], gradient = new float[x.Length];
        double rate = 2 * problem.Ball.Radius, value = Look(x, gradient), most = value, mostAtCheck = value;
        float[] best = [.. x], bestGradient = [.. gradient];
        int rising = 0, checkedAt = 0;
        bool halved = true;
        for (int t = 1; t <= steps && !search.Reached && gradient.AsSpan().ContainsAnyExcept(0f); t++)
        {
            Step(x, before, gradient, next, rate, t == 1 ? 1 : Momentum);
            (before, x, next) = (x, next, before);
            double now = Look(x, gradient);
            rising += now > value ? 1 : 0;
            value = now;
            if (now > most)
            {
                most = now;
                x.CopyTo(best, 0);
                gradient.CopyTo(bestGradient, 0);
            }

            if (!checkpoints.TryPeek(out int check) || t != check)
            {
                continue;
            }

            checkpoints.Dequeue();
            halved = rising <= RisingShare * (t - checkedAt) || (!halved && mostAtCheck >= most);
            (mostAtCheck, rising, checkedAt) = (most, 0, t);
            if (halved)
            {
                rate /= 2;
                best.CopyTo(x, 0);
                bestGradient.CopyTo(gradient, 0);
            }
        }
    }

    private double Look(float[] x, float[] gradient)
    {
        float[] logits = search.Look(x);
        if (!search.Reached)
        {
            search.Gradient(loss, goal, logits, gradient);
        }

        return loss.Value(logits, goal);
    }

    private void Step(float[] x, float[] before, float[] gradient, float[] next, double rate, double momentum)
    {
        problem.Ball.Norm.Steepest(gradient, next);
        for (int i = 0; i < x.Length; i++)
        {
            next[i] = (float)(x[i] + (rate * next[i]));
        }

        problem.Ball.Project(next);
        for (int i = 0; i < x.Length; i++)
        {
            next[i] = (float)(x[i] + (momentum * ((double)next[i] - x[i])) + ((1 - momentum) * ((double)x[i] - before[i])));
        }

        problem.Ball.Project(next);
    }
}
