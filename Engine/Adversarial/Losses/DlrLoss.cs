namespace Interp.Engine.Adversarial;

/// <summary>
/// The difference of logits ratio, −(z_y − max_{j≠y} z_j) / (z_(1) − z_(3)), or of a target −(z_y − z_t) / (z_(1) − (z_(3) + z_(4))/2),
/// where z_(k) is the k-th largest logit: unlike the cross-entropy it does not change when all logits are scaled or moved. The gradient
/// goes through the denominator too. (F. Croce, M. Hein, ICML 2020, equations 4 and 6.)
/// </summary>
internal sealed class DlrLoss : AttackLoss
{
    private const double Least = 1e-12;

    internal static DlrLoss Instance { get; } = new();

    public override string Name => "dlr";

    public override int LeastClasses(AttackGoal goal) => goal.Target is null ? 3 : 4;

    public override double Value(ReadOnlySpan<float> logits, AttackGoal goal)
    {
        (double over, double under, _, _) = Parts(logits, goal);
        return -over / under;
    }

    public override float[] Gradient(ReadOnlySpan<float> logits, AttackGoal goal)
    {
        (double over, double under, int[] order, int other) = Parts(logits, goal);
        var gradient = new double[logits.Length];
        gradient[goal.From] -= 1 / under;
        gradient[other] += 1 / under;
        double ratio = over / (under * under);
        gradient[order[0]] += ratio;
        foreach (int k in order.Skip(2))
        {
            gradient[k] -= ratio / (order.Length - 2);
        }

        return Array.ConvertAll(gradient, g => (float)g);
    }

    /// <summary>Numerator, denominator, the classes of the largest three or four logits, and the class that should gain.</summary>
    private static (double Over, double Under, int[] Order, int Other) Parts(ReadOnlySpan<float> logits, AttackGoal goal)
    {
        float[] z = logits.ToArray();
        int[] order = [.. Enumerable.Range(0, z.Length).OrderByDescending(k => z[k]).Take(goal.Target is null ? 3 : 4)];
        int other = goal.Target ?? AttackGoal.Other(logits, goal.From);
        double under = z[order[0]] - order.Skip(2).Average(k => (double)z[k]) + Least;
        return ((double)z[goal.From] - z[other], under, order, other);
    }
}
