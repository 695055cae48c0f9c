namespace Interp.Engine.Arithmetic;

/// <summary>The numbers of one step of Adam.</summary>
/// <param name="Scale">η / (1 − β₁ᵗ).</param>
/// <param name="Root">1 / √(1 − β₂ᵗ).</param>
/// <param name="Beta1">β₁.</param>
/// <param name="Beta2">β₂.</param>
/// <param name="Epsilon">ε.</param>
internal readonly record struct AdamStep(double Scale, double Root, double Beta1, double Beta2, double Epsilon);
