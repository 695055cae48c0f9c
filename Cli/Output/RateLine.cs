using Interp.Engine.Statistics;

namespace Interp.Cli.Output;

/// <summary>A share with its 95 % interval.</summary>
internal sealed record RateLine(int Count, int Of, double Share, double Low, double High)
{
    internal static RateLine? From(Proportion? p) => p is null ? null : new(p.Count, p.Of, p.Share, p.Low, p.High);

    /// <summary>The share of some, or null where there are none.</summary>
    internal static RateLine? From(int count, int of) => From(of == 0 ? null : new Proportion(count, of));

    /// <summary><c>49 of 50, 98 % (90 to 100)</c>.</summary>
    internal string Words => $"{Count} of {Of}, {100 * Share:0.#} % ({100 * Low:0} to {100 * High:0})";
}
