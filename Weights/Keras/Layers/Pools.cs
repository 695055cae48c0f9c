using System.Collections.Immutable;

namespace Interp.Weights.Keras.Layers;

/// <summary>Layers that pool, pad, cut and enlarge maps.</summary>
internal static class Pools
{
    /// <summary><c>MaxPooling2D</c>.</summary>
    internal static KerasValue Max(LayerCall call) => Pool(call, "MaxPool");

    /// <summary><c>AveragePooling2D</c>: padding is not counted.</summary>
    internal static KerasValue Average(LayerCall call) => Pool(call, "AveragePool", ("count_include_pad", 0L));

    /// <summary><c>GlobalAveragePooling2D</c>.</summary>
    internal static KerasValue GlobalAverage(LayerCall call) => Global(call, "GlobalAveragePool");

    /// <summary><c>GlobalMaxPooling2D</c>.</summary>
    internal static KerasValue GlobalMax(LayerCall call) => Global(call, "GlobalMaxPool");

    /// <summary><c>ZeroPadding2D</c>.</summary>
    internal static KerasValue ZeroPadding(LayerCall call)
    {
        (long top, long bottom, long left, long right) = Sides(call, "padding");
        KerasValue map = call.Map();
        string pads = call.Graph.Wholes($"{call.Path}/pads", 0, 0, top, left, 0, 0, bottom, right);
        return call.FromMap(call.Add("Pad", Open(map), [map.Name, pads]));
    }

    /// <summary><c>Cropping2D</c>.</summary>
    internal static KerasValue Cropping(LayerCall call)
    {
        (long top, long bottom, long left, long right) = Sides(call, "cropping");
        KerasValue map = call.Map();
        string starts = call.Graph.Wholes($"{call.Path}/starts", top, left);
        string ends = call.Graph.Wholes($"{call.Path}/ends", bottom == 0 ? int.MaxValue : -bottom, right == 0 ? int.MaxValue : -right);
        return call.FromMap(call.Add("Slice", Open(map), [map.Name, starts, ends, call.Graph.Wholes($"{call.Path}/axes", 2, 3)]));
    }

    /// <summary><c>UpSampling2D</c>.</summary>
    internal static KerasValue UpSampling(LayerCall call)
    {
        var size = call.Settings.Pair("size", 2);
        string mode = call.Settings.Text("interpolation", "nearest");
        KerasValue map = call.Map();
        string scales = call.Constant("scales", new Graphs.HeldTensor(Formats.ElementType.Float32, [4], [1, 1, size[0], size[1]]));
        return call.FromMap(mode switch
        {
            "nearest" => call.Add("Resize", Open(map), [map.Name, "", scales], ("mode", "nearest"),
                ("coordinate_transformation_mode", "asymmetric"), ("nearest_mode", "floor")),
            "bilinear" => call.Add("Resize", Open(map), [map.Name, "", scales], ("mode", "linear"),
                ("coordinate_transformation_mode", "half_pixel")),
            _ => throw LayerSettings.Wrong("interpolation", "nearest or bilinear", mode),
        });
    }

    private static KerasValue Pool(LayerCall call, string kind, params (string, object)[] more)
    {
        Window window = Window.Read(call, null);
        KerasValue map = call.Map();
        return call.FromMap(call.Add(kind, Open(map), [map.Name],
            [("kernel_shape", window.Size), ("strides", window.Stride), ("auto_pad", window.Padding), .. more]));
    }

    private static KerasValue Global(LayerCall call, string kind)
    {
        bool keeps = call.Settings.Flag("keepdims", false);
        KerasValue map = call.Map();
        KerasValue one = call.Add(kind, [map.Shape[0], map.Shape[1], 1, 1], [map.Name]);
        string flat = call.Path + "_flatten";
        return keeps ? call.FromMap(one)
            : new(call.Graph.Operator("Flatten", flat, flat, [one.Name], ("axis", 1L)), [map.Shape[0], map.Shape[1]]);
    }

    private static ImmutableArray<long?> Open(KerasValue map) => [map.Shape[0], map.Shape[1], null, null];

    /// <summary>A number for all sides, two for height and width, or two pairs.</summary>
    private static (long Top, long Bottom, long Left, long Right) Sides(LayerCall call, string name)
    {
        if (call.Settings.Raw(name) is { } value && Json.Numbers(value) is var (shape, numbers)
            && numbers.All(n => n >= 0 && n == Math.Floor(n) && n < 1 << 16))
        {
            long[] sides = [.. numbers.Select(n => (long)n)];
            switch (shape)
            {
                case []:
                    return (sides[0], sides[0], sides[0], sides[0]);
                case [2]:
                    return (sides[0], sides[0], sides[1], sides[1]);
                case [2, 2]:
                    return (sides[0], sides[1], sides[2], sides[3]);
            }
        }

        throw LayerSettings.Wrong(name, "a number, two, or two pairs");
    }
}
