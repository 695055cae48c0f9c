using System.Collections.Immutable;
using Interp.Engine.Common;
using Interp.Weights.Formats;
using Interp.Weights.Graphs;

namespace Interp.Weights.Keras.Layers;

/// <summary>Layers that scale and shift.</summary>
internal static class Normalizations
{
    /// <summary>Keras's smallest deviation in <c>Normalization</c>.</summary>
    private const double LeastDeviation = 1e-7;

    /// <summary><c>BatchNormalization</c> with the statistics that the file holds.</summary>
    internal static KerasValue Batch(LayerCall call)
    {
        KerasValue x = call.Input;
        int axis = OneAxis(call, x.Rank);
        double epsilon = call.Settings.Number("epsilon") ?? 1e-3;
        bool scales = call.Settings.Flag("scale", true);
        bool centers = call.Settings.Flag("center", true);
        call.Settings.Ignore("momentum", "synchronized", "fused", "renorm_clipping", "renorm_momentum");
        RequireOff(call, "renorm");
        long count = x.Shape[axis] ?? -1;
        GraphTensor[] arrays = call.Arrays([
            .. scales ? [("gamma", [count])] : Array.Empty<(string, ImmutableArray<long>)>(),
            .. centers ? [("beta", [count])] : Array.Empty<(string, ImmutableArray<long>)>(),
            ("moving_mean", [count]), ("moving_variance", [count])]);
        count = arrays[^1].Count;
        string gamma = scales ? call.Constant("gamma", arrays[0]) : call.Same("gamma", 1, count);
        string beta = centers ? call.Constant("beta", arrays[scales ? 1 : 0]) : call.Same("beta", 0, count);
        string mean = call.Constant("moving_mean", arrays[^2]);
        string variance = call.Constant("moving_variance", arrays[^1]);
        int[] order = [.. Moved(x.Rank, axis, 1)];
        KerasValue first = Ordered(call, x, order);
        KerasValue value = call.Add("BatchNormalization", first.Shape, [first.Name, gamma, beta, mean, variance], ("epsilon", epsilon));
        return Ordered(call, value, Inverse(order));
    }

    /// <summary><c>LayerNormalization</c> over the last axes.</summary>
    internal static KerasValue Layer(LayerCall call)
    {
        KerasValue x = call.Input;
        int[] axes = [.. (call.Settings.Wholes("axis") ?? [-1]).Select(a => LayerCall.Axis(a, x.Rank)).Order()];
        double epsilon = call.Settings.Number("epsilon") ?? 1e-3;
        bool scales = call.Settings.Flag("scale", true);
        bool centers = call.Settings.Flag("center", true);
        RequireOff(call, "rms_scaling");
        if (axes is [] or [0, ..] || axes.Length > 1 && (axes[^1] - axes[0] != axes.Length - 1 || axes[^1] != x.Rank - 1))
        {
            throw LayerSettings.Wrong("axis", "one axis or the last ones");
        }

        int[] order = axes is [var one] && one != x.Rank - 1 ? [.. Moved(x.Rank, one, x.Rank - 1)] : [.. Enumerable.Range(0, x.Rank)];
        int first = axes.Length == 1 ? x.Rank - 1 : axes[0];
        KerasValue ordered = Ordered(call, x, order);
        ImmutableArray<long> shape = [.. ordered.Shape.Skip(first).Select(s => s ?? -1)];
        GraphTensor[] arrays = call.Arrays([
            .. scales ? [("gamma", shape)] : Array.Empty<(string, ImmutableArray<long>)>(),
            .. centers ? [("beta", shape)] : Array.Empty<(string, ImmutableArray<long>)>()]);
        ImmutableArray<long> known = arrays.Length > 0 ? arrays[0].Shape : shape;
        if (known.Any(s => s < 0))
        {
            throw new ModelException("the size of the axes that it normalises is not known; give the model an Input layer with a shape");
        }

        string gamma = scales ? call.Constant("gamma", arrays[0]) : call.Constant("gamma", Filled(1, known));
        ImmutableArray<string> beta = centers ? [call.Constant("beta", arrays[^1])] : [];
        KerasValue value = call.Add("LayerNormalization", ordered.Shape, [ordered.Name, gamma, .. beta], ("axis", (long)first),
            ("epsilon", epsilon));
        return Ordered(call, value, Inverse(order));
    }

