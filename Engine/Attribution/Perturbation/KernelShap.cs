using Interp.Engine.Common;
using Interp.Engine.Statistics;

namespace Interp.Engine.Attribution.Perturbation;

/// <summary>
/// Kernel SHAP: φ minimises Σ_z π(z) (v(z) − v(∅) − z·φ)² with the Shapley kernel π(z) = (M − 1) / (C(M,|z|)·|z|·(M − |z|)) under the
/// constraint Σ_k φ_k = v(whole) − v(∅), which holds exactly. Over all 2^M − 2 coalitions φ are the Shapley values; where <c>--samples</c>
/// allows, all are run, else coalitions are drawn with probability proportional to π, in pairs of complements, and count alike. S.
/// Lundberg, S. Lee, arXiv 1705.07874; I. Covert, S. Lee, arXiv 2012.01536 (constraint, pairs). Float64.
/// </summary>
/// <remarks>
/// The values of the drawn coalitions are turned into Shapley values by <c>--estimator</c>: <c>regression</c> fits a game and corrects its
/// Shapley values by what it leaves (<see cref="AdjustedShapley"/>), <c>least-squares</c> is the minimum above, which knows no interaction.
/// </remarks>
internal sealed class KernelShap : SuperpixelMethod
{
    private const string LeastSquares = "least-squares", Regression = "regression";

    private readonly MethodOption<string> _estimator = MethodOption.Choice(
        "estimator",
        "how coalitions become values: least-squares is the paper's, regression corrects a fitted game",
        new Catalog<string>("estimator", e => e, Regression, LeastSquares),
        Regression,
        e => e);

    /// <inheritdoc/>
    public override string Name => "kernelshap";

    /// <inheritdoc/>
    public override string Title => "Kernel SHAP";

    /// <inheritdoc/>
    public override string Summary => "Shapley values of superpixels by regression over sampled coalitions";

    /// <inheritdoc/>
    public override string Formula =>
        "φ that minimises Σ_z π(z) (S(z) − S(∅) − z·φ)² with Σ_k φ_k = S(all) − S(∅), π(z) = (M − 1) / (C(M,|z|) |z| (M − |z|)), z sets "
        + "of the M superpixels";

    /// <inheritdoc/>
    public override string Paper => "S. Lundberg, S. Lee, arXiv 1705.07874";

    /// <inheritdoc/>
    public override IReadOnlyList<MethodOption> Options => [.. base.Options, _estimator];

    /// <inheritdoc/>
    protected override MethodOption<int> Samples { get; } = PerturbationOptions.Samples("number of coalitions", 500);

    /// <inheritdoc/>
    protected override long CountFor(int players, int samples) => IsSmall(players, samples) ? (1L << players) - 2 : samples;

    /// <inheritdoc/>
    protected override int Together(int players, int samples) => IsSmall(players, samples) ? (1 << players) - 2 : 2;

    /// <inheritdoc/>
    protected override bool[][] Draw(int players, int samples, ulong seed)
    {
        if (IsSmall(players, samples))
        {
            return
            [
                .. from bits in Enumerable.Range(1, (1 << players) - 2)
                   select Enumerable.Range(0, players).Select(k => (bits >> k & 1) == 1).ToArray(),
            ];
        }

        double[] sizes = [.. Enumerable.Range(1, players - 1).Select(size => 1.0 / ((double)size * (players - size)))];
        var drawn = new bool[samples][];
        for (int i = 0; i < samples; i++)
        {
            drawn[i] = i % 2 == 0 ? Sample(sizes, new Rng(seed, (ulong)i / 2)) : [.. drawn[i - 1].Select(stays => !stays)];
        }

        return drawn;
    }

    /// <inheritdoc/>
    protected override (double[] Values, Fact[] Facts, string? Problem) Solve(Game game, OptionValues options)
    {
        bool all = IsSmall(game.Players, game.Together);
        Fact coalitions = new("coalitions", game.Coalitions.Length);
        if (!all && options.Get(_estimator) == Regression && AdjustedShapley.Of(game) is { } adjusted)
        {
            return (adjusted.Values,
                [
                    coalitions, new("efficiency_error", game.EfficiencyError(adjusted.Values)),
                    new("largest_standard_error", adjusted.Errors.Max()), new("fitted_game_r_squared", adjusted.Explained),
                ],
                null);
        }

        (double[] values, string? problem) = Minimum(game, all);
        return (values, [coalitions, new("efficiency_error", game.EfficiencyError(values))], problem);
    }

    /// <summary>The φ of the least squares.</summary>
    private static (double[] Values, string? Problem) Minimum(Game game, bool all)
    {
        if (game.Players == 1)
        {
            return ([game.Whole - game.Empty], null);
        }

        double[][] rows = [.. game.Coalitions.Select(z => z.Select(stays => stays ? 1.0 : 0).ToArray())];
        double[] weights = [.. game.Coalitions.Select(z => all ? Kernel(z.Length, z.Count(stays => stays)) : 1)];
        var equations = new NormalEquations(rows, weights);
        double[] values = equations.Solve(NormalEquations.RightSide(rows, weights, [.. game.Values.Select(v => v - game.Empty)]));

        // The Lagrange multiplier of the constraint: φ = A⁻¹b − A⁻¹1·(1ᵀA⁻¹b − sum) / (1ᵀA⁻¹1).
        double[] along = equations.Solve([.. values.Select(_ => 1.0)]);
        double excess = game.EfficiencyError(values) / along.Sum();
        string? problem = !equations.IsSingular ? null
            : $"{game.Coalitions.Length} coalitions do not determine {game.Players} values: raise option 'samples'";
        return ([.. values.Zip(along, (v, a) => v - (excess * a))], problem);
    }

    private static bool IsSmall(int players, int samples) => players < 30 && (1 << players) - 2 <= samples;

    /// <summary>π for M players of which <paramref name="size"/> stay.</summary>
    private static double Kernel(int players, int size)
    {
        double subsets = 1;
        for (int i = 1; i <= size; i++)
        {
            subsets *= (players - size + i) / (double)i;
        }

        return (players - 1) / (subsets * size * (players - size));
    }

    /// <summary>A size with probability proportional to 1 / (s·(M − s)), then any subset of that size.</summary>
    private static bool[] Sample(double[] sizes, Rng rng)
    {
        double left = rng.Uniform(0) * sizes.Sum();
        int size = 1;
        while (size < sizes.Length && left >= sizes[size - 1])
        {
            left -= sizes[size++ - 1];
        }

        var coalition = new bool[sizes.Length + 1];
        foreach (int k in Draws.Sample(coalition.Length, size, rng, firstIndex: 1))
        {
            coalition[k] = true;
        }

        return coalition;
    }
}
