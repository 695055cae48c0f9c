namespace Interp.Engine.Adversarial;

/// <summary>max_{j≠y} z_j − z_y, or z_t − max_{j≠t} z_j: above 0 exactly where the goal is reached.</summary>
internal sealed class MarginLoss : AttackLoss
{
    public override string Name => "margin";

    public override double Value(ReadOnlySpan<float> logits, AttackGoal goal) => -goal.Margin(logits);

    public override float[] Gradient(ReadOnlySpan<float> logits, AttackGoal goal) =>
        LogitPair.Of(goal, logits).Seed(logits.Length);
}
