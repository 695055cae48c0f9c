namespace Interp.Engine.Concepts;

/// <summary><see cref="ConceptVectorKind.Svm"/>.</summary>
internal sealed class HingeVector() : LossVector("svm", "linear support vector machine with squared hinge loss, exact")
{
    private static readonly double s_root = Math.Sqrt(2);

    private protected override double Loss(double margin) => margin < 1 ? (1 - margin) * (1 - margin) : 0;

    private protected override double Slope(double margin) => margin < 1 ? -2 * (1 - margin) : 0;

    private protected override (double Root, double Ratio) Curve(double margin) => margin < 1 ? (s_root, -s_root * (1 - margin)) : (0, 0);
}
