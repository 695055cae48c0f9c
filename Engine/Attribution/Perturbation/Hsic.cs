using Interp.Engine.Common;
using Interp.Engine.Statistics;

namespace Interp.Engine.Attribution.Perturbation;

/// <summary>
/// HSIC: cells stay or go by coins, and each is given how much the target depends on its coin, tr(K H L H) / (n − 1)² (<see
/// cref="HilbertSchmidt"/>): any dependence counts, in both directions, with others too. P. Novello, T. Fel, D. Vigouroux, arXiv
/// 2206.06219; grid, kernels and number of masks as in xplique. One forward pass a mask. Coins of mask i depend on (seed, i) alone.
/// </summary>
/// <remarks>
/// The width of the kernel over the target is the median distance between its values; xplique's code takes the median of the values
/// themselves, so that adding a constant to a logit would change the map. Under independence a value is not 0 but about
/// <c>chance_level</c>.
/// </remarks>
internal sealed class Hsic : GridMethod
{
    /// <inheritdoc/>
    public override string Name => "hsic";

    /// <inheritdoc/>
    public override string Title => "HSIC";

    /// <inheritdoc/>
    public override string Summary => "how much the target depends on whether a cell of a grid is shown, by a kernel measure of dependence";

    /// <inheritdoc/>
    public override string Formula =>
        "tr(K H L H) / (n − 1)², K_ab = ½ − (m_a − m_b)² for the cell's coins m, L_ab = exp(−(S_a − S_b)² / 2σ²) for the scores behind n "
        + "masks, H = 1 − 1/n";

    /// <inheritdoc/>
    public override string Paper => "P. Novello, T. Fel, D. Vigouroux, arXiv 2206.06219";

    /// <inheritdoc/>
    protected override MethodOption<int> Samples { get; } =
        MethodOption.Whole("samples", "number of masks; time grows with its square too", 500, 2, 20_000);

    /// <inheritdoc/>
    protected override MethodOption<int> Cells { get; } = PerturbationOptions.Cells(32);

    /// <inheritdoc/>
    protected override int PassesOf(int cells) => 1;

    /// <inheritdoc/>
    protected override GridDesign Design(int cells, int samples, ulong seed)
    {
        return new GridDesign((draw, _) => [.. Coins(draw).Select(stays => stays ? 1f : 0f)], Values);

        bool[] Coins(int draw)
        {
            var rng = new Rng(seed, (ulong)draw);
            return [.. Enumerable.Range(0, cells).Select(k => rng.Uniform((ulong)k) < 0.5)];
        }

        (double[] Values, IEnumerable<Fact> Facts) Values(int[] draws, double[][] scores, int threads)
        {
            double[] y = [.. draws.Select(i => scores[i][0])];
            double width = y.Length > 1 ? HilbertSchmidt.MedianDistance(y) : 0;

            // Most values may be alike, as those of a saturated probability.
            width = width > 0 ? width : y.Length > 1 ? (y.Max() - y.Min()) / 2 : 0;
            (double[] values, double chance) = width > 0 && double.IsFinite(width)
                ? HilbertSchmidt.Of([.. draws.Select(Coins)], y, width, threads) : (new double[cells], 0);
            return (values, [new("kernel_width", width), new("chance_level", chance)]);
        }
    }
}
