using System.Globalization;
using Interp.Engine.Graph;

namespace Interp.Engine.Attribution.Perturbation.Regions;

/// <summary>What was found, as facts and in words.</summary>
internal static class RegionReport
{
    /// <summary>The facts of one region, their names behind a prefix.</summary>
    /// <param name="prefix"><c>region_1</c> or <c>counterfactual</c>.</param>
    /// <param name="region">The region.</param>
    /// <param name="network">The network.</param>
    /// <param name="holds">Whether a reading meets the criterion; null for a counterfactual region, which has no crop.</param>
    internal static IEnumerable<Fact> Facts(string prefix, CheckedRegion region, Network network, Func<RegionReading, bool>? holds)
    {
        yield return new($"{prefix}_area", region.Area);
        yield return new($"{prefix}_box", region.Box.ToString());
        yield return new($"{prefix}_minimal", region.Found.IsMinimal);
        foreach (Fact fact in Reading($"{prefix}", region.Masked, network))
        {
            yield return fact;
        }

        if (holds is not null)
        {
            yield return new($"{prefix}_crop", region.Crop.ToString());
            yield return new($"{prefix}_crop_keeps", holds(region.Cropped));
            foreach (Fact fact in Reading($"{prefix}_crop", region.Cropped, network))
            {
                yield return fact;
            }
        }

        yield return new($"{prefix}_chance_tries", region.Tries);
        if (region.Tries > 0)
        {
            yield return new($"{prefix}_chance", region.Hits / (double)region.Tries);
        }
    }

    /// <summary>A region in a sentence: <c>region 1, 5.1 % of the image, alone: tabby 62 %; its crop: tabby 80 %; 2 of 16 random places of
    /// the same shape do it too</c>.</summary>
    internal static string Words(int rank, CheckedRegion region, Network network, bool cropKeeps) => string.Join(
        "; ",
        $"region {rank}, {Percent(region.Area)} of the image, alone: {Said(region.Masked, network)}",
        $"its crop: {Said(region.Cropped, network)}{(cropKeeps ? "" : ", so the crop does not confirm it")}",
        $"{Chance(region)}{(region.Found.IsMinimal ? "" : "; not minimal, since option 'passes' ended the search")}");

    /// <summary>A counterfactual region in a sentence.</summary>
    internal static string WordsWithout(CheckedRegion region, Network network) =>
        $"without {Percent(region.Area)} of the image (counterfactual): {Said(region.Masked, network)}; {Chance(region)}"
        + (region.Found.IsMinimal ? "" : "; not minimal, since option 'passes' ended the search");

    private static IEnumerable<Fact> Reading(string prefix, RegionReading reading, Network network)
    {
        yield return new($"{prefix}_score", reading.Score);
        if (double.IsFinite(reading.Probability))
        {
            yield return new($"{prefix}_probability", reading.Probability);
        }

        if (reading.Top >= 0)
        {
            yield return new($"{prefix}_top", reading.Top);
            yield return new($"{prefix}_top_label", network.Labels[reading.Top]);
        }
    }

    private static string Said(RegionReading reading, Network network)
    {
        string score = string.Create(CultureInfo.InvariantCulture, $"score {reading.Score:g4}");
        return double.IsNaN(reading.Probability) ? score
            : $"{Percent(reading.Probability)}, top class {reading.Top} {network.Labels[reading.Top].Split(',')[0]}";
    }

    private static string Chance(CheckedRegion region) => region.Tries == 0 ? "the same shape fits nowhere else"
        : $"{region.Hits} of {region.Tries} random places of the same shape do so too";

    private static string Percent(double share) => string.Create(CultureInfo.InvariantCulture, $"{100 * share:0.#} %");
}
