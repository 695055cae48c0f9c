using System.Globalization;
using System.Text.RegularExpressions;
using Interp.Weights.Graphs;

namespace Interp.Weights.TorchExport;

/// <summary>Sizes that a program leaves open: it was made for those within its symbols' limits and may compute others wrongly.</summary>
internal static partial class OpenSizes
{
    /// <summary>What a program says of a size; null for a number.</summary>
    /// <param name="size">The size.</param>
    /// <param name="ranges">The limits of the symbols.</param>
    internal static OpenSize? Of(ExportSize size, IReadOnlyDictionary<string, (long Least, long Most)> ranges)
    {
        if (size.Number is not null || size.Example is not (> 0 and var example))
        {
            return null;
        }

        if (Multiple().Match(size.Expression ?? "") is { Success: true } match
            && ranges.TryGetValue(match.Groups["symbol"].Value, out (long Least, long Most) range))
        {
            long step = match.Groups["step"] is { Success: true } times
                && long.TryParse(times.Value, NumberStyles.None, CultureInfo.InvariantCulture, out long number) && number > 0 ? number : 1;
            return new OpenSize(example, Times(range.Least, step), Times(range.Most, step), step);
        }

        // An expression that is not understood: only what it was exported with is known to be right.
        return new OpenSize(example, example, example, 1);
    }

    private static long Times(long value, long step) => (long)Int128.Clamp((Int128)value * step, 1, long.MaxValue);

    /// <summary>A symbol, or a multiple of one, in either way of writing.</summary>
    [GeneratedRegex(@"^(?:(?<step>\d+)\*)?(?<symbol>\w+)$|^(?:Mul\(Integer\((?<step>\d+)\), )?Symbol\('(?<symbol>\w+)'[^()]*\)\)?$",
        RegexOptions.CultureInvariant)]
    private static partial Regex Multiple();
}
