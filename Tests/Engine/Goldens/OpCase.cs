using Interp.Engine.Graph;
using Interp.Engine.Layers;
using Interp.Engine.Tensors;

namespace Interp.Tests.Engine.Goldens;

/// <summary>One operation as PyTorch computes it in float64: forward, and the gradient of ⟨seed, y⟩.</summary>
internal sealed record OpCase(string Name, string Kind, int[] XShape, double[] X, double[][] Parameters, double[] Y, double[] Seed,
    double[] Gradient)
{
    public int[]? Kernel { get; init; }

    public int[]? Stride { get; init; }

    public int[]? Padding { get; init; }

    public int[]? Dilation { get; init; }

    public int Groups { get; init; }

    public bool Ceil { get; init; }

    public bool CountPadding { get; init; }

    public double Epsilon { get; init; }

    public double[]? Values { get; init; }

    public string Mode { get; init; } = "constant";

    public int[]? Size { get; init; }

    public double[]? Scale { get; init; }

    /// <summary>The engine's layer.</summary>
    public Layer Layer() => Kind switch
    {
        "conv2d" => new Conv2d(XShape[1], Parameters[1].Length, Window(), Groups),
        "maxpool2d" => new MaxPool2d(Window(), Ceil),
        "adaptive_avgpool2d" => new AdaptiveAvgPool2d(Pair(Kernel!)),
        "softmax" => new Softmax(),
        "avgpool2d" => new AvgPool2d(Window(), Ceil, CountPadding),
        "layernorm" => new LayerNorm(XShape[1], Epsilon),
        "groupnorm" => new GroupNorm(Groups, XShape[1], Epsilon),
        "prelu" => new PReLU(XShape[1]),
        "adaptive_maxpool2d" => new AdaptiveMaxPool2d(Pair(Kernel!)),
        "pad2d" => new Pad2d(new Size2(Padding![2], Padding[0]), new Size2(Padding[3], Padding[1]),
            Enum.Parse<PadMode>(Mode, ignoreCase: true),
            Values is [var value] ? value : 0),
        "upsample" => new Upsample(
            Scale?[0] ?? 1, Scale?[1] ?? 1, Size is null ? null : Pair(Size),
                Mode == "nearest-exact" ? SampleGrid.HalfPixel : SampleGrid.Asymmetric,
            Mode == "nearest-exact" ? NearestRounding.HalfUp : NearestRounding.Floor),
        "channel_shuffle" => new ChannelShuffle(Groups),
        _ => new Activation(Kind, Values),
    };

    public Weight[] Weights() => [.. Layer().Parameters.Select((shape, i) => Weight.FromValues($"{i}", shape, Floats(Parameters[i])))];

    public static float[] Floats(double[] values) => Array.ConvertAll(values, v => (float)v);

    private static Size2 Pair(int[] pair) => new(pair[0], pair[1]);

    private Window Window() => new(Pair(Kernel!), Pair(Stride!), Pair(Padding!), Pair(Dilation!));
}
