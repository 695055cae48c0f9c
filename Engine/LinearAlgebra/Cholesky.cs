namespace Interp.Engine.LinearAlgebra;

/// <summary>
/// A symmetric positive definite matrix as L Lᵀ with a lower triangle L (A.-L. Cholesky), in float64, one thread, sums in the order of the
/// columns.
/// </summary>
internal sealed class Cholesky
{
    private const double Tolerance = 1e-10;
    private readonly double[] _lower;
    private readonly int _size;

    private Cholesky(double[] lower, int size) => (_lower, _size) = (lower, size);

    /// <summary>The factorisation of A + ridge·I, or null where a pivot is below 1e-10 of its diagonal element: A is singular or not
    /// positive definite.</summary>
    /// <param name="a"><c>[n,n]</c>, of which the lower triangle is read.</param>
    /// <param name="size">n.</param>
    /// <param name="ridge">What is added to the diagonal.</param>
    internal static Cholesky? Of(ReadOnlySpan<double> a, int size, double ridge = 0)
    {
        var l = new double[size * size];
        for (int i = 0; i < size; i++)
        {
            Span<double> row = l.AsSpan(i * size, size);
            for (int j = 0; j <= i; j++)
            {
                ReadOnlySpan<double> above = l.AsSpan(j * size, size);
                double sum = a[(i * size) + j] + (i == j ? ridge : 0);
                for (int k = 0; k < j; k++)
                {
                    sum -= row[k] * above[k];
                }

                if (i > j)
                {
                    row[j] = sum / above[j];
                }
                else if (sum > Tolerance * (a[(i * size) + i] + ridge))
                {
                    row[i] = Math.Sqrt(sum);
                }
                else
                {
                    return null;
                }
            }
        }

        return new Cholesky(l, size);
    }

    /// <summary>Σ ln L_ii: half the logarithm of the determinant.</summary>
    internal double LogDiagonal()
    {
        double sum = 0;
        for (int i = 0; i < _size; i++)
        {
            sum += Math.Log(_lower[(i * _size) + i]);
        }

        return sum;
    }

    /// <summary>x with (A + ridge·I) x = b.</summary>
    internal double[] Solve(ReadOnlySpan<double> b)
    {
        double[] x = b.ToArray();
        for (int i = 0; i < _size; i++)
        {
            for (int j = 0; j < i; j++)
            {
                x[i] -= _lower[(i * _size) + j] * x[j];
            }

            x[i] /= _lower[(i * _size) + i];
        }

        for (int i = _size - 1; i >= 0; i--)
        {
            for (int j = i + 1; j < _size; j++)
            {
                x[i] -= _lower[(j * _size) + i] * x[j];
            }

            x[i] /= _lower[(i * _size) + i];
        }

        return x;
    }
}
