using Interp.Cli.Reporting;
using Interp.Engine.Examples;

namespace Interp.Cli.Examples;

/// <summary>The receptive field of one position, in pixels of the network's input, before it is cut off at the border.</summary>
/// <param name="Height">Rows.</param>
/// <param name="Width">Columns.</param>
/// <param name="Stride">Rows and columns from one position to the next, or null where the steps differ or there is one position.</param>
/// <param name="Offset">Row and column where the field of the first position starts.</param>
internal sealed record FieldLine(int Height, int Width, IReadOnlyList<int>? Stride, IReadOnlyList<int> Offset)
{
    internal static FieldLine Of(ReceptiveField field) =>
        new(field.Size.Height, field.Size.Width, field.Stride is { } s ? [s.Y, s.X] : null, [field.Offset.Y, field.Offset.X]);
}

/// <summary>What was found of one channel.</summary>
/// <param name="Channel">The channel.</param>
/// <param name="Statistics">Its distribution.</param>
/// <param name="Most">The images that excite it most, best first.</param>
/// <param name="Least">The images that excite it least; empty where they were not asked for.</param>
/// <param name="Sheet">The file that shows them side by side.</param>
internal sealed record UnitLine(int Channel, StatisticsLine Statistics, IReadOnlyList<ExampleLine> Most, IReadOnlyList<ExampleLine> Least,
    string Sheet)
{
    /// <summary>What it stands for by a dissection in the same folder, or null.</summary>
    public UnitLabel? Label { get; init; }
}

/// <param name="Rank">Place in the list, from 1.</param>
/// <param name="Image">The file.</param>
/// <param name="Part">The input's place in it, or null.</param>
/// <param name="Value">The activation at the place.</param>
/// <param name="Mean">The mean of the map.</param>
/// <param name="Y">Row in the map.</param>
/// <param name="X">Column in the map.</param>
/// <param name="Box">The receptive field in the network's input: left, top, and the column and row behind the last.</param>
/// <param name="Crop">The file with the cut-out.</param>
internal sealed record ExampleLine(int Rank, string Image, int? Part, float Value, double Mean, int Y, int X, IReadOnlyList<int> Box,
    string Crop);

/// <summary>The distribution of the largest activation of each image.</summary>
/// <param name="Mean">Mean.</param>
/// <param name="Deviation">Standard deviation over these images.</param>
/// <param name="Minimum">The least.</param>
/// <param name="Maximum">The largest: that at any place of any image.</param>
/// <param name="ActiveShare">Share of the images in which the channel is above 0 at all.</param>
/// <param name="Quantiles">By their shares.</param>
/// <param name="Histogram">Numbers of images in equal steps from minimum to maximum.</param>
/// <param name="Lowest">The smallest activation at any place of any image.</param>
/// <param name="MeanActivation">The mean over all places and images.</param>
/// <param name="LowestMean">The smallest mean of an image.</param>
/// <param name="HighestMean">The largest mean of an image.</param>
internal sealed record StatisticsLine(
    double Mean, double Deviation, float Minimum, float Maximum, double ActiveShare, IReadOnlyDictionary<string, double> Quantiles,
    IReadOnlyList<long> Histogram,
    float Lowest, double MeanActivation, double LowestMean, double HighestMean)
{
    private const int Steps = 32;
    private static readonly double[] s_quantiles = [0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99];

    internal static StatisticsLine Of(UnitStatistics s) => new(
        s.Mean, s.Deviation, s.Minimum, s.Maximum, (double)s.Active / s.Images, s_quantiles.ToDictionary(q => $"{q}", s.Quantile),
        s.Histogram(Steps),
        s.Lowest, s.MeanActivation, s.LowestMean, s.HighestMean);
}
