using System.Collections.Immutable;
using Interp.Engine.Common;
using Interp.Engine.Graph;
using Interp.Engine.Layers;
using Interp.Weights.Graphs;
using Interp.Weights.Graphs.Arrays;
using Interp.Weights.Lowering.Emission;
using Interp.Weights.Lowering.Values;

namespace Interp.Weights.Lowering.Elementwise;

/// <summary>
/// Elementwise operators. Over the elements of one view they are put off (<see cref="Pending"/>) until something asks for their value: an
/// affine expression is then merged into the layer before or becomes a scale and a shift, a function that is known becomes its layer, and
/// of anything else the operands are settled and the last operator is tried alone. Over two views they become layers of two inputs.
/// </summary>
internal sealed class ElementwiseLowering(GraphLowering lowering)
{
    /// <summary>The most operators of an expression: functions of the forms that files have take ten.</summary>
    internal const int MaxSize = 48;

    private readonly AffineLayers _affine = new(lowering);
    private readonly PairLayers _pairs = new(lowering);

    /// <summary>Lowers an elementwise operator of which at least one input depends on the image.</summary>
    internal GraphValue Lower(OperatorCall call)
    {
        var function = ScalarFunction.For(call.Node);
        call.Attributes.RequireAllRead();
        List<GraphValue> values = [.. call.Node.Inputs.Where(i => i.Length > 0).Select(lowering.Find)];
        if (values.Count != function.Operands && function.Operands > 0)
        {
            throw new ModelException($"it has {values.Count} inputs, expected {function.Operands}");
        }

        return Combine(function, values, call.Site, call.Readers);
    }

    /// <summary>The value of an expression as elements of a node.</summary>
    /// <exception cref="ModelException">No layer computes it.</exception>
    internal View Settle(Pending p)
    {
        if (p.Settled is { } settled)
        {
            return settled;
        }

        if (p.Operands is [{ Result: { } inner }] && p.Function.Operator == "Identity")
        {
            View same = Settle(inner);
            return (View)(p.Settled = new View(same.Node, same.Layout, same.Site, same.Sole && p.Readers == 1));
        }

        if (p.Element.Layout.HasZeros)
        {
            View element = lowering.Maps.Of(p.Element, p.Site.Operator);
            return (View)(p.Settled = lowering.Settle(On(p, element), p.Site.Operator));
        }

        View made = AffineForm.Of(p) is { } form ? _affine.Make(p, form)
            : p.IsUniform && KnownFunctions.Find(p.At) is { } layer ? Activation(p, layer)
            : SettleApart(p);
        p.Settled = made;
        return made;
    }

    /// <summary>An operator's result on values that may be settled.</summary>
    private GraphValue Combine(ScalarFunction function, List<GraphValue> values, Site site, int readers)
    {
        for (int i = 0; i < values.Count; i++)
        {
            values[i] = values[i] is Pending { Settled: { } settled } ? settled : values[i];
        }

        ImmutableArray<int> shape = values.Select(v => v.Shape).Aggregate(Sizes.Broadcast);
        Align(values, shape, site);
        View? element = Element(values, shape);
        if (element is null)
        {
            return _pairs.Make(function.Operator, [.. values.Select(v => v is ConstantValue ? v : lowering.Settle(v, site.Operator))],
                site, readers);
        }

        var operands = ImmutableArray.CreateBuilder<Operand>(values.Count);
        foreach (GraphValue value in values)
        {
            operands.Add(value switch
            {
                ConstantValue constant => new(Numbers(element, constant, shape), null),
                Pending pending => new(null, pending),
                _ => default,
            });
        }

        var made = new Pending(element, function, operands.MoveToImmutable(), site, readers);
        bool affine = AffineForm.Of(made) is not null;
        if (affine && !made.IsUniform && readers > 1)
        {
            Settle(made);
        }
        else if (made.Operands.Any(o => o.Result is not null && ((!affine && !made.IsUniform) || made.Size > MaxSize
            || (!o.Result.IsUniform && o.Result.Site.Operator.Module != site.Operator.Module))))
        {
            return Combine(function, [.. values.Select(v => v is Pending p ? Settle(p) : v)], site, readers);
        }

        return made.Settled ?? (GraphValue)made;
    }

