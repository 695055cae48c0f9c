using Interp.Engine.Common;
using Interp.Engine.Statistics;

namespace Interp.Engine.Attribution.Perturbation;

/// <summary>
/// Sobol's total index of each cell of a grid: the share of the target's variance that a cell has a part in, alone and with others, when
/// every cell is shown by a weight uniform in 0 … 1: S_T = E[Var(S | all other weights)] / Var S (<see cref="SobolIndices"/>, M. Jansen's
/// estimate, a scrambled low-discrepancy sequence). T. Fel, R. Cadène, M. Chalvidal, M. Cord, D. Vigouroux, T. Serre, arXiv 2111.04138;
/// grid and designs as there. 1 + cells forward passes a design; the paper's second matrix is not run, since the estimate does not use
/// it. Points of design i depend on (seed, i) alone.
/// </summary>
internal sealed class Sobol : GridMethod
{
    /// <inheritdoc/>
    public override string Name => "sobol";

    /// <inheritdoc/>
    public override string Title => "Sobol indices";

    /// <inheritdoc/>
    public override string Summary => "share of the target's variance that a cell of a grid has a part in when all are dimmed at random";

    /// <inheritdoc/>
    public override string Formula =>
        "Σ_i (S(a_i) − S(a_i with the cell of b_i))² / (2 n Var S(a)), a_i and b_i n points of a low-discrepancy sequence: how far each cell "
        + "is shown";

    /// <inheritdoc/>
    public override string Paper => "T. Fel, R. Cadène, M. Chalvidal, M. Cord, D. Vigouroux, T. Serre, arXiv 2111.04138";

    /// <inheritdoc/>
    protected override MethodOption<int> Samples { get; } =
        MethodOption.Whole("samples", "number of designs, each one pass more than there are cells", 32, 2, 100_000);

    /// <inheritdoc/>
    protected override MethodOption<int> Cells { get; } = PerturbationOptions.Cells(9);

    /// <inheritdoc/>
    protected override int PassesOf(int cells) => 1 + cells;

    /// <inheritdoc/>
    protected override GridDesign Design(int cells, int samples, ulong seed)
    {
        var indices = new SobolIndices(cells, samples, new Rng(seed));
        return new GridDesign((draw, pass) => [.. indices.Point(draw, pass).Select(w => (float)w)], (draws, scores, _) =>
        {
            double[] y = [.. from pass in Enumerable.Range(0, cells + 1) from draw in draws select scores[draw][pass]];
            double[] total = indices.Total(y);
            return (total, [new("variance", indices.Variance(y)), new("index_sum", total.Sum())]);
        });
    }
}
