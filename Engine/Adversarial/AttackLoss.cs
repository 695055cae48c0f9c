using Interp.Engine.Common;

namespace Interp.Engine.Adversarial;

/// <summary>What an attack makes grow: a function of the logits that is large where the goal is reached.</summary>
public abstract class AttackLoss
{
    /// <summary>All losses, by name.</summary>
    public static Catalog<AttackLoss> All { get; } = new("loss", l => l.Name, CrossEntropy, new MarginLoss(), DifferenceOfLogitsRatio);

    /// <summary>The cross-entropy.</summary>
    internal static AttackLoss CrossEntropy => CrossEntropyLoss.Instance;

    /// <summary>The difference of logits ratio.</summary>
    internal static AttackLoss DifferenceOfLogitsRatio => DlrLoss.Instance;

    /// <summary>Its name on the command line.</summary>
    public abstract string Name { get; }

    /// <summary>The fewest classes that it is defined for.</summary>
    public virtual int LeastClasses(AttackGoal goal) => 2;

    /// <summary>The loss.</summary>
    public abstract double Value(ReadOnlySpan<float> logits, AttackGoal goal);

    /// <summary>∂loss/∂logit for each class.</summary>
    public abstract float[] Gradient(ReadOnlySpan<float> logits, AttackGoal goal);

    /// <summary>The gradient's direction: the gradient times a number above 0, so that it does not vanish where the network is sure
    /// of itself. What most attacks need, since they take its sign or divide it by its length.</summary>
    public virtual float[] Direction(ReadOnlySpan<float> logits, AttackGoal goal) => Gradient(logits, goal);
}
