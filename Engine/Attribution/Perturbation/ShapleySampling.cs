using Interp.Engine.Common;
using Interp.Engine.Statistics;

namespace Interp.Engine.Attribution.Perturbation;

/// <summary>
/// Shapley values by sampling: superpixels enter the filled image one by one in random orders, and each is credited with what the target
/// gains when it enters, φ_k = (1/n) Σ_π v(before k in π, and k) − v(before k in π). The gains of one order add up to v(whole) − v(∅), so Σ
/// φ is exact to rounding. J. Castro, D. Gómez, J. Tejada, "Polynomial calculation of the Shapley value based on sampling", 2009; E.
/// Štrumbelj, I. Kononenko, JMLR 11, 2010. M − 1 forward passes an order. Order i depends on (seed, i) alone.
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
    public override string Formula => "φ_k = (1/n) Σ_π S(before k in π, and k) − S(before k in π), π random orders of the superpixels";

    /// <inheritdoc/>
    public override string Paper => "J. Castro, D. Gómez, J. Tejada, Computers & OR 36(5), 2009";

    /// <inheritdoc/>
    protected override MethodOption<int> Samples { get; } =
        PerturbationOptions.Samples("number of orders, each as many passes as there are superpixels", 25);

    /// <inheritdoc/>
    protected override long CountFor(int players, int samples) => (long)samples * (players - 1);

    /// <inheritdoc/>
    protected override bool[][] Draw(int players, int samples, ulong seed)
    {
        var drawn = new List<bool[]>();
        for (int i = 0; i < samples; i++)
        {
            var entered = new bool[players];
            foreach (int player in Draws.Permutation(players, new Rng(seed, (ulong)i)).SkipLast(1))
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
        int orders = options.Get(Samples), players = game.Players;
        var sums = new double[players];
        var squares = new double[players];
        for (int order = 0; order < orders; order++)
        {
            double before = game.Empty;
            var entered = new bool[players];
            for (int step = 0; step < players; step++)
            {
                bool isLast = step == players - 1;
                int at = (order * (players - 1)) + step;
                int player = Enumerable.Range(0, players).First(k => !entered[k] && (isLast || game.Coalitions[at][k]));
                double now = isLast ? game.Whole : game.Values[at], gain = now - before;
                (before, entered[player]) = (now, true);
                sums[player] += gain;
                squares[player] += gain * gain;
            }
        }

        double[] values = [.. sums.Select(s => s / orders)];
        Fact efficiency = new("efficiency_error", game.EfficiencyError(values));
        if (orders == 1)
        {
            return (values, [efficiency], null);
        }

        double error = values.Zip(squares, (v, s) => Math.Sqrt(Math.Max(0, (s / orders) - (v * v)) / (orders - 1))).Max();
        return (values, [efficiency, new Fact("largest_standard_error", error)], null);
    }
}
