namespace Interp.Engine.Attribution.Perturbation;

/// <summary>
/// The image as a cooperative game: its superpixels are the players, a coalition z is the set of superpixels that stay, all others are
/// filled, and v(z) is the target's value on that image.
/// </summary>
/// <param name="Players">Number of superpixels M.</param>
/// <param name="Together">How many coalitions in a row were drawn together.</param>
/// <param name="Coalitions">The coalitions that were run: for each superpixel whether it stays.</param>
/// <param name="Values">v of each.</param>
/// <param name="Whole">v of the image itself.</param>
/// <param name="Empty">v of the fill alone.</param>
internal sealed record Game(int Players, int Together, bool[][] Coalitions, double[] Values, double Whole, double Empty)
{
    /// <summary>The number of draws.</summary>
    internal int Draws => (Coalitions.Length + Together - 1) / Together;

    /// <summary>How far the values of the players miss v(whole) − v(empty), which those of a fair division add up to.</summary>
    internal double EfficiencyError(double[] values) => values.Sum() - (Whole - Empty);

    /// <summary>Of some draws alone.</summary>
    internal Game Of(IEnumerable<int> draws)
    {
        int[] some = [.. draws.SelectMany(d => Enumerable.Range(d * Together, Math.Min(Together, Coalitions.Length - (d * Together))))];
        return this with { Coalitions = [.. some.Select(i => Coalitions[i])], Values = [.. some.Select(i => Values[i])] };
    }
}
