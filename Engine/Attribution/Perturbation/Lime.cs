using Interp.Engine.Common;

namespace Interp.Engine.Attribution.Perturbation;

/// <summary>
/// LIME: coalitions in which each superpixel stays with probability ½, and a linear model fitted to them: β minimises Σ_i π_i (v(z_i) − β₀
/// − z_i·β)² + λ‖β‖², weighed by nearness to the whole image, π = exp(−d² / 2σ²) with the cosine distance d = 1 − √(|z|/M), σ = 0.25 and
/// λ = 1. Attribution: the β of the pixel's superpixel. M. Ribeiro, S. Singh, C. Guestrin, arXiv 1602.04938, image explainer of the
/// official code.
/// </summary>
/// <remarks>
/// Ridge as in the official image explainer, not captum's Lasso with α = 0.01: its solution is unique and in closed form, and it does not
/// set superpixels to zero by a threshold in the target's units, which would mean something else for a logit than for a probability.
/// Float64; the whole image is one of the samples.
/// </remarks>
internal sealed class Lime : SuperpixelMethod
{
    private readonly MethodOption<double> _width =
        MethodOption.Real("kernel-width", "σ of the nearness kernel over the cosine distance", 0.25, 0.01, 100);
    private readonly MethodOption<double> _ridge = MethodOption.Real("ridge", "λ, the penalty on the coefficients", 1, 0, 1e6);

    /// <inheritdoc/>
    public override string Name => "lime";

    /// <inheritdoc/>
    public override string Title => "LIME";

    /// <inheritdoc/>
    public override string Summary => "coefficients of a linear model of the target over superpixels that stay or go";

    /// <inheritdoc/>
    public override string Formula =>
        "β that minimises Σ_i π_i (S(z_i) − β₀ − z_i·β)² + λ‖β‖², z_i random sets of superpixels, π_i = exp(−d_i² / 2σ²), d_i the "
        + "cosine distance to the whole image";

    /// <inheritdoc/>
    public override string Paper => "M. Ribeiro, S. Singh, C. Guestrin, arXiv 1602.04938";

    /// <inheritdoc/>
    public override IReadOnlyList<MethodOption> Options => [.. base.Options, _width, _ridge];

    /// <inheritdoc/>
    protected override MethodOption<int> Samples { get; } = PerturbationOptions.Samples("number of random images to fit", 500);

    /// <inheritdoc/>
    protected override long CountFor(int players, int samples) => samples;

    /// <inheritdoc/>
    protected override int Together(int players, int samples) => 1;

    /// <inheritdoc/>
    protected override bool[][] Draw(int players, int samples, ulong seed) =>
    [
        .. from sample in Enumerable.Range(0, samples)
           let rng = new Rng(seed, (ulong)sample)
           select Enumerable.Range(0, players).Select(k => rng.Uniform((ulong)k) < 0.5).ToArray(),
    ];

    /// <inheritdoc/>
    protected override (double[] Values, Fact[] Facts, string? Problem) Solve(Game game, OptionValues options)
    {
        bool[][] coalitions = [Enumerable.Repeat(true, game.Players).ToArray(), .. game.Coalitions];
        // From the whole image's score on, so that scores that are all equal give exactly 0.
        double[] y = [0, .. game.Values.Select(v => v - game.Whole)];
        double sigma = options.Get(_width), ridge = options.Get(_ridge);
        double[] weights = [.. coalitions.Select(z => Nearness(z, sigma))];

        // Centred about the weighted means, which takes the free intercept out of the penalty.
        double total = weights.Sum();
        double[] means = [.. Enumerable.Range(0, game.Players).Select(k => coalitions.Zip(weights, (z, w) => z[k] ? w : 0).Sum() / total)];
        double mean = y.Zip(weights, (v, w) => v * w).Sum() / total;
        double[][] rows = [.. coalitions.Select(z => z.Zip(means, (stays, m) => (stays ? 1 : 0) - m).ToArray())];
        double[] centred = [.. y.Select(v => v - mean)];

        var equations = new NormalEquations(rows, weights, ridge);
        double[] beta = equations.Solve(NormalEquations.RightSide(rows, weights, centred));
        double left = 0, spread = 0;
        for (int i = 0; i < rows.Length; i++)
        {
            double residual = centred[i] - rows[i].Zip(beta, (z, b) => z * b).Sum();
            left += weights[i] * residual * residual;
            spread += weights[i] * centred[i] * centred[i];
        }

        string? problem = !equations.IsSingular ? null
            : $"{y.Length} images do not determine {game.Players} coefficients: raise option 'samples' or option 'ridge'";
        return (beta, [new Fact("images", game.Values.Length), new Fact("r_squared", spread > 0 ? 1 - (left / spread) : 1.0)], problem);
    }

    private static double Nearness(bool[] coalition, double sigma)
    {
        double distance = 1 - Math.Sqrt(coalition.Count(stays => stays) / (double)coalition.Length);
        return Math.Exp(-distance * distance / (2 * sigma * sigma));
    }
}
