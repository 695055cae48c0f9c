namespace Interp.Engine.Statistics;

/// <summary>How many of how many, with the interval in which the true share lies.</summary>
/// <param name="Count">How many.</param>
/// <param name="Of">Of how many, at least 1.</param>
public sealed record Proportion(int Count, int Of)
{
    private const double Normal95 = 1.959963984540054;

    /// <summary>Count / Of.</summary>
    public double Share => (double)Count / Of;

    /// <summary>The lower end of <see cref="High"/>'s interval.</summary>
    public double Low => Centre - Half;

    /// <summary>
    /// The upper end of the 95 % interval of E. Wilson (Journal of the American Statistical Association 22, 1927):
    /// (k + z²/2 ± z √(k (n − k)/n + z²/4)) / (n + z²) with z = 1.96.
    /// </summary>
    public double High => Centre + Half;

    private double Centre => (Count + (Normal95 * Normal95 / 2)) / (Of + (Normal95 * Normal95));

    private double Half => Normal95 * Math.Sqrt(((double)Count * (Of - Count) / Of) + (Normal95 * Normal95 / 4))
        / (Of + (Normal95 * Normal95));
}
