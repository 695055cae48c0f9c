using System.Collections.Immutable;
using Interp.Engine.Common;
using Interp.Engine.Layers;
using Interp.Weights.Graphs.Arrays;
using Interp.Weights.Lowering.Emission;
using Interp.Weights.Lowering.Values;

namespace Interp.Weights.Lowering.Elementwise;

/// <summary>Elementwise operators over two or more maps: sums, differences and products of equal shape, and products with a gate.</summary>
internal sealed class PairLayers(GraphLowering lowering)
{
    /// <summary>The value of an operator whose inputs are settled.</summary>
    /// <exception cref="ModelException">No layer computes it.</exception>
    internal View Make(string op, IReadOnlyList<GraphValue> values, Site site, int readers)
    {
        if (values is [View x, NumbersValue { Numbers: [2] }] && op == "Pow")
        {
            return Make("Mul", [x, x], site, readers);
        }

        View[] views = [.. values.OfType<View>()];
        if (views.Length < values.Count || views.Length < 2 || op is not ("Add" or "Sum" or "Mul" or "Sub" or "Mean" or "Max" or "Min"))
        {
            string of = views.Length == 1 ? $"a value of shape {Sizes.Show(views[0].Shape.AsSpan())}" : $"{views.Length} values";
            throw new ModelException($"{site.Operator.Where}: no layer computes it of {of}, and it is part of no activation function that "
                + $"is known; {OperatorHandlers.Advice(op)}");
        }

        View made = op switch
        {
            "Mul" => Product(views, site, readers),
            "Max" or "Min" => views.Skip(1).Aggregate(views[0], (a, b) => Extremum(a, b, op == "Min", site, readers)),
            "Sub" => Sum([views[0], Scaled(views[1], -1, site)], "sub", site, readers),
            "Mean" => Scaled(Sum(views, "add", site, readers), 1.0 / views.Length, site),
            _ => Sum(views, "add", site, readers),
        };
        return made;
    }

    private View Sum(View[] views, string function, Site site, int readers)
    {
        (EmittedNode[] nodes, View like) = Alike(views, site);
        return new View(lowering.Network.Add(new Add(), nodes, site, function), like.Layout, like.Site, readers == 1);
    }

    private View Product(View[] views, Site site, int readers)
    {
        if (views.Length > 2)
        {
            throw new ModelException($"{site.Operator.Where}: a product of {views.Length} values");
        }

        foreach ((View map, View gate) in new[] { (views[0], views[1]), (views[1], views[0]) })
        {
            if (IsGate(map, gate))
            {
                EmittedNode made = lowering.Network.Add(new Multiply(), [map.Node, lowering.Maps.Unflattened(gate.Node)], site, "mul");
                return new View(made, map.Layout, map.Site, readers == 1);
            }
        }

        (EmittedNode[] nodes, View like) = Alike(views, site);
        return new View(lowering.Network.Add(new Multiply(), nodes, site, "mul"), like.Layout, like.Site, readers == 1);
    }

    private View Extremum(View a, View b, bool least, Site site, int readers)
    {
        var layer = new Extremum(least);
        (EmittedNode[] nodes, View like) = Alike([a, b], site);
        return new View(lowering.Network.Add(layer, nodes, site, layer.Kind), like.Layout, like.Site, readers == 1);
    }

    private View Scaled(View view, double factor, Site site)
    {
        int channels = view.Layout.Channels;
        EmittedNode made = new AffineLayers(lowering).Layer(view.Node, site, "neg",
            AffineForm.Spread([factor], channels), new double[channels]);
        return new View(made, view.Layout, view.Site, view.Sole);
    }

    /// <summary>The nodes of views whose elements lie alike, or which can be made so.</summary>
    private (EmittedNode[] Nodes, View Like) Alike(View[] views, Site site)
    {
        ImmutableArray<int> shape = views[0].Shape;
        if (views.FirstOrDefault(v => !v.Shape.AsSpan().SequenceEqual(shape.AsSpan())) is { } other)
        {
            throw new ModelException($"{site.Operator.Where}: values of shapes {Sizes.Show(shape.AsSpan())} and "
                + $"{Sizes.Show(other.Shape.AsSpan())}, expected equal ones, or a factor for each channel");
        }

        if (!views.All(v => v.Layout.IsLike(views[0].Layout)))
        {
            views = [.. views.Select(v => lowering.Maps.Of(v, site.Operator))];
        }

        return ([.. views.Select(v => v.Node)], views[0]);
    }

    /// <summary>Whether one value is a factor for each channel of each image of another.</summary>
    private static bool IsGate(View map, View gate)
    {
        Layout x = map.Layout, g = gate.Layout;
        if (g.Pixels != 1 || x.Pixels == 1 || g.Channels != x.Channels || x.Node.Rank != 4 || g.HasZeros
            || Sizes.Broadcast(x.Shape, g.Shape) is var shape && !shape.AsSpan().SequenceEqual(x.Shape.AsSpan()))
        {
            return false;
        }

        int[] places = x.Places, gates = StridedPlacement.Broadcast(g.Shape, x.Shape).Apply<int>([g.Places], -1);
        for (int i = 0; i < places.Length; i++)
        {
            if (places[i] >= 0 && gates[i] != places[i] / x.Pixels)
            {
                return false;
            }
        }

        return true;
    }
}
