using Interp.Engine.Common;
using Interp.Engine.Tensors;

namespace Interp.Engine.Examples;

/// <summary>What one channel of a layer does on one image. In a layer without a map the channel is the value of that index, and its place
/// 0, 0.</summary>
/// <param name="Largest">max_yx a_yx.</param>
/// <param name="LargestAt">Where; the first in row order among equal ones.</param>
/// <param name="Smallest">min_yx a_yx.</param>
/// <param name="SmallestAt">Where; the first in row order among equal ones.</param>
/// <param name="Mean">(1/hw) Σ_yx a_yx, in float64 and in row order.</param>
public readonly record struct UnitReading(float Largest, (int Y, int X) LargestAt, float Smallest, (int Y, int X) SmallestAt, double Mean)
{
    /// <summary>Reads a channel's map.</summary>
    /// <param name="activation">A layer's activations, <c>[N,C,h,w]</c> or <c>[N,F]</c>.</param>
    /// <param name="shape">Their shape.</param>
    /// <param name="row">The image, below N.</param>
    /// <param name="channel">The channel, below C or F.</param>
    /// <exception cref="ModelException">The activations are not finite.</exception>
    public static UnitReading Of(ReadOnlySpan<float> activation, Shape shape, int row, int channel)
    {
        (int plane, int width) = shape.Rank == 4 ? (shape[2] * shape[3], shape[3]) : (1, 1);
        ReadOnlySpan<float> map = activation.Slice(((row * shape[1]) + channel) * plane, plane);
        int largest = 0, smallest = 0;
        double sum = 0;
        for (int i = 0; i < map.Length; i++)
        {
            float a = map[i];
            sum += a;
            if (a > map[largest])
            {
                largest = i;
            }

            if (a < map[smallest])
            {
                smallest = i;
            }
        }

        return double.IsFinite(sum)
            ? new UnitReading(map[largest], (largest / width, largest % width), map[smallest], (smallest / width, smallest % width),
            sum / plane)
            : throw new ModelException($"channel {channel} has activations that are not finite; the model's weights may be damaged");
    }
}
