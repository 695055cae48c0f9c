using Interp.Engine.Common;

namespace Interp.Weights.Graphs.Arrays;

/// <summary>
/// Resize of mode nearest. An axis of size n becomes <c>⌊n·scale⌋</c> (multiplied in float32, as ONNX's shape inference does it), or the
/// size that is given; element i comes from the one that is nearest to its place, which the coordinate mode says.
/// </summary>
internal static class ResizeMoves
{
    internal static Placement[] Resize(MoveArguments x)
    {
        OperatorAttributes attributes = x.Attributes;
        string mode = attributes.String("mode", "nearest");
        if (mode != "nearest" || attributes.Int("antialias", 0) != 0)
        {
            throw new ModelException($"mode '{Text.OneLine(mode)}' moves no elements, expected nearest, without antialias");
        }

        // These mean something in other modes only.
        attributes.Ignore("cubic_coeff_a", "exclude_outside", "extrapolation_value");
        string policy = attributes.String("keep_aspect_ratio_policy", "stretch");
        Func<long, Axis, double> place = Place(attributes.String("coordinate_transformation_mode", "half_pixel"));
        Func<double, double> nearest = Nearest(attributes.String("nearest_mode", "round_prefer_floor"));
        int rank = x.Shape.Length;
        int[] axes = attributes.Ints("axes") is { } given ? [.. given.Select(a => Sizes.Axis(a, rank))] : [.. Enumerable.Range(0, rank)];
        var scaled = new Axis[rank];
        for (int k = 0; k < rank; k++)
        {
            scaled[k] = new Axis(x.Shape[k], x.Shape[k], x.Shape[k], x.Shape[k]);
        }

        Axis[] asked = x.Optional(2) is { Values.Length: > 0 } scales ? ByScales(x, axes, scales.Values)
            : x.Optional(3) is { Values.Length: > 0 } sizes ? BySizes(x, axes, sizes.Values, policy)
            : throw new ModelException("neither scales nor sizes are given");
        for (int k = 0; k < axes.Length; k++)
        {
            scaled[axes[k]] = asked[k];
        }

        return [RepeatMoves.ByAxis(x, [.. scaled.Select(a => a.To)], (axis, i) => scaled[axis] switch
        {
            { From: 0 } => throw new ModelException($"an empty axis {axis} cannot be enlarged"),
            { IsSame: true } => i,
            Axis a => (long)Math.Clamp(nearest(place(i, a)), 0, a.From - 1),
        })];
    }

    private static Axis[] ByScales(MoveArguments x, int[] axes, double[] scales) =>
        scales.Length != axes.Length ? throw new ModelException($"{scales.Length} scales for {axes.Length} axes")
        : [.. axes.Select((axis, k) => scales[k] > 0 && double.IsFinite(scales[k])
            ? new Axis(x.Shape[axis], Sizes.Size((long)MathF.Floor(x.Shape[axis] * (float)scales[k])), 1, scales[k])
            : throw new ModelException($"a scale of {scales[k]}"))];

    private static Axis[] BySizes(MoveArguments x, int[] axes, double[] given, string policy)
    {
        int[] sizes = [.. given.Select(s => Sizes.Size(Numbers.Whole(s)))];
        if (sizes.Length != axes.Length)
        {
            throw new ModelException($"{sizes.Length} sizes for {axes.Length} axes");
        }

        if (policy == "stretch")
        {
            return [.. axes.Select((axis, k) => new Axis(x.Shape[axis], sizes[k], x.Shape[axis], sizes[k]))];
        }

        IEnumerable<int> order = Enumerable.Range(0, axes.Length);
        double Scale(int k) => sizes[k] / (double)x.Shape[axes[k]];
        int decides = policy switch
        {
            "not_larger" => order.MinBy(Scale),
            "not_smaller" => order.MaxBy(Scale),
            _ => throw new ModelException($"keep_aspect_ratio_policy '{Text.OneLine(policy)}' is not supported"),
        };
        long over = x.Shape[axes[decides]];
        return over == 0 ? throw new ModelException("an empty axis has no aspect ratio")
            : [.. axes.Select(axis => new Axis(
                x.Shape[axis], Sizes.Size((long)Math.Floor((x.Shape[axis] * (double)sizes[decides] / over) + 0.5)), over, sizes[decides]))];
    }

    private static Func<long, Axis, double> Place(string mode) => mode switch
    {
        "asymmetric" => (i, a) => i * a.Down / a.Up,
        "half_pixel" => (i, a) => ((i + 0.5) * a.Down / a.Up) - 0.5,
        "pytorch_half_pixel" => (i, a) => a.To > 1 ? ((i + 0.5) * a.Down / a.Up) - 0.5 : 0,
        "half_pixel_symmetric" => (i, a) =>
            (a.From / 2.0 * (1 - (a.To / (a.From * a.Up / a.Down)))) + ((i + 0.5) * a.Down / a.Up) - 0.5,
        "tf_half_pixel_for_nn" => (i, a) => (i + 0.5) * a.Down / a.Up,
        "align_corners" => (i, a) => a.To > 1 ? i * (double)(a.From - 1) / (a.To - 1) : 0,
        _ => throw new ModelException($"coordinate_transformation_mode '{Text.OneLine(mode)}' is not supported"),
    };

    private static Func<double, double> Nearest(string mode) => mode switch
    {
        "round_prefer_floor" => x => Math.Ceiling(x - 0.5),
        "round_prefer_ceil" => x => Math.Floor(x + 0.5),
        "floor" => Math.Floor,
        "ceil" => Math.Ceiling,
        _ => throw new ModelException($"nearest_mode '{Text.OneLine(mode)}' is not supported"),
    };

    /// <summary>An axis of one size that becomes another, scaled by <c>Up/Down</c>: a quotient, since whole sizes divide exactly where
    /// their rounded quotient would not.</summary>
    private readonly record struct Axis(int From, int To, double Down, double Up)
    {
        internal bool IsSame => From == To && Up == Down;
    }
}