    /// <summary><c>Rescaling</c>: x·scale + offset.</summary>
    internal static KerasValue Rescaling(LayerCall call)
    {
        KerasValue value = call.Input;
        ReadOnlySpan<(string, string, double)> steps = [("scale", "Mul", 1), ("offset", "Add", 0)];
        foreach ((string name, string kind, double nothing) in steps)
        {
            if (call.Settings.Raw(name) is not { } setting)
            {
                continue;
            }

            (ImmutableArray<long> shape, double[] numbers) = Json.Numbers(setting) ?? throw LayerSettings.Wrong(name, "numbers");
            if (shape.Length > 0 && call.ChannelsFirst)
            {
                throw LayerSettings.Wrong(name, "one number, as channels are first");
            }

            if (shape.Length > 0 || numbers[0] != nothing)
            {
                string constant = call.Constant(name, new HeldTensor(ElementType.Float32, shape, numbers));
                value = call.Add(kind, value.Shape, [value.Name, constant]);
            }
        }

        call.Settings.Ignore("data_format");
        return value;
    }

    /// <summary><c>Normalization</c>: (x − mean) / max(√variance, 1e-7), or the other way round.</summary>
    internal static KerasValue Given(LayerCall call)
    {
        KerasValue x = call.Input;
        int[] axes = [.. (call.Settings.Wholes("axis") ?? []).Select(a => LayerCall.Axis(a, x.Rank)).Order()];
        bool inverts = call.Settings.Flag("invert", false);
        ((ImmutableArray<long> Shape, double[] Values) mean, double[] variance) = Statistics(call, [.. axes.Select(a => x.Shape[a] ?? -1)]);
        var shape = new long[x.Rank];
        Array.Fill(shape, 1);
        for (int i = 1; i <= mean.Shape.Length; i++)
        {
            shape[axes[^i]] = mean.Shape[^i];
        }

        double[] deviation = [.. variance.Select(v => Math.Max(Math.Sqrt(v), LeastDeviation))];
        string m = call.Constant("mean", new HeldTensor(ElementType.Float32, [.. shape], mean.Values));
        string d = call.Constant("deviation", new HeldTensor(ElementType.Float32, [.. shape], deviation));
        return inverts
            ? call.Add("Add", x.Shape, [call.Add("Mul", x.Shape, [x.Name, d]).Name, m])
            : call.Add("Div", x.Shape, [call.Add("Sub", x.Shape, [x.Name, m]).Name, d]);
    }

    /// <summary>Mean and variance as given, or as learned from data.</summary>
    private static ((ImmutableArray<long> Shape, double[] Values) Mean, double[] Variance) Statistics(
        LayerCall call, ImmutableArray<long> kept)
    {
        if (call.Settings.Raw("mean") is { } given && call.Settings.Raw("variance") is { } spread)
        {
            var mean = Json.Numbers(given) ?? throw LayerSettings.Wrong("mean", "numbers");
            var variance = Json.Numbers(spread) ?? throw LayerSettings.Wrong("variance", "numbers");
            bool fits = mean.Shape.SequenceEqual(variance.Shape) && mean.Shape.Length <= kept.Length;
            return fits ? (mean, variance.Values) : throw LayerSettings.Wrong("mean", "of the variance's shape, along the axes");
        }

        GraphTensor[] arrays = call.Arrays(("mean", kept), ("variance", kept), ("count", []));
        return ((arrays[0].Shape, arrays[0].Read()), arrays[1].Read());
    }

    private static HeldTensor Filled(double value, ImmutableArray<long> shape)
    {
        long count = StoredTensor.CountOf(shape.AsSpan()) is < 1 << 20 and var c ? c : throw new ModelException("it is too large");
        return new(ElementType.Float32, shape, [.. Enumerable.Repeat(value, (int)count)]);
    }

    private static int OneAxis(LayerCall call, int rank) => (call.Settings.Wholes("axis") ?? [-1]) is [var axis]
        && LayerCall.Axis(axis, rank) is > 0 and var found ? found : throw LayerSettings.Wrong("axis", "one axis after the batch");

    private static void RequireOff(LayerCall call, string name)
    {
        if (call.Settings.Flag(name, false))
        {
            throw LayerSettings.Wrong(name, "false");
        }
    }

    /// <summary>The order of axes in which one is moved to another place.</summary>
    private static List<int> Moved(int rank, int from, int to)
    {
        List<int> order = [.. Enumerable.Range(0, rank)];
        order.RemoveAt(from);
        order.Insert(to, from);
        return order;
    }

    private static int[] Inverse(int[] order) => [.. Enumerable.Range(0, order.Length).OrderBy(i => order[i])];

    private static KerasValue Ordered(LayerCall call, KerasValue value, int[] order) =>
        order.Select((a, i) => a == i).All(same => same) ? value : call.Transpose(value, order);
}
