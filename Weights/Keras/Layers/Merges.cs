using System.Collections.Immutable;
using Interp.Engine.Common;

namespace Interp.Weights.Keras.Layers;

/// <summary>Layers that take several values.</summary>
internal static class Merges
{
    /// <summary><c>Add</c>, <c>Multiply</c>, <c>Maximum</c>, <c>Minimum</c>: ONNX's operator of two, again and again.</summary>
    internal static KerasValue Chain(LayerCall call, string kind)
    {
        KerasValue[] values = Aligned(call);
        return values.Skip(1).Aggregate(values[0], (sum, next) => Two(call, kind, sum, next));
    }

    /// <summary><c>Subtract</c>: the first less the second.</summary>
    internal static KerasValue Subtract(LayerCall call) => Aligned(call) is [var a, var b] ? Two(call, "Sub", a, b)
        : throw new ModelException($"it is called on {call.Inputs.Length} values, expected two");

    /// <summary><c>Average</c>: the sum, divided by how many there are.</summary>
    internal static KerasValue Average(LayerCall call)
    {
        KerasValue sum = Chain(call, "Add");
        return call.Add("Div", sum.Shape, [sum.Name, call.Graph.Number($"{call.Path}/count", call.Inputs.Length)]);
    }

    /// <summary><c>Concatenate</c>.</summary>
    internal static KerasValue Concatenate(LayerCall call)
    {
        ImmutableArray<KerasValue> values = call.Inputs;
        if (values.IsEmpty || values.Any(v => v.Rank != values[0].Rank))
        {
            throw new ModelException("it is called on values of different numbers of axes");
        }

        int axis = LayerCall.Axis(call.Settings.Whole("axis") ?? -1, values[0].Rank);
        ImmutableArray<long?> shape = values[0].Shape.SetItem(axis, values.Aggregate((long?)0, (sum, v) => sum + v.Shape[axis]));
        return call.Add("Concat", shape, [.. values.Select(v => v.Name)], ("axis", (long)axis));
    }

    /// <summary>The values with as many axes each: Keras puts new ones behind the batch.</summary>
    private static KerasValue[] Aligned(LayerCall call)
    {
        if (call.Inputs.Length < 2)
        {
            throw new ModelException($"it is called on {call.Inputs.Length} values, expected several");
        }

        int rank = call.Inputs.Max(v => v.Rank);
        return [.. call.Inputs.Select(v => v.Rank == rank ? v : call.Add("Unsqueeze",
            [v.Shape[0], .. Enumerable.Repeat((long?)1, rank - v.Rank), .. v.Shape.Skip(1)],
            [v.Name, call.Graph.Wholes($"{call.Path}/axes", [.. Enumerable.Range(1, rank - v.Rank).Select(a => (long)a)])]))];
    }

    private static KerasValue Two(LayerCall call, string kind, KerasValue a, KerasValue b) =>
        call.Add(kind, [.. a.Shape.Zip(b.Shape, (x, y) => x == 1 ? y : x)], [a.Name, b.Name]);
}
