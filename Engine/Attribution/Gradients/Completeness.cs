using System.Globalization;

namespace Interp.Engine.Attribution.Gradients;

/// <summary>
/// Whether an attribution's shares add up to what they should: the change S(x) − S(x') of the target from the baseline to the image, or
/// S(x) alone.
/// M. Sundararajan, A. Taly, Q. Yan, arXiv 1703.01365, proposition 1.
/// </summary>
/// <param name="Sum">What the shares add up to.</param>
/// <param name="AtInput">S(x), the mean over noisy inputs if there are any.</param>
/// <param name="AtBaseline">S(x'), the mean over baselines if there are several; null if there is no baseline.</param>
/// <param name="Advice">What makes the error smaller.</param>
internal sealed record Completeness(double Sum, double AtInput, double? AtBaseline, string Advice)
{
    private const double Tolerated = 0.05;

    /// <summary>|Sum − (S(x) − S(x'))| / |S(x) − S(x')|.</summary>
    public double Error => Math.Abs(Sum - Change) / Math.Abs(Change);

    /// <summary>The numbers, as far as they are finite.</summary>
    public IEnumerable<Fact> Facts
    {
        get
        {
            (string Name, double? Value)[] all = [
                ("score_at_input", AtInput), ("score_at_baseline", AtBaseline), ("attribution_sum", Sum), ("completeness_error", Error)];
            return all.Where(f => f.Value is { } v && double.IsFinite(v)).Select(f => new Fact(f.Name, f.Value!.Value));
        }
    }

    /// <summary>Says if the error is larger than 5 %, and what to do.</summary>
    public string? Warning => Error <= Tolerated
        ? null
        : string.Create(
            CultureInfo.InvariantCulture,
            $"completeness error {Error:P1}: the values add up to {Sum:G4}, but {(AtBaseline is null ? "S(x)" : "S(x) - S(x')")} is "
            + $"{Change:G4}; {Advice}");

    private double Change => AtInput - (AtBaseline ?? 0);
}
