namespace Interp.Engine.Concepts;

/// <summary><see cref="ConceptVectorKind.MeanDifference"/>; b puts the boundary half-way.</summary>
internal sealed class MeanDifferenceVector() : ConceptVectorKind("mean-difference", "the concept's mean less the others'")
{
    internal override DualVector Fit(double[] kernel, ReadOnlySpan<double> sides, double alpha)
    {
        int n = sides.Length, positive = 0;
        foreach (double side in sides)
        {
            positive += side > 0 ? 1 : 0;
        }

        var beta = new double[n];
        for (int i = 0; i < n; i++)
        {
            beta[i] = sides[i] > 0 ? 1.0 / positive : -1.0 / (n - positive);
        }

        double sum = 0;
        for (int i = 0; i < n; i++)
        {
            double fitted = 0;
            for (int j = 0; j < n; j++)
            {
                fitted += kernel[(i * n) + j] * beta[j];
            }

            sum += Math.Abs(beta[i]) * fitted;
        }

        return new DualVector(beta, -sum / 2);
    }
}
