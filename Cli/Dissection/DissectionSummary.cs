using Interp.Cli.Output;
using Interp.Engine.Dissection;
using Result = Interp.Engine.Dissection.Dissection;

namespace Interp.Cli.Dissection;

/// <summary>How many units pass, and for how many concepts.</summary>
internal sealed record CountLine(
    string Category, int Detectors, double ExpectedByChance, int Significant, int SignificantDetectors, int Unique, int UniqueSignificant)
{
    internal static CountLine Of(string category, DetectorCounts c) => new(
        category, c.Detectors, c.ExpectedByChance, c.Significant, c.SignificantDetectors, c.Unique, c.UniqueSignificant);
}

/// <summary>What is known of a layer in short: <c>summary.json</c>, and what <c>dissect --json</c> says of each.</summary>
internal sealed record DissectionSummary
{
    public required string Model { get; init; }

    public required string Layer { get; init; }

    public required string Labels { get; init; }

    public required string Layout { get; init; }

    /// <summary>Images that were used.</summary>
    public required int Images { get; init; }

    /// <summary>Images that could not be used.</summary>
    public required int Skipped { get; init; }

    /// <summary>Concepts that were compared.</summary>
    public required int Concepts { get; init; }

    /// <summary>Concepts that are in too few images.</summary>
    public required int ConceptsLeftOut { get; init; }

    public required int Units { get; init; }

    /// <summary>Units that are never active in these images.</summary>
    public required int Dead { get; init; }

    /// <summary>Units with threshold 0: their masks are wherever they are active at all.</summary>
    public required int Sparse { get; init; }

    /// <summary>Units whose IoU exceeds the threshold.</summary>
    public required int Detectors { get; init; }

    /// <summary>The mean of the same number with labels exchanged among images.</summary>
    public required double ExpectedByChance { get; init; }

    /// <summary>The number that 5 % of the exchanges exceed.</summary>
    public required double ChanceHigh { get; init; }

    /// <summary>Units whose false discovery rate is at most α, whatever their IoU.</summary>
    public required int Significant { get; init; }

    public required int SignificantDetectors { get; init; }

    /// <summary>Concepts that detectors stand for.</summary>
    public required int Unique { get; init; }

    public required int UniqueSignificant { get; init; }

    public required IReadOnlyList<CountLine> ByCategory { get; init; }

    /// <summary>The share of detectors that the two halves of the images give the same label.</summary>
    public required double HalvesAgree { get; init; }

    /// <summary>What it would be if the halves' labels had nothing to do with each other.</summary>
    public required double HalvesAgreeByChance { get; init; }

    /// <summary>q.</summary>
    public required double Quantile { get; init; }

    /// <summary>The share of the grid that the masks of units that are not dead cover, in the mean.</summary>
    public required double MaskShare { get; init; }

    public required double Threshold { get; init; }

    public required double Alpha { get; init; }

    public required int Permutations { get; init; }

    public required int MinImages { get; init; }

    public required string Score { get; init; }

    public required string Denominator { get; init; }

    /// <summary><c>rf</c> where positions stand at the centres of their receptive fields, <c>bilinear</c> where they lie evenly.</summary>
    public required string Upsample { get; init; }

    public required IReadOnlyList<int> Grid { get; init; }

    public required IReadOnlyList<int> Map { get; init; }

    public required ulong Seed { get; init; }

    /// <summary>What to bear in mind.</summary>
    public required IReadOnlyList<string> Remarks { get; init; }

    internal static DissectionSummary Of(DissectContext context, Result d)
    {
        DissectionOptions options = context.Options;
        double[] shares = [.. d.Units.Where(u => !u.IsDead).Select(u => u.MaskShare)];
        int[] chance = [.. d.ChanceDetectors.Order()];
        return new DissectionSummary
        {
            Model = context.Network.Name,
            Layer = d.Layer,
            Labels = context.Labels.Source,
            Layout = context.Labels.Layout,
            Images = d.Images,
            Skipped = d.Failed.Length,
            Concepts = d.Concepts.Length,
            ConceptsLeftOut = d.LeftOut,
            Units = d.Units.Length,
            Dead = d.Units.Count(u => u.IsDead),
            Sparse = d.Units.Count(u => u.IsSparse),
            Detectors = d.Counts.Detectors,
            ExpectedByChance = d.Counts.ExpectedByChance,
            ChanceHigh = chance.Length > 0 ? chance[(int)Math.Ceiling(0.95 * chance.Length) - 1] : double.NaN,
            Significant = d.Counts.Significant,
            SignificantDetectors = d.Counts.SignificantDetectors,
            Unique = d.Counts.Unique,
            UniqueSignificant = d.Counts.UniqueSignificant,
            ByCategory = [.. d.Categories.Zip(d.CountsByCategory, CountLine.Of)],
            HalvesAgree = d.Halves.Share,
            HalvesAgreeByChance = d.Halves.Chance,
            Quantile = options.Quantile,
            MaskShare = shares.Length > 0 ? shares.Average() : 0,
            Threshold = options.Threshold,
            Alpha = options.Alpha,
            Permutations = options.Permutations,
            MinImages = options.MinImages,
            Score = options.Score.Name,
            Denominator = options.Denominator.ToString().ToLowerInvariant(),
            Upsample = d.Enlargement == Enlargement.Field ? "rf" : "bilinear",
            Grid = [d.Grid.Height, d.Grid.Width],
            Map = [d.Map.Height, d.Map.Width],
            Seed = options.Seed,
            Remarks = [.. RemarksOf(context, d)],
        };
    }

    private static IEnumerable<string> RemarksOf(DissectContext context, Result d)
    {
        if (context.Labels.Layout == "patterns")
        {
            yield return "generated patterns: textures, colours, shapes and edges, no objects; --labels DIR takes labels of your own";
        }

        if (d.Enlargement == Enlargement.HalfPixel && context.Options.Enlargement == Enlargement.Field)
        {
            yield return "receptive fields do not lie evenly, so map positions stand in the middle of their share of the image";
        }

        if (d.Units.Any(u => u.Threshold < 0))
        {
            yield return "some thresholds are below 0: the layer stands before its ReLU, and masks take negative values in";
        }

        if (d.Units.Count(u => u.IsDead) is > 0 and var dead)
        {
            yield return $"{dead} of {d.Units.Length} units are never active in these images";
        }

        if (context.Options.Permutations == 0)
        {
            yield return "no permutations: nothing says how many of the detectors chance would give";
        }
        else if (1.0 / (context.Options.Permutations + 1) > context.Options.Alpha / 2)
        {
            yield return $"{context.Options.Permutations} permutations are few for a false discovery rate of {context.Options.Alpha}";
        }
    }
}
