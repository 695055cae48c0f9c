using Interp.Engine.Common;

namespace Interp.Engine.Concepts;

/// <summary>
/// How the direction between a concept's images and others is found: v minimises (1/n) Σ_i ℓ(y_i (⟨v, x̃_i⟩ + b)) + (α/2)‖v‖² with y = ±1,
/// b free of the penalty, and x̃ the features less their mean, divided by one number s: s² is the mean over images and features of the
/// squares of what is left. So v does not depend on the features' unit.
/// </summary>
public abstract class ConceptVectorKind
{
    private protected ConceptVectorKind(string name, string summary) => (Name, Summary) = (name, summary);

    /// <summary>Its name: <c>logistic</c>.</summary>
    public string Name { get; }

    /// <summary>What it is, in one line.</summary>
    public string Summary { get; }

    /// <summary>ℓ(m) = ln(1 + e^(−m)): logistic regression.</summary>
    public static ConceptVectorKind Logistic { get; } = new LogisticVector();

    /// <summary>ℓ(m) = max(0, 1 − m)²: a linear support vector machine with squared hinge loss.</summary>
    public static ConceptVectorKind Svm { get; } = new HingeVector();

    /// <summary>The concept's mean less the others', without a loss or a penalty (FastCAV; K. Schmalwasser and others, 2025).</summary>
    public static ConceptVectorKind MeanDifference { get; } = new MeanDifferenceVector();

    /// <summary>All kinds by name.</summary>
    public static Catalog<ConceptVectorKind> All { get; } = new("kind of concept vector", k => k.Name, Logistic, Svm, MeanDifference);

    /// <summary>v as Σ_i β_i x̃_i, and b.</summary>
    /// <param name="kernel">⟨x̃_i, x̃_j⟩, <c>[n,n]</c>.</param>
    /// <param name="sides">y.</param>
    /// <param name="alpha">α.</param>
    internal abstract DualVector Fit(double[] kernel, ReadOnlySpan<double> sides, double alpha);
}

/// <summary>A direction as a sum over images, Σ_i β_i x̃_i, and the intercept.</summary>
/// <param name="Weights">β; their sum is 0.</param>
/// <param name="Intercept">b.</param>
internal readonly record struct DualVector(double[] Weights, double Intercept);