    /// <summary>Values whose shape is the result's but for leading axes of size 1 get that shape.</summary>
    private void Align(List<GraphValue> values, ImmutableArray<int> shape, Site site)
    {
        for (int i = 0; i < values.Count; i++)
        {
            if (values[i] is not ConstantValue && values[i].Shape.Length < shape.Length
                && Sizes.Count(values[i].Shape.AsSpan()) == Sizes.Count(shape.AsSpan()))
            {
                View view = lowering.Settle(values[i], site.Operator);
                values[i] = new View(view.Node, view.Layout.Reshaped(shape), view.Site, view.Sole);
            }
        }
    }

    /// <summary>The view of whose elements all values are made, or null where there are several, or the result is larger.</summary>
    private static View? Element(List<GraphValue> values, ImmutableArray<int> shape)
    {
        View? element = null;
        foreach (GraphValue value in values.Where(v => v is not ConstantValue))
        {
            View? own = value as View ?? (value as Pending)?.Element;
            if (own is null || !own.Shape.AsSpan().SequenceEqual(shape.AsSpan())
                || (element is not null && !(own.Node == element.Node && own.Layout.IsLike(element.Layout))))
            {
                return null;
            }

            element ??= own;
        }

        return element;
    }

    private static double[] Numbers(View element, ConstantValue constant, ImmutableArray<int> shape) =>
        ChannelValues.Of(element.Layout, constant.Block)
        ?? throw new ModelException($"a constant of shape {Sizes.Show(constant.Shape.AsSpan())} differs within the channels of a value of "
            + $"shape {Sizes.Show(shape.AsSpan())}; only one number, or one for each channel, can be used");

    private View Activation(Pending p, Layer layer)
    {
        if (layer is Identity)
        {
            return new View(p.Element.Node, p.Element.Layout, p.Element.Site, sole: false);
        }

        EmittedNode made = lowering.Network.Add(layer, [p.Element.Node], p.Site, layer.Kind);
        return new View(made, p.Element.Layout, p.Element.Site, p.Readers == 1);
    }

    /// <summary>Settles the operands, and tries the last operator on their values.</summary>
    private View SettleApart(Pending p)
    {
        List<GraphValue> values = [.. p.Operands.Select(o => o switch
        {
            { Result: { } result } => Settle(result),
            { Numbers: { } numbers } => new NumbersValue(numbers, p.Shape),
            _ => (GraphValue)p.Element,
        })];
        if (p.Operands.Any(o => o.Result is not null) && Again(p, values) is { } alone)
        {
            return Settle(alone);
        }

        return _pairs.Make(p.Function.Operator, values, p.Site, p.Readers);
    }

    /// <summary>The same operator over one settled view, or null where there are several.</summary>
    private static Pending? Again(Pending p, List<GraphValue> values)
    {
        View[] views = [.. values.OfType<View>()];
        if (!views.All(v => v.Node == views[0].Node && v.Layout.IsLike(views[0].Layout)))
        {
            return null;
        }

        return new Pending(views[0], p.Function, [.. p.Operands.Select(o => new Operand(o.Numbers, null))], p.Site, p.Readers);
    }

    /// <summary>The same expression over other elements, numbers for each channel being those of the same channels.</summary>
    private static Pending On(Pending p, View element) => new(element, p.Function,
        [.. p.Operands.Select(o => new Operand(o.Numbers, o.Result is { } result ? On(result, element) : null))], p.Site, p.Readers);
}

/// <summary>One number, or one for each channel of a node, beside a value of the given shape.</summary>
internal sealed class NumbersValue(double[] numbers, ImmutableArray<int> shape) : GraphValue(shape)
{
    /// <summary>The numbers.</summary>
    internal double[] Numbers => numbers;
}
