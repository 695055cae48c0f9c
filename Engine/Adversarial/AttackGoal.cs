namespace Interp.Engine.Adversarial;

/// <summary>What an attack is to reach: any other class (untargeted), or one class (targeted).</summary>
/// <param name="From">The class y that is attacked: the network's answer, or the true one.</param>
/// <param name="Target">The class t that is wanted, or null for any other than <paramref name="From"/>.</param>
public readonly record struct AttackGoal(int From, int? Target = null)
{
    /// <summary>Whether logits answer as wanted: the class with the largest logit (the lowest of equal ones, as predictions count) is t,
    /// or is not y. Logits that are no numbers are no success.</summary>
    public bool IsReached(ReadOnlySpan<float> logits)
    {
        int top = 0;
        for (int k = 0; k < logits.Length; k++)
        {
            if (!float.IsFinite(logits[k]))
            {
                return false;
            }

            top = logits[k] > logits[top] ? k : top;
        }

        return Target is { } t ? top == t : top != From;
    }

    /// <summary>How far logits are from the goal, at most 0 where it is reached: z_y − max_{j≠y} z_j, or max_{j≠t} z_j − z_t.</summary>
    public double Margin(ReadOnlySpan<float> logits) => Target is { } t
        ? (double)logits[Other(logits, t)] - logits[t]
        : (double)logits[From] - logits[Other(logits, From)];

    /// <summary>The class with the largest logit but one; the lowest of equal ones.</summary>
    public static int Other(ReadOnlySpan<float> logits, int but)
    {
        int best = but == 0 ? 1 : 0;
        for (int k = best + 1; k < logits.Length; k++)
        {
            best = k != but && logits[k] > logits[best] ? k : best;
        }

        return best;
    }
}
