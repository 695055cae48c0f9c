using Interp.Engine.Common;

namespace Interp.Engine.Visualization.Parametrizations;

/// <summary>A way to make pictures of parameters.</summary>
/// <param name="Name">As users write it.</param>
/// <param name="Make">Makes one for a size.</param>
public sealed record ParametrizationKind(string Name, Func<Canvas, ColoredParametrization> Make)
{
    /// <summary>Pictures of a size, with parameters to start from.</summary>
    public ImageParametrization Create(Canvas canvas, Start start) => Make(canvas).StartFrom(start);
}

/// <summary>Every parametrisation.</summary>
public static class ParametrizationCatalog
{
    /// <summary>All by name.</summary>
    public static Catalog<ParametrizationKind> All { get; } = new(
        "parametrization",
        k => k.Name,
        new ParametrizationKind("fft", canvas => new FourierImage(canvas)),
        new ParametrizationKind("pixel", canvas => new PixelImage(canvas)),
        new ParametrizationKind("pyramid", canvas => new PyramidImage(canvas)));
}
