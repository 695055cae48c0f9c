using System.Collections.Immutable;
using Interp.Weights.Graphs;
using Interp.Weights.Graphs.Arrays;

namespace Interp.Weights.Lowering.Values;

/// <summary>What a constant that is broadcast to a value's shape says of the channels of the node that the value belongs to.</summary>
internal static class ChannelValues
{
    /// <summary>One number where all are equal, one for each channel where they are equal within channels, null where they are
    /// not.</summary>
    /// <param name="layout">Where the value's elements lie; its shape is the result's.</param>
    /// <param name="constant">The constant; null is returned where it cannot be broadcast to that shape.</param>
    internal static double[]? Of(Layout layout, Block<double> constant)
    {
        if (constant.Rank > layout.Shape.Length || !Fits(constant.Shape, layout.Shape))
        {
            return null;
        }

        if (constant.Values.Length > 0 && Array.TrueForAll(constant.Values, v => v.Equals(constant.Values[0])))
        {
            return [constant.Values[0]];
        }

        return layout.ChannelAxis is { } axis && RunsAlong(constant.Shape, axis, layout.Shape.Length) ? constant.Values
            : Gather(layout, constant);
    }

    private static bool Fits(ImmutableArray<int> shape, ImmutableArray<int> whole) =>
        shape.Select((size, k) => size == 1 || size == whole[whole.Length - shape.Length + k]).All(fits => fits);

    private static bool RunsAlong(ImmutableArray<int> shape, int axis, int rank)
    {
        int own = axis - (rank - shape.Length);
        return own >= 0 && shape.Select((size, k) => size == 1 || k == own).All(is1 => is1);
    }

    private static double[]? Gather(Layout layout, Block<double> constant)
    {
        double[] all = StridedPlacement.Broadcast(constant.Shape, layout.Shape).Apply<double>([constant.Values], 0);
        var values = new double[layout.Channels];
        var known = new bool[values.Length];
        int[] places = layout.Places;
        for (int i = 0; i < places.Length; i++)
        {
            if (places[i] < 0)
            {
                return null;
            }

            int channel = places[i] % layout.PerImage / layout.Pixels;
            if (!known[channel])
            {
                (known[channel], values[channel]) = (true, all[i]);
            }
            else if (!values[channel].Equals(all[i]))
            {
                return null;
            }
        }

        return values;
    }
}
