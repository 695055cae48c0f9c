using Interp.Engine.Graph;
using Interp.Engine.Visualization.Objectives.Algebra;

namespace Interp.Engine.Visualization.Objectives;

/// <summary>
/// A differentiable scalar F of an image, to be made large. Objectives add, subtract, multiply and take weights:
/// <c>channel + 0.5 * other - 1e-3 * variation</c>.
/// </summary>
public abstract class Objective
{
    /// <summary>In words that <see cref="Parsing.ObjectiveParser"/> reads back: <c>features.28:264</c>.</summary>
    public abstract string Name { get; }

    /// <summary>The nodes whose activations it looks at, each once.</summary>
    public abstract IEnumerable<Node> Nodes { get; }

    /// <summary>How tightly the name's outermost operator binds.</summary>
    internal virtual Binding Binding => Binding.Atom;

    /// <summary>F for each image, and the way back from it. Deterministic.</summary>
    public abstract Pullback Run(Observation seen);

    /// <summary>F for each image, and the gradients of their sum. Deterministic.</summary>
    public ObjectiveValue Evaluate(Observation seen)
    {
        Pullback run = Run(seen);
        var gradient = new ObjectiveGradient(seen);
        var ones = new double[run.Values.Length];
        Array.Fill(ones, 1);
        run.Add(gradient, ones);
        return new ObjectiveValue(run.Values) { Activations = gradient.Activations, Images = gradient.Images };
    }

    /// <inheritdoc/>
    public override string ToString() => Name;

    /// <summary>A number is an objective that nothing changes.</summary>
    public static implicit operator Objective(double value) => new ConstantObjective(value);

    /// <summary>The sum for each image.</summary>
    public static Objective operator +(Objective left, Objective right) => SumObjective.Of(left, right);

    /// <summary>The difference for each image.</summary>
    public static Objective operator -(Objective left, Objective right) => left + (-right);

    /// <summary>What is large where the objective is small.</summary>
    public static Objective operator -(Objective objective) => ScaledObjective.Of(-1, objective);

    /// <summary>The product for each image.</summary>
    public static Objective operator *(Objective left, Objective right) => ProductObjective.Of(left, right);

    /// <summary>The name as part of an expression that binds as tightly as is given.</summary>
    internal string Text(Binding least) => Binding >= least ? Name : $"({Name})";
}
