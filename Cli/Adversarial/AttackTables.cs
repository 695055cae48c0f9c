using Interp.Cli.Output;
using Interp.Engine.Statistics;

namespace Interp.Cli.Adversarial;

/// <summary>What <c>attack</c> prints.</summary>
internal static class AttackTables
{
    /// <summary>One line an image and attack.</summary>
    internal static TextTable Results(IEnumerable<AttackLine> lines)
    {
        var table = new TextTable(
            "image", "attack", "from", "read back as", "probability#", "success", "claim", "linf#", "l2#", "ssim#", "noise#", "passes#",
            "seconds#");
        foreach (AttackLine line in lines)
        {
            AttackManifest m = line.Manifest;
            table.Add(
                Readable.Path(line.Image), m.Method, m.From.Words, $"{m.After[0].Class} {TargetWords.Short(m.After[0].Label)}",
                Readable.Percent(m.After[0].Probability), m.Misclassified ? "was wrong" : m.Success ? "yes" : "no",
                m.Misclassified ? "" : m.Claimed ? "yes" : "no", $"{Levels(m.Distances.Linf)}/255", $"{m.Distances.L2:0.000}",
                $"{m.Distances.Ssim:0.0000}", m.Noise is { } n ? $"{n.Count}/{n.Of}" : "", $"{m.ForwardPasses + m.BackwardPasses}",
                $"{m.TimeMs / 1000:0.00}");
        }

        return table;
    }

    /// <summary>One line an attack over several images.</summary>
    internal static TextTable Rates(IEnumerable<AttackRate> rates)
    {
        var table = new TextTable(
            "attack", "within", "success when read back", "claim", "noise of the same size", "linf#", "l2#", "ssim#", "rho#", "seconds#");
        foreach (AttackRate r in rates)
        {
            table.Add(
                r.Method, r.Epsilon is null ? $"nearest, {r.Norm}" : $"{r.Norm} {r.Epsilon}", r.Success?.Words ?? "no image", $"{r.Claims}",
                r.Noise?.Words ?? "", $"{Levels(r.Linf.Median)}/255", Number(r.L2.Median, "0.000"), Number(r.Ssim.Median, "0.0000"),
                Number(r.Rho, "0.0e+0"), $"{r.MedianSeconds:0.00}");
        }

        return table;
    }

    /// <summary>The attacks' rates over images that were classified right.</summary>
    internal static IReadOnlyList<AttackRate> RatesOf(IEnumerable<AttackLine> lines) =>
    [
        .. from line in lines
        group line.Manifest by line.Manifest.Method into one
        select RateOf([.. one]),
    ];

    /// <summary>What is said below the tables.</summary>
    internal static IEnumerable<string> Words(IReadOnlyList<AttackRate> rates)
    {
        foreach (AttackRate r in rates.Where(r => r.Misclassified > 0))
        {
            yield return $"{r.Method}: {r.Misclassified} of {r.Images} images were classified otherwise before anything was done: they are "
                + "left out of its successes";
        }

        foreach (AttackRate r in rates.Where(r => r.Agree < r.Images - r.Misclassified))
        {
            int apart = r.Images - r.Misclassified - r.Agree;
            yield return $"{r.Method}: of {apart} of {r.Images - r.Misclassified} images the saved file does not do what the attack "
                + "claims; what the file does is what counts";
        }
    }

    private static AttackRate RateOf(AttackManifest[] all)
    {
        AttackManifest[] counted = [.. all.Where(m => m.Counts)], won = [.. counted.Where(m => m.Success)];
        int noises = counted.Sum(m => m.Noise?.Of ?? 0);
        return new AttackRate(
            all[0].Method, all[0].Norm, all[0].Epsilon, all.Length, all.Length - counted.Length,
            RateLine.From(won.Length, counted.Length), counted.Count(m => m.Claimed), counted.Count(m => m.Claimed == m.Success),
            RateLine.From(counted.Sum(m => m.Noise?.Count ?? 0), noises), Of(d => d.L0), Of(d => d.L1), Of(d => d.L2), Of(d => d.Rms),
            Of(d => d.Linf), Of(d => d.Ssim), won.Length == 0 ? double.NaN : won.Average(m => m.Distances.Rho),
            Quartile([.. counted.Select(m => m.TimeMs / 1000)], 0.5),
            Quartile([.. counted.Select(m => (double)(m.ForwardPasses + m.BackwardPasses))], 0.5));

        Quartiles Of(Func<DistanceLine, double> value)
        {
            double[] values = [.. won.Select(m => value(m.Distances))];
            return new Quartiles(Quartile(values, 0.25), Quartile(values, 0.5), Quartile(values, 0.75));
        }
    }

    private static double Quartile(double[] values, double share) =>
        values.Length == 0 ? double.NaN : Quantiles.OfSorted([.. values.Order()], share);

    private static string Levels(double linf) => double.IsNaN(linf) ? "-" : $"{255 * linf:0.##}";

    private static string Number(double value, string format) => double.IsNaN(value) ? "-" : value.ToString(
        format, System.Globalization.CultureInfo.InvariantCulture);
}
