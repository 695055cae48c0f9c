namespace Interp.Engine.Attribution.Perturbation;

/// <summary>
/// The image as a cooperative game: its superpixels are the players, a coalition z is the set of superpixels that stay, all others are
/// filled, and v(z) is the target's value on that image.
/// </summary>
/// <param name="Players">Number of superpixels M.</param>
/// <param name="Coalitions">The coalitions that were run: for each superpixel whether it stays.</param>
/// <param name="Values">v of each.</param>
/// <param name="Whole">v of the image itself.</param>
/// <param name="Empty">v of the fill alone.</param>
internal sealed record Game(int Players, bool[][] Coalitions, double[] Values, double Whole, double Empty)
{
    /// <summary>How far the values of the players miss v(whole) − v(empty), which those of a fair division add up to.</summary>
    internal double EfficiencyError(double[] values) => values.Sum() - (Whole - Empty);
}
