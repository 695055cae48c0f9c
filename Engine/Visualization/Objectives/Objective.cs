using Interp.Engine.Graph;

namespace Interp.Engine.Visualization.Objectives;

/// <summary>
/// A differentiable scalar F of a picture, to be made large. Objectives add, subtract, multiply and take weights:
/// <c>channel + 0.5 * other - 1e-3 * variation</c>.
/// </summary>
public abstract class Objective
{
    /// <summary>In words that <c>ObjectiveParser</c> reads back: <c>features.28:264</c>.</summary>
    public abstract string Name { get; }

    /// <summary>The nodes whose activations it looks at.</summary>
    public abstract IEnumerable<Node> Nodes { get; }

    /// <summary>F for each picture, and its gradients. Deterministic.</summary>
    public abstract ObjectiveValue Evaluate(Observation seen);

    /// <inheritdoc/>
    public override string ToString() => Name;
}
