using Interp.Engine.Common;
using Interp.Engine.Tensors;

namespace Interp.Cli.Output;

/// <summary>What a network without classes gives for one image.</summary>
/// <param name="Shape">Shape of its output for one image, without the batch.</param>
/// <param name="Channels">The channels, or features, with the largest means, those with larger ones first.</param>
internal sealed record OutputSummary(IReadOnlyList<int> Shape, IReadOnlyList<OutputChannel> Channels)
{
    /// <summary>The summary of one output.</summary>
    /// <param name="values">It.</param>
    /// <param name="shape">Its shape, <c>[1,C,H,W]</c> or <c>[1,F]</c>.</param>
    /// <param name="count">How many channels are wanted.</param>
    internal static OutputSummary Of(float[] values, Shape shape, int count)
    {
        int plane = values.Length / shape[1], width = shape.Rank == 4 ? shape[3] : 1;
        return new(
            [.. shape.Dims.Skip(1)],
            [.. values.Chunk(plane).Select(Channel).OrderByDescending(c => c.Mean).ThenBy(c => c.Channel).Take(count)]);

        OutputChannel Channel(float[] map, int index)
        {
            float largest = map.Max();
            int at = Array.IndexOf(map, largest);
            (int Y, int X)? place = shape.Rank == 4 ? Math.DivRem(at, width) : null;
            return new(index, map.Average(v => (double)v), map.Min(), largest, place?.Y, place?.X);
        }
    }

    /// <summary>The shape of all outputs so far.</summary>
    /// <exception cref="InputException">There is another, and all are to go into one file.</exception>
    internal static Shape Same(Shape? before, Shape shape, string image, string? option) =>
        option is null || before is not { } first || first == shape ? shape
        : throw new InputException(
            $"{option}: the output for {image} has shape {shape}, the one before {first}: expected one shape; give images of one size");
}

/// <param name="Channel">The channel, 0-based.</param>
/// <param name="Mean">The mean of its map.</param>
/// <param name="Minimum">The least value.</param>
/// <param name="Maximum">The largest value.</param>
/// <param name="Y">Its row; null where there is no map.</param>
/// <param name="X">Its column.</param>
internal sealed record OutputChannel(int Channel, double Mean, float Minimum, float Maximum, int? Y, int? X);
