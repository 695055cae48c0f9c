using Interp.Engine.Common;

namespace Interp.Engine.Statistics;

/// <summary>
/// Points that fill the unit cube evenly: J. Halton's sequence (Numerische Mathematik 2, 1960), coordinate d in the base of the d-th prime,
/// each digit's values in a random order (E. Braaten, G. Weller, Journal of Computational Physics 33, 1979). Without that the first points
/// in many dimensions lie on lines.
/// </summary>
internal sealed class Halton
{
    private const int Digits = 32;
    private static readonly int[] Primes = [.. Enumerable.Range(2, 1000).Where(n => Enumerable.Range(2, n - 2).All(d => n % d != 0))];
    private readonly int[][][] _orders;

    /// <param name="dimensions">At most 168.</param>
    /// <param name="rng">Whose indices up to 2³² the orders take.</param>
    internal Halton(int dimensions, Rng rng)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(dimensions, Primes.Length);
        _orders =
        [
            .. Primes.Take(dimensions).Select((prime, d) => Enumerable.Range(0, DigitsOf(prime))
                .Select(place => Draws.Permutation(prime, rng, (ulong)(((d * Digits) + place) * 1024L))).ToArray()),
        ];
    }

    /// <summary>Coordinate of a point, in [0,1).</summary>
    internal double At(int index, int dimension)
    {
        double value = 0, unit = 1;
        int prime = Primes[dimension];
        foreach (int[] order in _orders[dimension])
        {
            unit /= prime;
            value += order[index % prime] * unit;
            index /= prime;
        }

        return Math.Min(value, 1 - (1.0 / (1L << 53)));
    }

    /// <summary>As many as an index has, and a few behind them.</summary>
    private static int DigitsOf(int prime) => (int)Math.Ceiling(Digits * Math.Log(2) / Math.Log(prime));
}
