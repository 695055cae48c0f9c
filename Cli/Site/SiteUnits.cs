using Interp.Cli.Reporting;
using Interp.Cli.Visualization;
using Interp.Engine.Common;

namespace Interp.Cli.Site;

/// <summary>Which units of a layer have pages.</summary>
internal static class SiteUnits
{
    /// <summary>Whether the units are known before the dissection.</summary>
    internal static bool AreKnown(string text) => text != SiteFlags.Detectors;

    /// <summary>The units, those first whose label is surest; without labels N are taken evenly.</summary>
    /// <exception cref="InputException">The text says none of them.</exception>
    internal static int[] Of(string text, int channels, UnitLabels? labels)
    {
        if (text == SiteFlags.Detectors)
        {
            return labels is null
                ? throw new InputException($"{SiteFlags.Units.Name} {text}: without labels there are none; give {SiteFlags.Labels.Name}")
                : [.. Ranked().Where(k => labels.Of(k) is { Detector: true, Significant: true })];
        }

        if (text == SiteFlags.All)
        {
            return [.. Ranked()];
        }

        if (UnitList.Number(text) is { } count)
        {
            return count == 0 ? throw new InputException($"{SiteFlags.Units.Name} 0: expected at least one unit")
                : count >= channels ? [.. Ranked()]
                : labels is null ? [.. Enumerable.Range(0, count).Select(i => (int)((long)i * channels / count))]
                : [.. Ranked().Take(count)];
        }

        return [.. UnitList.Numbers(text, channels, SiteFlags.Units.Name)];

        IEnumerable<int> Ranked() => Enumerable.Range(0, channels).OrderByDescending(k => labels?.Of(k)?.Significant ?? false)
            .ThenByDescending(k => labels?.Of(k)?.Iou ?? 0).ThenBy(k => k);
    }

    /// <summary>Says at once what is wrong with a text, whatever the labels will be.</summary>
    internal static void Check(string text, int channels, bool areLabelled)
    {
        if (text == SiteFlags.Detectors && areLabelled)
        {
            return;
        }

        _ = Of(text, channels, null);
    }
}
