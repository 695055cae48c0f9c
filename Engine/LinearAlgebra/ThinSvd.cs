namespace Interp.Engine.LinearAlgebra;

/// <summary>
/// The leading part of a singular value decomposition A ≈ Σ_j σ_j u_j v_jᵀ, from the eigenvectors of the smaller of AAᵀ and AᵀA (at most
/// some 1500 rows). Squaring costs half of the digits: a σ_j below 1e-7 of the first is taken for 0, its vectors for zeros. Float64; the
/// same bits at any number of threads.
/// </summary>
/// <param name="Values">σ_j, the largest first.</param>
/// <param name="Left">u_j.</param>
/// <param name="Right">v_j.</param>
internal sealed record ThinSvd(double[] Values, double[][] Left, double[][] Right)
{
    private const double Lost = 1e-7;

    /// <param name="a"><c>[rows,columns]</c>, finite values.</param>
    /// <param name="columns">Its columns.</param>
    /// <param name="rank">How many triples, at most the smaller side.</param>
    /// <param name="parallel">How many threads.</param>
    internal static ThinSvd Of(double[] a, int columns, int rank, ParallelOptions parallel)
    {
        int rows = a.Length / columns, small = Math.Min(rows, columns);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(rank, small);
        double[] turned = DenseProduct.Transpose(a, columns);
        bool byRows = rows <= columns;
        var gram = new double[small * small];
        (double[] left, double[] right, int inner) = byRows ? (a, turned, columns) : (turned, a, rows);
        DenseProduct.Multiply(left, right, gram, inner, small, parallel);
        (double[] squares, double[][] vectors) = SymmetricEigen.Of(gram, small, parallel.CancellationToken);
        var values = new double[rank];
        double[][] own = vectors[..rank], other = new double[rank][];
        for (int j = 0; j < rank; j++)
        {
            values[j] = squares[j] > Lost * Lost * squares[0] ? Math.Sqrt(squares[j]) : 0;
            own[j] = values[j] > 0 ? own[j] : new double[small];
            other[j] = new double[inner];
            for (int i = 0; i < small && values[j] > 0; i++)
            {
                Vectors.Add(other[j], own[j][i] / values[j], left.AsSpan(i * inner, inner));
            }
        }

        return byRows ? new ThinSvd(values, own, other) : new ThinSvd(values, other, own);
    }
}
