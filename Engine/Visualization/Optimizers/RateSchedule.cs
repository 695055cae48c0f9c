using Interp.Engine.Common;

namespace Interp.Engine.Visualization.Optimizers;

/// <summary>How a learning rate changes over a run.</summary>
/// <param name="Name">The name used on the command line.</param>
/// <param name="Summary">The rate as a formula in t = step/steps.</param>
/// <param name="Factor">The rate's factor at t, 0 ≤ t &lt; 1.</param>
public sealed record RateSchedule(string Name, string Summary, Func<double, double> Factor)
{
    /// <summary>All schedules by name.</summary>
    public static Catalog<RateSchedule> All { get; } = new(
        "learning-rate schedule",
        s => s.Name,
        new RateSchedule("constant", "the same rate at every step", _ => 1),
        new RateSchedule("cosine", "rate·(1 + cos πt)/2: I. Loshchilov, F. Hutter, arXiv 1608.03983, without restarts", t =>
        (1 + Math.Cos(Math.PI * t)) / 2),
        new RateSchedule("linear", "rate·(1 − t)", t => 1 - t));

    /// <summary>A step's rate.</summary>
    /// <param name="rate">The rate of the first step.</param>
    /// <param name="step">The step, 0-based.</param>
    /// <param name="steps">How many there are.</param>
    public double At(double rate, int step, int steps) => rate * Factor((double)step / steps);
}
