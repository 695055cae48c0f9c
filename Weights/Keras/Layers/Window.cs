using System.Collections.Immutable;

namespace Interp.Weights.Keras.Layers;

/// <summary>How a window moves over a map.</summary>
/// <param name="Size">Its height and width.</param>
/// <param name="Stride">Steps down and to the right.</param>
/// <param name="Dilation">Distance of its places.</param>
/// <param name="Padding">ONNX's <c>auto_pad</c>: Keras's <c>same</c> puts the odd row and column at the end.</param>
internal sealed record Window(ImmutableArray<long> Size, ImmutableArray<long> Stride, ImmutableArray<long> Dilation, string Padding)
{
    /// <summary>One place, no step.</summary>
    internal static Window One { get; } = new([1, 1], [1, 1], [1, 1], "VALID");

    /// <summary>Reads a convolution's or a pool's window.</summary>
    /// <param name="call">The layer.</param>
    /// <param name="stride">What the stride is where it is not said; null for the window's size.</param>
    internal static Window Read(LayerCall call, long? stride)
    {
        ImmutableArray<long> size = call.Settings.Pair(stride is null ? "pool_size" : "kernel_size", null);
        return new(size, stride is null && !call.Settings.Has("strides") ? size : call.Settings.Pair("strides", stride),
            call.Settings.Pair("dilation_rate", 1), call.Settings.Text("padding", "valid") switch
            {
                "valid" => "VALID",
                "same" => "SAME_UPPER",
                var other => throw LayerSettings.Wrong("padding", "valid or same", other),
            });
    }
}
