using System.Globalization;
using Interp.Cli.Output;
using Interp.Engine.Concepts.Discovery;

namespace Interp.Cli.Concepts;

/// <summary>What <c>concepts discover</c> found, as tables and in words.</summary>
internal static class DiscoverTables
{
    /// <summary><c>concepts.csv</c>.</summary>
    internal static string Concepts(DiscoverManifest manifest)
    {
        var table = new CsvTable();
        table.Add(["concept", "importance", "low", "high", "p", "effect", "effect_low", "effect_high", "share", "stability", "sheet"]);
        foreach (DiscoveredLine c in manifest.Concepts)
        {
            table.Add(
            [
                $"{c.Concept}",
                .. Numbers(c.Importance, c.Low, c.High, c.P, c.Effect, c.EffectLow, c.EffectHigh, c.Share, c.Stability), c.Sheet,
            ]);
        }

        return table.ToString();
    }

    /// <summary><c>crops.csv</c>.</summary>
    internal static string Crops(DiscoverManifest manifest)
    {
        var table = new CsvTable();
        table.Add(["concept", "rank", "image", "left", "top", "right", "bottom", "strength"]);
        foreach (DiscoveredLine concept in manifest.Concepts)
        {
            for (int i = 0; i < concept.Crops.Count; i++)
            {
                CropLine crop = concept.Crops[i];
                table.Add([$"{concept.Concept}", $"{i + 1}", crop.Image, .. crop.Box.Select(b => $"{b}"), CsvTable.Number(crop.Strength)]);
            }
        }

        return table.ToString();
    }

    /// <summary><c>curves.csv</c>.</summary>
    internal static string Curves(DiscoverManifest manifest)
    {
        var table = new CsvTable();
        table.Add(["order", "curve", "measure", "concepts", "value", "random"]);
        foreach (CurveLine curve in manifest.Curves)
        {
            for (int k = 0; k < curve.Values.Count; k++)
            {
                table.Add([curve.Order, curve.Curve, curve.Measure, $"{k}", .. Numbers(curve.Values[k], curve.Random[k])]);
            }
        }

        return table.ToString();
    }

    /// <summary>The table for people.</summary>
    internal static TextTable Printed(DiscoverManifest manifest)
    {
        var table = new TextTable("concept#", "importance#", "95 %", "p#", "effect on the logit#", "95 %", "share#", "stability#", "sheet");
        foreach (DiscoveredLine c in manifest.Concepts)
        {
            table.Add($"{c.Concept}", Two(c.Importance), $"{Two(c.Low)} to {Two(c.High)}", Two(c.P), Two(c.Effect),
                $"{Two(c.EffectLow)} to {Two(c.EffectHigh)}", Readable.Percent(c.Share), Two(c.Stability), c.Sheet);
        }

        return table;
    }

    /// <summary>What the numbers are worth, a line each.</summary>
    internal static IEnumerable<string> Words(DiscoverManifest manifest)
    {
        (ConceptFidelity f, ConceptStability s) = (manifest.Fidelity, manifest.Stability);
        bool hasRandom = manifest.RandomImportance.Count > 0;
        IReadOnlyList<double> random = manifest.RandomImportance;
        yield return "importance of random directions on the same scale: "
            + (hasRandom ? $"{Two(random[^1])} to {Two(random[0])}, median {Two(random[random.Count / 2])}" : "not measured");
        yield return $"reconstruction: error {Two(f.CropError)} of crops (R² {Two(f.CropR2)}), {Two(f.MapError)} of places"
            + (hasRandom ? $"; {Two(f.RandomMapError)} with random directions" : "");
        yield return $"the network says the class in {f.OwnClass} of {manifest.Images.Count} images; from the concepts alone in "
            + $"{f.RebuiltClass} of those{(hasRandom ? $", from random directions in {f.RandomClass:0.#}" : "")}; mean probability "
            + $"{Two(f.OwnProbability)} and {Two(f.RebuiltProbability)}";
        yield return $"half of the images gives concepts with a mean cosine of {Two(s.Mean)} ({Two(s.Lowest)} to {Two(s.Highest)} in "
            + $"{s.Splits} splits); chance gives {Two(s.Chance)}, at most {Two(s.ChanceHighest)}";
        foreach (CurveLine c in manifest.Curves.Where(c => c.Measure == "probability"))
        {
            yield return $"{c.Curve} by {c.Order}: {Gain(c)} better than random orders";
        }
    }

    /// <summary>A difference of areas and its interval.</summary>
    internal static string Gain(CurveLine c)
    {
        return $"{Signed(c.Gain)} ({Signed(c.Low)} to {Signed(c.High)})";

        static string Signed(double value) => value.ToString("+0.000;-0.000;0.000", CultureInfo.InvariantCulture);
    }

    /// <summary>Two digits behind the point.</summary>
    internal static string Two(double value) => value.ToString("0.00;-0.00;0.00", CultureInfo.InvariantCulture);

    private static IEnumerable<string> Numbers(params IEnumerable<double> values) => values.Select(CsvTable.Number);
}
