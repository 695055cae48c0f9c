using Interp.Engine.Common;

namespace Interp.Engine.Functions;

/// <summary>The activation functions beside the ReLU, which is a layer of its own.</summary>
public static class ActivationFunctions
{
    /// <summary>min(max(x, 0), 6).</summary>
    public static ActivationFunction ReLU6 { get; } = new ActivationFunction<ReLU6>();

    /// <summary>x·σ(x).</summary>
    public static ActivationFunction SiLU { get; } = new ActivationFunction<SiLU>();

    /// <summary>x·hardsigmoid(x).</summary>
    public static ActivationFunction Hardswish { get; } = new ActivationFunction<Hardswish>();

    /// <summary>x·Φ(x).</summary>
    public static ActivationFunction GELU { get; } = new ActivationFunction<GELU>();

    /// <summary>min(max(x/6 + ½, 0), 1).</summary>
    public static ActivationFunction Hardsigmoid { get; } = new ActivationFunction<Hardsigmoid>();

    /// <summary>1 / (1 + e^−x).</summary>
    public static ActivationFunction Sigmoid { get; } = new ActivationFunction<Sigmoid>();

    /// <summary>tanh(x).</summary>
    public static ActivationFunction Tanh { get; } = new ActivationFunction<Tanh>();

    /// <summary>All functions by name.</summary>
    public static Catalog<ActivationFunction> All { get; } =
        new("activation function", f => f.Name, ReLU6, SiLU, Hardswish, GELU, Hardsigmoid, Sigmoid, Tanh);
}
