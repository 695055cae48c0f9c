namespace Interp.Engine.LinearAlgebra;

/// <summary>Solves A x = b for a symmetric positive definite A of which only products are known, by conjugate gradients (M. Hestenes and E.
/// Stiefel, Journal of Research of the National Bureau of Standards 49, 1952), in float64.</summary>
internal static class ConjugateGradients
{
    /// <param name="product">v ↦ A v.</param>
    /// <param name="b">The right-hand side.</param>
    /// <param name="tolerance">The largest ‖b − A x‖ / ‖b‖ to stop at.</param>
    /// <param name="most">The most products.</param>
    /// <param name="cancel">Checked before each product.</param>
    internal static LinearSolution Solve(
        Func<double[], double[]> product, double[] b, double tolerance, int most, CancellationToken cancel = default)
    {
        var x = new double[b.Length];
        double[] r = [.. b], direction = [.. b];
        double all = Math.Sqrt(Vectors.Dot(b, b)), squares = all * all;
        int products = 0;
        while (products < most && Math.Sqrt(squares) > tolerance * all)
        {
            cancel.ThrowIfCancellationRequested();
            double[] image = product(direction);
            products++;
            double step = squares / Vectors.Dot(direction, image);
            Vectors.Add(x, step, direction);
            Vectors.Add(r, -step, image);
            double next = Vectors.Dot(r, r);
            double ratio = next / squares;
            for (int i = 0; i < r.Length; i++)
            {
                direction[i] = r[i] + (ratio * direction[i]);
            }

            squares = next;
        }

        return new LinearSolution(x, all > 0 ? Math.Sqrt(squares) / all : 0, products);
    }
}

/// <summary>x with A x = b, found by iteration.</summary>
/// <param name="X">x.</param>
/// <param name="Residual">‖b − A x‖ / ‖b‖ as the method counts it.</param>
/// <param name="Products">Products with A that it took.</param>
public sealed record LinearSolution(double[] X, double Residual, int Products);
