namespace Interp.Engine.Adversarial;

/// <summary>Two classes and the boundary between them: f = z_up − z_down, which an attack makes grow until it is above 0.</summary>
/// <param name="Up">The class whose logit is to grow.</param>
/// <param name="Down">The class whose logit is to fall.</param>
internal readonly record struct LogitPair(int Up, int Down)
{
    /// <summary>What f is taken to be below 0 by at least, so that an image that is on a boundary leaves it.</summary>
    internal const double LeastGap = 1e-4;

    /// <summary>The pair that decides at these logits: the best other class against y, or t against the best other class. Its f is minus
    /// <see cref="AttackGoal.Margin"/>.</summary>
    internal static LogitPair Of(AttackGoal goal, ReadOnlySpan<float> logits) => goal.Target is { } t
        ? new LogitPair(t, AttackGoal.Other(logits, t))
        : new LogitPair(AttackGoal.Other(logits, goal.From), goal.From);

    /// <summary>The boundaries that may be the nearest: those to the classes with the largest logits besides y, the largest first and the
    /// lowest of equal ones first; or, of a targeted goal, the one that decides.</summary>
    /// <param name="goal">The goal.</param>
    /// <param name="logits">The logits.</param>
    /// <param name="count">How many at most.</param>
    internal static LogitPair[] Candidates(AttackGoal goal, float[] logits, int count) => goal.Target is not null
        ? [Of(goal, logits)]
        : [.. Enumerable.Range(0, logits.Length).Where(k => k != goal.From).OrderByDescending(k => logits[k]).Take(count)
            .Select(k => new LogitPair(k, goal.From))];

    /// <summary>f.</summary>
    internal double Value(ReadOnlySpan<float> logits) => (double)logits[Up] - logits[Down];

    /// <summary>∂f/∂logits.</summary>
    internal float[] Seed(int classes)
    {
        var seed = new float[classes];
        (seed[Up], seed[Down]) = (1, -1);
        return seed;
    }
}
