using Interp.Engine.Common;

namespace Interp.Engine.Attribution.Gradients;

/// <summary>A rule ∫₀¹ f(α) dα ≈ Σ_k w_k f(α_k); the weights add up to 1.</summary>
internal sealed class Quadrature
{
    private readonly Func<int, (double Node, double Weight)[]> _make;

    private Quadrature(string name, Func<int, (double Node, double Weight)[]> make) => (Name, _make) = (name, make);

    /// <summary>The zeros of the Legendre polynomial P_n moved to [0,1]: exact for polynomials of degree 2n − 1.</summary>
    public static Quadrature GaussLegendre { get; } = new("gauss-legendre", Legendre);

    /// <summary>The middles of n equal parts, all of weight 1/n.</summary>
    public static Quadrature Midpoint { get; } = new("midpoint", n => [.. Enumerable.Range(0, n).Select(k => ((k + 0.5) / n, 1.0 / n))]);

    /// <summary>All rules by name.</summary>
    public static Catalog<Quadrature> All { get; } = new("quadrature", q => q.Name, GaussLegendre, Midpoint);

    public string Name { get; }

    /// <summary>The n nodes in ascending order with their weights.</summary>
    public (double Node, double Weight)[] Points(int n) => _make(n);

    private static (double Node, double Weight)[] Legendre(int n)
    {
        var points = new (double Node, double Weight)[n];
        for (int k = 0; k < n; k++)
        {
            // Newton's method from Tricomi's estimate of the zero, which converges to it from everywhere near.
            double z = Math.Cos(Math.PI * (k + 0.75) / (n + 0.5)), slope = 0;
            for (int iteration = 0; iteration < 8; iteration++)
            {
                (double p, slope) = Polynomial(n, z);
                z -= p / slope;
            }

            points[k] = ((1 - z) / 2, 1 / ((1 - (z * z)) * slope * slope));
        }

        return points;
    }

    /// <summary>P_n(z) and its derivative by Bonnet's recursion (k+1)·P_{k+1} = (2k+1)·z·P_k − k·P_{k−1}.</summary>
    private static (double Value, double Slope) Polynomial(int n, double z)
    {
        (double before, double value) = (0, 1);
        for (int k = 0; k < n; k++)
        {
            (before, value) = (value, ((((2 * k) + 1) * z * value) - (k * before)) / (k + 1));
        }

        return (value, n * ((z * value) - before) / ((z * z) - 1));
    }
}
