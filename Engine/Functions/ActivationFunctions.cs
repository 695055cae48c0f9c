using Interp.Engine.Common;

namespace Interp.Engine.Functions;

/// <summary>The activation functions beside the ReLU, which is a layer of its own. Those with parameters have PyTorch's values;
/// <see cref="ActivationFunction.With"/> gives others.</summary>
public static class ActivationFunctions
{
    /// <summary>min(max(x, 0), 6).</summary>
    public static ActivationFunction ReLU6 { get; } = new ActivationFunction<ReLU6>();

    /// <summary>x, or 0.01·x below 0.</summary>
    public static ActivationFunction LeakyReLU { get; } = new ActivationFunction<LeakyReLU>();

    /// <summary>x above 1, else 0; with a slope below the threshold and a ceiling.</summary>
    public static ActivationFunction Threshold { get; } = new ActivationFunction<Threshold>();

    /// <summary>min(max(x, −1), 1).</summary>
    public static ActivationFunction Hardtanh { get; } = new ActivationFunction<Hardtanh>();

    /// <summary>x·σ(x).</summary>
    public static ActivationFunction SiLU { get; } = new ActivationFunction<SiLU>();

    /// <summary>x·hardsigmoid(x).</summary>
    public static ActivationFunction Hardswish { get; } = new ActivationFunction<Hardswish>();

    /// <summary>x·Φ(x).</summary>
    public static ActivationFunction GELU { get; } = new ActivationFunction<GELU>();

    /// <summary>½·x·(1 + tanh(√(2/π)·(x + 0.044715·x³))).</summary>
    public static ActivationFunction GELUTanh { get; } = new ActivationFunction<GELUTanh>();

    /// <summary>x, or e^x − 1 below 0.</summary>
    public static ActivationFunction ELU { get; } = new ActivationFunction<ELU>();

    /// <summary>1.0507·x, or 1.7581·(e^x − 1) below 0.</summary>
    public static ActivationFunction SELU { get; } = new ActivationFunction<SELU>();

    /// <summary>x, or α·(e^(x/α) − 1) below 0.</summary>
    public static ActivationFunction CELU { get; } = new ActivationFunction<CELU>();

    /// <summary>ln(1 + e^x).</summary>
    public static ActivationFunction Softplus { get; } = new ActivationFunction<Softplus>();

    /// <summary>x·tanh(ln(1 + e^x)).</summary>
    public static ActivationFunction Mish { get; } = new ActivationFunction<Mish>();

    /// <summary>min(max(x/6 + ½, 0), 1).</summary>
    public static ActivationFunction Hardsigmoid { get; } = new ActivationFunction<Hardsigmoid>();

    /// <summary>1 / (1 + e^−x).</summary>
    public static ActivationFunction Sigmoid { get; } = new ActivationFunction<Sigmoid>();

    /// <summary>tanh(x).</summary>
    public static ActivationFunction Tanh { get; } = new ActivationFunction<Tanh>();

    /// <summary>x / (1 + |x|).</summary>
    public static ActivationFunction Softsign { get; } = new ActivationFunction<Softsign>();

    /// <summary>All functions by name.</summary>
    public static Catalog<ActivationFunction> All { get; } = new(
        "activation function", f => f.Name, ReLU6, LeakyReLU, Threshold, Hardtanh, SiLU, Hardswish, GELU, GELUTanh, ELU, SELU, CELU,
        Softplus, Mish, Hardsigmoid, Sigmoid, Tanh, Softsign);
}
