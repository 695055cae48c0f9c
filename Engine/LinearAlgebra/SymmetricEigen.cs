namespace Interp.Engine.LinearAlgebra;

/// <summary>
/// All eigenvalues and eigenvectors of a symmetric matrix of up to some 1500 rows: A. Householder's reflections to three diagonals (Journal
/// of the ACM 5, 1958), then the implicit QL iteration (H. Bowdler, R. Martin, C. Reinsch, J. Wilkinson, Numerische Mathematik 11, 1968).
/// Float64, one thread; time grows with the cube of the rows.
/// </summary>
internal static class SymmetricEigen
{
    private const int MostSteps = 60;

    /// <summary>Eigenvalues, largest first, and their unit eigenvectors as rows, each with its largest component positive.</summary>
    /// <param name="a"><c>[n,n]</c>, symmetric; finite values.</param>
    /// <param name="size">n.</param>
    /// <param name="cancel">Checked for each row.</param>
    internal static (double[] Values, double[][] Vectors) Of(ReadOnlySpan<double> a, int size, CancellationToken cancel = default)
    {
        (double[] diagonal, double[] beside, double[][] vectors) = Tridiagonal(Rows(a, size), cancel);
        Diagonalise(diagonal, beside, vectors, cancel);
        foreach (double[] vector in vectors)
        {
            double largest = vector.MaxBy(Math.Abs);
            if (largest < 0)
            {
                Scale(vector, -1);
            }
        }

        int[] order = [.. Enumerable.Range(0, size).OrderByDescending(i => diagonal[i])];
        return ([.. order.Select(i => diagonal[i])], [.. order.Select(i => vectors[i])]);
    }

    private static double[][] Rows(ReadOnlySpan<double> a, int size)
    {
        var rows = new double[size][];
        for (int i = 0; i < size; i++)
        {
            rows[i] = a.Slice(i * size, size).ToArray();
        }

        return rows;
    }

    /// <summary>Qᵀ A Q of three diagonals, and Qᵀ by rows.</summary>
    private static (double[] Diagonal, double[] Beside, double[][] Vectors) Tridiagonal(double[][] a, CancellationToken cancel)
    {
        int n = a.Length;
        var beside = new double[n];
        var mirrors = new double[Math.Max(0, n - 2)][];
        for (int k = 0; k + 2 < n; k++)
        {
            cancel.ThrowIfCancellationRequested();
            double[] v = a[k][(k + 1)..];
            double length = Math.Sqrt(Vectors.Dot(v, v));
            beside[k] = v[0] > 0 ? -length : length;
            v[0] -= beside[k];
            double norm = Math.Sqrt(Vectors.Dot(v, v));
            mirrors[k] = v;
            if (norm > 0)
            {
                Scale(v, 1 / norm);
                Reflect(a, v, k + 1);
            }
        }

        if (n > 1)
        {
            beside[n - 2] = a[n - 1][n - 2];
        }

        double[][] vectors = Identity(n);
        for (int k = mirrors.Length - 1; k >= 0; k--)
        {
            // Qᵀ = … H₁ H₀: from the right, rows by rows, on the columns from k + 1 on.
            for (int i = k + 1; i < n; i++)
            {
                Span<double> part = vectors[i].AsSpan(k + 1);
                Vectors.Add(part, -2 * Vectors.Dot(part, mirrors[k]), mirrors[k]);
            }
        }

        return ([.. Enumerable.Range(0, n).Select(i => a[i][i])], beside, vectors);
    }

    /// <summary>H A H for H = I − 2 v vᵀ on the rows and columns from <paramref name="first"/> on.</summary>
    private static void Reflect(double[][] a, double[] v, int first)
    {
        double[] w = [.. v.Select((_, i) => 2 * Vectors.Dot(a[first + i].AsSpan(first), v))];
        Vectors.Add(w, -Vectors.Dot(v, w), v);
        for (int i = 0; i < v.Length; i++)
        {
            Span<double> row = a[first + i].AsSpan(first);
            Vectors.Add(row, -v[i], w);
            Vectors.Add(row, -w[i], v);
        }
    }

    private static double[][] Identity(int n)
    {
        var one = new double[n][];
        for (int i = 0; i < n; i++)
        {
            one[i] = new double[n];
            one[i][i] = 1;
        }

        return one;
    }

    /// <summary>Turns the diagonal into the eigenvalues and the rows into the eigenvectors.</summary>
    private static void Diagonalise(double[] d, double[] e, double[][] vectors, CancellationToken cancel)
    {
        int n = d.Length;
        for (int l = 0; l < n; l++)
        {
            cancel.ThrowIfCancellationRequested();
            for (int step = 0; ; step++)
            {
                int m = l;
                while (m + 1 < n && Math.Abs(e[m]) > double.Epsilon && Math.Abs(e[m]) > 1e-16 * (Math.Abs(d[m]) + Math.Abs(d[m + 1])))
                {
                    m++;
                }

                if (m == l || step == MostSteps)
                {
                    break;
                }

                Sweep(d, e, vectors, l, m);
            }
        }
    }

    /// <summary>One implicit QL step with Wilkinson's shift on the block of l … m.</summary>
    private static void Sweep(double[] d, double[] e, double[][] vectors, int l, int m)
    {
        double g = (d[l + 1] - d[l]) / (2 * e[l]), r = double.Hypot(g, 1);
        g = d[m] - d[l] + (e[l] / (g + Math.CopySign(r, g)));
        (double s, double c, double p) = (1, 1, 0);
        int i = m - 1;
        for (; i >= l; i--)
        {
            (double f, double b) = (s * e[i], c * e[i]);
            r = double.Hypot(f, g);
            e[i + 1] = r;
            if (r == 0)
            {
                d[i + 1] -= p;
                e[m] = 0;
                return;
            }

            (s, c) = (f / r, g / r);
            g = d[i + 1] - p;
            r = ((d[i] - g) * s) + (2 * c * b);
            p = s * r;
            d[i + 1] = g + p;
            g = (c * r) - b;
            Rotate(vectors[i], vectors[i + 1], c, s);
        }

        d[l] -= p;
        e[l] = g;
        e[m] = 0;
    }

    private static void Rotate(double[] low, double[] high, double c, double s)
    {
        for (int k = 0; k < low.Length; k++)
        {
            (double x, double y) = (low[k], high[k]);
            (low[k], high[k]) = ((c * x) - (s * y), (s * x) + (c * y));
        }
    }

    private static void Scale(double[] v, double factor)
    {
        for (int i = 0; i < v.Length; i++)
        {
            v[i] *= factor;
        }
    }
}
