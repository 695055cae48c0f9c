using Interp.Engine.LinearAlgebra;

namespace Interp.Engine.Influence.Methods;

/// <summary>
/// v ↦ Φ (ΦᵀΦ + ρI)⁻¹ v for a Φ of <c>[n,k]</c>, by the smaller of two equal matrices: ΦᵀΦ + ρI of k rows, or ΦΦᵀ + ρI of n, as
/// Φ (ΦᵀΦ + ρI)⁻¹ = (ΦΦᵀ + ρI)⁻¹ Φ.
/// </summary>
internal sealed class GramInverse
{
    private readonly double[] _phi;
    private readonly int _columns;
    private readonly bool _byRows;
    private readonly Cholesky _factor;

    private GramInverse(double[] phi, int columns, bool byRows, Cholesky factor) =>
        (_phi, _columns, _byRows, _factor) = (phi, columns, byRows, factor);

    /// <summary>Factors it.</summary>
    /// <param name="phi">Φ.</param>
    /// <param name="columns">k.</param>
    /// <param name="ridge">ρ as a share of the mean diagonal of ΦᵀΦ; above 0.</param>
    /// <param name="parallel">Threads.</param>
    internal static GramInverse Of(double[] phi, int columns, double ridge, ParallelOptions parallel)
    {
        int rows = phi.Length / columns, size = Math.Min(rows, columns);
        double rho = ridge * Vectors.Dot(phi, phi) / columns;
        double[] transposed = DenseProduct.Transpose(phi, columns);
        var gram = new double[size * size];
        bool byRows = rows < columns;
        DenseProduct.Multiply(byRows ? phi : transposed, byRows ? transposed : phi, gram, byRows ? columns : rows, size, parallel);

        // With a ridge above rounding the matrix is positive definite, unless all of Φ is 0, where the products are 0 whatever the ridge.
        Cholesky factor = Cholesky.Of(gram, size, rho > 0 ? rho : 1) ?? throw new ArgumentException("ridge too small", nameof(ridge));
        return new GramInverse(phi, columns, byRows, factor);
    }

    /// <summary>Φ (ΦᵀΦ + ρI)⁻¹ v.</summary>
    internal double[] Products(double[] v) => _byRows ? _factor.Solve(Times(v)) : Times(_factor.Solve(v));

    private double[] Times(double[] v)
    {
        var product = new double[_phi.Length / _columns];
        for (int i = 0; i < product.Length; i++)
        {
            product[i] = Vectors.Dot(_phi.AsSpan(i * _columns, _columns), v);
        }

        return product;
    }
}
