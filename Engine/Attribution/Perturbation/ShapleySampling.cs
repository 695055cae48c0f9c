using Interp.Engine.Common;
using Interp.Engine.Statistics;

namespace Interp.Engine.Attribution.Perturbation;

/// <summary>
/// Shapley values by sampling: superpixels enter the filled image one by one in random orders, and each is credited with what the target
/// gains when it enters, φ_k = (1/n) Σ_π v(before k in π, and k) − v(before k in π). The gains of one order add up to v(whole) − v(∅), so Σ
/// φ is exact to rounding. J. Castro, D. Gómez, J. Tejada, "Polynomial calculation of the Shapley value based on sampling", 2009; E.
/// Štrumbelj, I. Kononenko, JMLR 11, 2010. Orders come in pairs, each second the reverse of the first, which cancels what interactions of
/// two add to the noise: R. Mitchell, J. Cooper, E. Frank, G. Holmes, "Sampling permutations for Shapley value estimation", JMLR 23, 2022.
/// M − 1 forward passes an order. Order i depends on (seed, i) alone.
/// </summary>
internal sealed class ShapleySampling : SuperpixelMethod
{
    /// <inheritdoc/>
    public override string Name => "shapley-sampling";

    /// <inheritdoc/>
    public override string Title => "Shapley value sampling";

    /// <inheritdoc/>
    public override string Summary => "what the target gains when a superpixel enters the image, averaged over random orders";

    /// <inheritdoc/>
    public override string Formula => "φ_k = (1/n) Σ_π S(before k in π, and k) − S(before k in π), π random orders of the superpixels "
        + "and their reverses";

    /// <inheritdoc/>
    public override string Paper => "J. Castro, D. Gómez, J. Tejada, Computers & OR 36(5), 2009";

    /// <inheritdoc/>
    protected override MethodOption<int> Samples { get; } =
        PerturbationOptions.Samples("number of orders, each as many passes as there are superpixels", 25);

    /// <inheritdoc/>
    protected override long CountFor(int players, int samples) => (long)samples * (players - 1);

    /// <inheritdoc/>
    protected override int Together(int players, int samples) => 2 * (players - 1);

    /// <inheritdoc/>
    protected override bool[][] Draw(int players, int samples, ulong seed)
    {
        var drawn = new List<bool[]>();
        for (int i = 0; i < samples; i++)
        {
            var entered = new bool[players];
            int[] order = Draws.Permutation(players, new Rng(seed, (ulong)i / 2));
            foreach (int player in (i % 2 == 0 ? order : order.Reverse()).SkipLast(1))
            {
                entered = [.. entered];
                entered[player] = true;
                drawn.Add(entered);
            }
        }

        return [.. drawn];
    }

    /// <inheritdoc/>
    protected override (double[] Values, Fact[] Facts, string? Problem) Solve(Game game, OptionValues options)
    {
        int players = game.Players, orders = Math.Max(1, game.Coalitions.Length / Math.Max(1, players - 1));
        double[][] gains = [.. Enumerable.Range(0, orders).Select(order => Gains(game, order))];
        double[] values = [.. Enumerable.Range(0, players).Select(k => gains.Sum(g => g[k]) / orders)];
        Fact[] facts = [new("orders", orders), new("efficiency_error", game.EfficiencyError(values))];
        return (values, orders <= 2 ? facts : [.. facts, new("largest_standard_error", StandardErrors(gains, values).Max())], null);
    }

    /// <summary>What each player gains in one order.</summary>
    private static double[] Gains(Game game, int order)
    {
        int players = game.Players;
        var gains = new double[players];
        double before = game.Empty;
        var entered = new bool[players];
        for (int step = 0; step < players; step++)
        {
            bool isLast = step == players - 1;
            int at = (order * (players - 1)) + step;
            int player = Enumerable.Range(0, players).First(k => !entered[k] && (isLast || game.Coalitions[at][k]));
            double now = isLast ? game.Whole : game.Values[at];
            (gains[player], before, entered[player]) = (now - before, now, true);
        }

        return gains;
    }

    /// <summary>Of means over pairs of an order and its reverse, which depend on each other; a last order may be alone.</summary>
    private static double[] StandardErrors(double[][] gains, double[] values)
    {
        double[][][] pairs = [.. gains.Chunk(2)];
        double share = pairs.Length / (pairs.Length - 1.0) / ((double)gains.Length * gains.Length);
        return [.. values.Select((value, k) => Math.Sqrt(share * pairs.Sum(pair => Math.Pow(pair.Sum(g => g[k] - value), 2))))];
    }
}
