using Interp.Engine.Common;

namespace Interp.Engine.Visualization.Parametrizations;

/// <summary>A way to make images of parameters.</summary>
/// <param name="Name">As users write it.</param>
/// <param name="Make">Makes one for a size.</param>
public sealed record ParametrizationKind(string Name, Func<Canvas, ParametrizationOptions, ColoredParametrization> Make)
{
    private static readonly ParametrizationOptions s_lucids = new();

    /// <summary>Images of a size, with parameters to start from.</summary>
    /// <param name="canvas">The size.</param>
    /// <param name="start">Where they start; images to start from come out again within 1/255 where values lie in 0.01…0.99.</param>
    /// <param name="options">Null for lucid's.</param>
    public ImageParametrization Create(Canvas canvas, Start start, ParametrizationOptions? options = null) =>
        Make(canvas, options ?? s_lucids).StartFrom(start);
}

/// <summary>Every parametrisation.</summary>
public static class ParametrizationCatalog
{
    /// <summary>All by name.</summary>
    public static Catalog<ParametrizationKind> All { get; } = new(
        "parametrization",
        k => k.Name,
        new ParametrizationKind("pixel", (canvas, options) => new PixelImage(canvas, options)),
        new ParametrizationKind("fft", (canvas, options) => new FourierImage(canvas, options)),
        new ParametrizationKind("pyramid", (canvas, options) => new PyramidImage(canvas, options)));
}
