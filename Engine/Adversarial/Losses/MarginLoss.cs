namespace Interp.Engine.Adversarial;

/// <summary>max_{j≠y} z_j − z_y, or z_t − max_{j≠t} z_j: above 0 exactly where the goal is reached.</summary>
internal sealed class MarginLoss : AttackLoss
{
    public override string Name => "margin";

    public override double Value(ReadOnlySpan<float> logits, AttackGoal goal) => -goal.Margin(logits);

    public override float[] Gradient(ReadOnlySpan<float> logits, AttackGoal goal)
    {
        var gradient = new float[logits.Length];
        int wanted = goal.Target ?? AttackGoal.Other(logits, goal.From);
        gradient[wanted] = 1;
        gradient[goal.Target is { } t ? AttackGoal.Other(logits, t) : goal.From] = -1;
        return gradient;
    }
}
