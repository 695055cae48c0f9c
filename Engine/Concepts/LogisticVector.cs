namespace Interp.Engine.Concepts;

/// <summary><see cref="ConceptVectorKind.Logistic"/>.</summary>
internal sealed class LogisticVector() : LossVector("logistic", "logistic regression, exact")
{
    private protected override double Loss(double margin) => Math.Max(0, -margin) + Math.Log(1 + Math.Exp(-Math.Abs(margin)));

    private protected override double Slope(double margin) => -1 / (1 + Math.Exp(margin));

    /// <remarks>σ(m)σ(−m) and −σ(−m)/√(σ(m)σ(−m)) = −e^(−m/2).</remarks>
    private protected override (double Root, double Ratio) Curve(double margin)
    {
        double root = 1 / (Math.Exp(margin / 2) + Math.Exp(-margin / 2));
        return root > 0 ? (root, -Math.Exp(-margin / 2)) : (0, 0);
    }
}
