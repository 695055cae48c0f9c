using Interp.Engine.Common;
using Interp.Engine.LinearAlgebra;

namespace Interp.Engine.Concepts;

/// <summary>
/// The exact minimiser of a convex loss, by Newton's method in the n weights of the images rather than the features (O. Chapelle, "Training
/// a support vector machine in the primal", Neural Computation 19, 2007): with W the loss' curvatures w, each step solves
/// (W^½ K̃ W^½ + nα I) a = W^½ z for z = f − g/w, and β = W^½ a; b makes Σβ = 0. Deterministic, float64.
/// </summary>
internal abstract class LossVector(string name, string summary) : ConceptVectorKind(name, summary)
{
    private const int MostSteps = 100, MostHalvings = 40;
    private const double Tolerance = 1e-12, Armijo = 1e-4;

    /// <inheritdoc/>
    internal sealed override DualVector Fit(double[] kernel, ReadOnlySpan<double> sides, double alpha)
    {
        int n = sides.Length;
        double[] y = sides.ToArray(), beta = new double[n], fitted = new double[n];
        double intercept = 0, square = 0; // ‖v‖²
        double value = Value(fitted, intercept, y) / n;
        for (int step = 0; step < MostSteps; step++)
        {
            (double[] next, double nextIntercept) = Solve(kernel, y, fitted, intercept, alpha);
            double[] change = Minus(next, beta), moved = Times(kernel, change);
            double changeSquare = Dot(change, moved), cross = Dot(beta, moved), slope = alpha * cross;
            for (int i = 0; i < n; i++)
            {
                slope += Slope(y[i] * (fitted[i] + intercept)) * y[i] * (moved[i] + nextIntercept - intercept) / n;
            }

            double length = 1;
            for (int halving = 0; ; halving++, length /= 2)
            {
                if (halving == MostHalvings)
                {
                    return new DualVector(beta, intercept); // Rounding leaves no way down.
                }

                double b = intercept + (length * (nextIntercept - intercept));
                double[] f = Along(fitted, moved, length);
                double s = square + (2 * length * cross) + (length * length * changeSquare);
                double trial = (Value(f, b, y) / n) + (alpha / 2 * s);
                if (trial <= value + (Armijo * length * slope) || length * length * changeSquare <= Tolerance * Tolerance * s)
                {
                    (fitted, intercept, beta, square, value) = (f, b, Along(beta, change, length), s, trial);
                    break;
                }
            }

            if (length * length * changeSquare <= Tolerance * Tolerance * square)
            {
                break;
            }
        }

        return new DualVector(beta, intercept);
    }

    /// <summary>ℓ(m).</summary>
    private protected abstract double Loss(double margin);

    /// <summary>dℓ/dm.</summary>
    private protected abstract double Slope(double margin);

    /// <summary>√w with w = d²ℓ/dm², and (dℓ/dm)/√w; both 0 where the loss is flat.</summary>
    private protected abstract (double Root, double Ratio) Curve(double margin);

    private double Value(double[] fitted, double intercept, double[] y)
    {
        double sum = 0;
        for (int i = 0; i < y.Length; i++)
        {
            sum += Loss(y[i] * (fitted[i] + intercept));
        }

        return sum;
    }

    private (double[] Beta, double Intercept) Solve(double[] kernel, double[] y, double[] fitted, double intercept, double alpha)
    {
        int n = y.Length;
        double[] root = new double[n], right = new double[n];
        for (int i = 0; i < n; i++)
        {
            double f = fitted[i] + intercept;
            (root[i], double ratio) = Curve(y[i] * f);
            right[i] = (root[i] * f) - (y[i] * ratio);
        }

        var matrix = new double[n * n];
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j < n; j++)
            {
                matrix[(i * n) + j] = root[i] * kernel[(i * n) + j] * root[j];
            }

            matrix[(i * n) + i] += n * alpha;
        }

        Cholesky factor = Cholesky.Of(matrix, n) ?? throw new InputException(
            $"option 'alpha' {alpha}: too small for these features, whose fit it leaves open; use a larger one");
        double[] a = factor.Solve(right), ones = factor.Solve(root);
        double total = Dot(root, ones), b = total > 0 ? Dot(root, a) / total : intercept;
        for (int i = 0; i < n; i++)
        {
            a[i] = root[i] * (a[i] - (b * ones[i]));
        }

        return (a, b);
    }

    private static double[] Minus(double[] a, double[] b)
    {
        var difference = new double[a.Length];
        for (int i = 0; i < a.Length; i++)
        {
            difference[i] = a[i] - b[i];
        }

        return difference;
    }

    private static double[] Along(double[] from, double[] direction, double length)
    {
        var point = new double[from.Length];
        for (int i = 0; i < from.Length; i++)
        {
            point[i] = from[i] + (length * direction[i]);
        }

        return point;
    }

    private static double[] Times(double[] matrix, double[] vector)
    {
        var product = new double[vector.Length];
        for (int i = 0; i < vector.Length; i++)
        {
            product[i] = Dot(matrix.AsSpan(i * vector.Length, vector.Length), vector);
        }

        return product;
    }

    private static double Dot(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        double sum = 0;
        for (int i = 0; i < a.Length; i++)
        {
            sum += a[i] * b[i];
        }

        return sum;
    }
}
