using System.Collections.Immutable;
using Interp.Engine.Common;
using Interp.Engine.Layers;
using Interp.Weights.Graphs;
using Interp.Weights.Graphs.Arrays;
using Interp.Weights.Lowering.Elementwise;
using Interp.Weights.Lowering.Emission;
using Interp.Weights.Lowering.Values;

namespace Interp.Weights.Lowering.Operators;

/// <summary>
/// Concat: along the channels of maps it is a layer; along any other axis its result's elements are those of that layer too, only
/// elsewhere. Parts of one node's value put together again are elements of that node.
/// </summary>
internal static class ConcatOperator
{
    /// <summary>Lowers it.</summary>
    internal static GraphValue Lower(OperatorCall call)
    {
        OperatorNode node = call.Node;
        GraphValue[] values = [.. Enumerable.Range(0, node.Inputs.Length).Select(call.Value)];
        Placement[] plan = Movements.Plan(node, [.. values.Select(v => (ImmutableArray<int>?)v.Shape)], _ => null, Movements.MaxElements);
        if (values.Any(v => v is Pending) && Affine(call, values, plan[0]) is { } joined)
        {
            return joined;
        }

        View?[] views = [.. values.Select(v => v is ConstantValue constant ? Zeros(constant) : call.Lowering.Settle(v, node))];
        View[] present = [.. views.OfType<View>()];
        View first = present[0];
        if (values.Length == 1)
        {
            return first;
        }

        bool whole = present.All(v => v.Layout.IsComplete);
        if (present.All(v => v.Node == first.Node) && !(whole && present.Length == values.Length))
        {
            Layout layout = Layout.At(first.Layout.Node, call.Batch, plan[0].Shape,
                plan[0].Apply([.. views.Select((v, i) => v?.Layout.Places ?? Nothing(values[i]))], -1));
            return new View(first.Node, layout, call.Site, first.Sole && present.Length == 1 && call.Readers == 1);
        }

        return Join(call, views, values, plan[0]);
    }

    /// <summary>The views as parts of a layer that puts their nodes' channels side by side.</summary>
    private static View Join(OperatorCall call, View?[] views, GraphValue[] values, Placement plan)
    {
        for (int i = 0; i < views.Length; i++)
        {
            if (views[i] is not { } view)
            {
                continue;
            }

            if (!view.Layout.IsComplete)
            {
                view = call.Lowering.Maps.Of(view, call.Node);
            }

            if (view.Node.Shape.Rank == 2)
            {
                EmittedNode node = call.Lowering.Maps.Unflattened(view.Node);
                view = new View(node, view.Layout.For(node.Shape), view.Site, view.Sole);
            }

            views[i] = view;
        }

        View[] present = [.. views.OfType<View>()];
        if (present.Select(v => (v.Node.Shape[2], v.Node.Shape[3])).Distinct().Count() > 1)
        {
            throw new ModelException("maps of sizes "
                + $"{string.Join(" and ", present.Select(v => $"{v.Node.Shape[2]}x{v.Node.Shape[3]}").Distinct())} are put together, "
                + "expected maps of one size");
        }

        EmittedNode joined = call.Lowering.Network.Add(new Concat(), [.. present.Select(v => v.Node)], call.Site, "cat");
        int rank = plan.Shape.Length;
        int axis = Sizes.Axis(call.Attributes.Int("axis", 0), rank);
        if (present.Length == views.Length && present.All(v => v.Layout.IsPlain) && axis == 1)
        {
            return call.Plain(joined);
        }

        int total = (int)joined.Shape.Count, offset = 0;
        var places = new List<int[]?>();
        for (int i = 0; i < views.Length; i++)
        {
            if (views[i] is not { } view)
            {
                places.Add(Nothing(values[i]));
                continue;
            }

            int perImage = view.Layout.PerImage, start = offset;
            places.Add([.. view.Layout.Places.Select(p => p / perImage * total + start + p % perImage)]);
            offset += perImage;
        }

        int[] all = plan.Apply(places, -1);
        var order = ImmutableArray.Create(0, 2, 3, 1);
        Layout last = Layout.InOrder(joined.Shape, call.Batch, order);
        bool channelsLast = rank == 4 && last.Shape.SequenceEqual(plan.Shape) && last.Places.AsSpan().SequenceEqual(all);
        Layout layout = channelsLast ? last : Layout.At(joined.Shape, call.Batch, plan.Shape, all);
        return rank < 4 || channelsLast || layout.IsStraight || joined.Shape[2] * joined.Shape[3] == 1 || present.Length < views.Length
            ? call.At(joined, layout)
            : throw new ModelException($"maps are put together along axis {axis} of {Sizes.Show(plan.Shape.AsSpan())}, expected that of "
                + "the channels");
    }

    /// <summary>Affine expressions over parts of one node's value are one over the whole.</summary>
    private static Pending? Affine(OperatorCall call, GraphValue[] values, Placement plan)
    {
        View? first = null;
        double[]? scale = null, shift = null;
        var places = new List<int[]?>();
        foreach (GraphValue value in values)
        {
            View? view = value as View ?? (value as Pending)?.Element;
            if (view is null || (first is not null && view.Node != first.Node) || view.Layout.HasZeros)
            {
                return null;
            }

            first ??= view;
            AffineForm? form = value is Pending pending ? AffineForm.Of(pending) : new([1], [0]);
            int channels = view.Layout.Channels;
            scale ??= [.. Enumerable.Repeat(double.NaN, channels)];
            shift ??= [.. Enumerable.Repeat(double.NaN, channels)];
            if (form is null || !Join(view.Layout, AffineForm.Spread(form.Scale, channels), scale)
                || !Join(view.Layout, AffineForm.Spread(form.Shift, channels), shift))
            {
                return null;
            }

            places.Add(view.Layout.Places);
        }

        Layout layout = Layout.At(first!.Layout.Node, call.Batch, plan.Shape, plan.Apply(places, -1));
        if (!layout.IsComplete)
        {
            return null;
        }

        var element = new View(first.Node, layout, call.Site, sole: false);
        var product = new Pending(element, ScalarFunction.Plain("Mul"), [default, new(scale, null)], call.Site, 1);
        return new Pending(element, ScalarFunction.Plain("Add"), [new(null, product), new(shift, null)], call.Site, call.Readers);
    }

    /// <summary>Writes down the numbers of the channels that a part has; false where another part has others.</summary>
    private static bool Join(Layout part, double[] numbers, double[] into)
    {
        foreach (int channel in part.Places.Select(p => p % part.PerImage / part.Pixels).Distinct())
        {
            if (!double.IsNaN(into[channel]) && !into[channel].Equals(numbers[channel]))
            {
                return false;
            }

            into[channel] = numbers[channel];
        }

        return true;
    }

    private static View? Zeros(ConstantValue constant) => Array.TrueForAll(constant.Block.Values, v => v == 0) ? null
        : throw new ModelException($"a constant of shape {Sizes.Show(constant.Shape.AsSpan())} that is not zero is put beside a value "
            + "that depends on the image: no layer does that");

    private static int[] Nothing(GraphValue value)
    {
        var places = new int[Sizes.Count(value.Shape.AsSpan())];
        Array.Fill(places, -1);
        return places;
    }
}
