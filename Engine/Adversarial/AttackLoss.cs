using Interp.Engine.Common;

namespace Interp.Engine.Adversarial;

/// <summary>What an attack makes grow: a function of the logits that is large where the goal is reached.</summary>
public abstract class AttackLoss
{
    /// <summary>All losses, by name.</summary>
    public static Catalog<AttackLoss> All { get; } = new("loss", l => l.Name, new CrossEntropyLoss(), new MarginLoss());

    /// <summary>Its name on the command line.</summary>
    public abstract string Name { get; }

    /// <summary>The loss.</summary>
    public abstract double Value(ReadOnlySpan<float> logits, AttackGoal goal);

    /// <summary>∂loss/∂logit for each class.</summary>
    public abstract float[] Gradient(ReadOnlySpan<float> logits, AttackGoal goal);
}
