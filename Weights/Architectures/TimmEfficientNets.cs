using Interp.Engine.Common;
using Interp.Engine.Functions;
using Interp.Weights.Plans;

namespace Interp.Weights.Architectures;

/// <summary>
/// What the networks that timm builds of EfficientNet's blocks do not have in their tensors: the strides of their stages, activations,
/// padding and ε. From the papers' tables and timm's own (timm/models/efficientnet.py, mobilenetv3.py).
/// </summary>
internal sealed record TimmEfficientNets
{
    private static readonly int[] Seven = [1, 2, 2, 2, 1, 2, 1];
    private static readonly int[] Six = [1, 2, 2, 2, 1, 2];

    /// <summary>
    /// The networks by the beginning of their names, the longer first where one begins as another; <c>tf_</c> before a name is TensorFlow's
    /// network of it: its padding and ε.
    /// </summary>
    private static readonly (string Prefix, TimmEfficientNets Network)[] Known =
    [
        ("efficientnetv2_m", new() { Strides = Seven, Activation = "silu" }),
        ("efficientnetv2_l", new() { Strides = Seven, Activation = "silu" }),
        ("efficientnetv2_xl", new() { Strides = Seven, Activation = "silu" }),
        ("efficientnetv2_", new() { Strides = Six, Activation = "silu" }),
        ("efficientnet_lite", new() { Strides = Seven, Activation = "relu6" }),
        ("efficientnet_es", new() { Strides = Six, Activation = "relu" }),
        ("efficientnet_em", new() { Strides = Six, Activation = "relu" }),
        ("efficientnet_el", new() { Strides = Six, Activation = "relu" }),
        ("efficientnet_b", new() { Strides = Seven, Activation = "silu" }),
        ("efficientnet_l2", new() { Strides = Seven, Activation = "silu" }),
        ("test_efficientnet", new() { Strides = [1, 2, 2, 2, 2], Activation = "silu" }),
        ("mobilenetv2_", new() { Strides = Seven, Activation = "relu6" }),
        ("mnasnet_", new() { Strides = Seven, Activation = "relu" }),
        ("semnasnet_", new() { Strides = Seven, Activation = "relu" }),
        ("tinynet_", new() { Strides = Seven, Activation = "silu" }),
        ("mobilenetv3_large_minimal", new() { Strides = Seven, Activation = "relu", PoolsFirst = true }),
        ("mobilenetv3_small_minimal", new() { Strides = [2, 2, 2, 1, 2, 1], Activation = "relu", PoolsFirst = true }),
        ("mobilenetv3_large_", new()
        {
            Strides = Seven, Activation = "hardswish", Rectified = 3, PoolsFirst = true, Gate = ActivationFunctions.Hardsigmoid,
        }),
        ("mobilenetv3_small_", new()
        {
            Strides = [2, 2, 2, 1, 2, 1], Activation = "hardswish", Rectified = 2, PoolsFirst = true,
            Gate = ActivationFunctions.Hardsigmoid,
        }),
    ];

    /// <summary>The beginnings of the names that are known.</summary>
    internal static IEnumerable<string> Prefixes => Known.SelectMany(k => (string[])[k.Prefix, $"tf_{k.Prefix}"]);

    /// <summary>The stride of each stage's first block.</summary>
    internal required int[] Strides { get; init; }

    /// <summary>The activation, by its name among activation functions or <c>relu</c>.</summary>
    internal required string Activation { get; init; }

    /// <summary>The number of first stages whose activation is the ReLU instead.</summary>
    internal int Rectified { get; init; }

    /// <summary>Whether the mean over the map stands before the last convolution, as in MobileNet v3, whose gates squeeze by
    /// ReLUs.</summary>
    internal bool PoolsFirst { get; init; }

    /// <summary>The gates' function.</summary>
    internal ActivationFunction Gate { get; init; } = ActivationFunctions.Sigmoid;

    /// <summary>ε of the batch norms.</summary>
    internal double Epsilon { get; private init; } = BatchNormFold.StandardEpsilon;

    /// <summary>Whether convolutions are padded as in TensorFlow.</summary>
    internal bool SamePadding { get; private init; }

    /// <summary>The network of that name.</summary>
    /// <exception cref="ModelException">It is not known, or an activation function is not.</exception>
    internal static TimmEfficientNets Find(TimmSettings settings)
    {
        string name = settings.Architecture;
        bool tensorflow = name.StartsWith("tf_", StringComparison.Ordinal);
        string bare = tensorflow ? name["tf_".Length..] : name;
        TimmEfficientNets found = Known.FirstOrDefault(k => bare.StartsWith(k.Prefix, StringComparison.Ordinal)).Network
            ?? throw new ModelException($"timm's architecture '{Text.OneLine(name)}': its strides and activations are not known; known are "
                + string.Join(", ", Known.Select(k => k.Prefix + "*")));
        return found with
        {
            Activation = settings.Activation ?? found.Activation,
            Rectified = settings.Activation is null ? found.Rectified : 0,
            SamePadding = settings.SamePadding ?? tensorflow,
            Epsilon = settings.Epsilon ?? (tensorflow ? 1e-3 : BatchNormFold.StandardEpsilon),
        };
    }
}
