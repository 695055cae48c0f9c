using System.Collections.Immutable;
using Interp.Engine.Common;
using Interp.Weights.Graphs;

namespace Interp.Weights.Keras.Layers;

/// <summary>Layers that convolve or multiply by a matrix. Kernels are turned into ONNX's order: filters, channels, height, width.</summary>
internal static class Convolutions
{
    /// <summary><c>Conv2D</c>; its kernel is [height, width, channels of a group, filters].</summary>
    internal static KerasValue Conv2D(LayerCall call)
    {
        Window window = Window.Read(call, 1);
        long groups = call.Settings.Whole("groups") ?? 1;
        long filters = Filters(call);
        KerasValue map = call.Map();
        GraphTensor[] arrays = call.Arrays([("kernel", [.. window.Size, -1, filters]), .. Bias(call, filters)]);
        KerasValue value = Convolve(call, call.Path, map, Turned(arrays[0], [3, 2, 0, 1]), arrays.ElementAtOrDefault(1), groups, window);
        return Activations.Of(call, call.FromMap(value));
    }

    /// <summary><c>DepthwiseConv2D</c>; its kernel is [height, width, channels, multiplier], and filter m of channel c is number
    /// c·multiplier + m.</summary>
    internal static KerasValue DepthwiseConv2D(LayerCall call)
    {
        Window window = Window.Read(call, 1);
        call.Settings.Ignore("filters", "groups");
        KerasValue map = call.Map();
        long channels = Channels(map);
        long filters = channels * Multiplier(call);
        GraphTensor[] arrays = call.Arrays([("kernel", [.. window.Size, channels, filters / channels]), .. Bias(call, filters)]);
        KerasValue value = Convolve(call, call.Path, map, Depthwise(arrays[0]), arrays.ElementAtOrDefault(1), channels, window);
        return Activations.Of(call, call.FromMap(value));
    }

    /// <summary><c>SeparableConv2D</c>: a depthwise convolution, then one of 1×1.</summary>
    internal static KerasValue SeparableConv2D(LayerCall call)
    {
        Window window = Window.Read(call, 1);
        call.Settings.Ignore("groups");
        KerasValue map = call.Map();
        long channels = Channels(map);
        long filters = Filters(call);
        long multiplier = Multiplier(call);
        GraphTensor[] arrays = call.Arrays([
            ("depthwise_kernel", [.. window.Size, channels, multiplier]),
            ("pointwise_kernel", [1, 1, channels * multiplier, filters]),
            .. Bias(call, filters)]);
        KerasValue depth = Convolve(call, call.Path + ".depthwise", map, Depthwise(arrays[0]), null, channels, window);
        KerasValue value = Convolve(call, call.Path, depth, Turned(arrays[1], [3, 2, 0, 1]), arrays.ElementAtOrDefault(2), 1, Window.One);
        return Activations.Of(call, call.FromMap(value));
    }

    /// <summary><c>Dense</c>, along the last axis; its kernel is [features, units].</summary>
    internal static KerasValue Dense(LayerCall call)
    {
        long units = call.Settings.Whole("units") ?? throw LayerSettings.Missing("units");
        KerasValue x = call.Input;
        GraphTensor[] arrays = call.Arrays([("kernel", [x.Shape[^1] ?? -1, units]), .. Bias(call, units)]);
        string kernel = call.Constant("kernel", arrays[0]);
        ImmutableArray<long?> shape = x.Shape.SetItem(x.Rank - 1, units);
        KerasValue value;
        if (x.Rank == 2)
        {
            ImmutableArray<string> bias = arrays.Length > 1 ? [call.Constant("bias", arrays[1])] : [];
            value = call.Add("Gemm", shape, [x.Name, kernel, .. bias]);
        }
        else
        {
            value = call.Add("MatMul", shape, [x.Name, kernel]);
            value = arrays.Length > 1 ? call.Add("Add", shape, [value.Name, call.Constant("bias", arrays[1])]) : value;
        }

        return Activations.Of(call, value);
    }

    /// <summary>The channels of a map that has them first.</summary>
    internal static long Channels(KerasValue map) =>
        map.Shape[1] ?? throw new ModelException("the number of its input's channels is not known; give the model an Input layer with a shape");

    private static long Filters(LayerCall call) => call.Settings.Whole("filters") is > 0 and < 1 << 24 and var filters ? filters
        : throw LayerSettings.Missing("filters");

    private static long Multiplier(LayerCall call) => (call.Settings.Whole("depth_multiplier") ?? 1) is > 0 and < 1 << 16 and var multiplier
        ? multiplier : throw LayerSettings.Wrong("depth_multiplier", "a positive number");

    private static (string Role, ImmutableArray<long> Shape)[] Bias(LayerCall call, long count) =>
        call.Settings.Flag("use_bias", true) ? [("bias", [count])] : [];

    private static PermutedArray Turned(GraphTensor kernel, ImmutableArray<int> axes) =>
        new(kernel, axes, [.. axes.Select(a => kernel.Shape[a])]);

    private static PermutedArray Depthwise(GraphTensor kernel) =>
        new(kernel, [2, 3, 0, 1], [kernel.Shape[2] * kernel.Shape[3], 1, kernel.Shape[0], kernel.Shape[1]]);

    private static KerasValue Convolve(
        LayerCall call, string path, KerasValue map, GraphTensor kernel, GraphTensor? bias, long groups, Window window)
    {
        ImmutableArray<string> inputs = [map.Name, call.Graph.Constant($"{path}/kernel", kernel)];
        inputs = bias is null ? inputs : inputs.Add(call.Graph.Constant($"{path}/bias", bias));
        string output = call.Graph.Operator("Conv", path, path, inputs, ("group", groups), ("dilations", window.Dilation),
            ("strides", window.Stride), ("auto_pad", window.Padding));
        return new(output, [map.Shape[0], kernel.Shape[0], null, null]);
    }
}
