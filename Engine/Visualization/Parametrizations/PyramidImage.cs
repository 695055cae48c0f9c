using Interp.Engine.Arithmetic;

namespace Interp.Engine.Visualization.Parametrizations;

/// <summary>
/// θ are planes of halved sizes, which are enlarged bilinearly and added up: coarse forms can change at once. P. Burt, E. Adelson, "The
/// Laplacian pyramid as a compact image code" (1983); lucid's
/// <c>laplacian_pyramid_image</c>. The finest level comes first.
/// </summary>
public sealed class PyramidImage : ColoredParametrization
{
    private const int Levels = 4;
    private readonly (int Height, int Width)[] _sizes;
    private readonly BilinearSampler[] _enlarge;

    /// <param name="canvas">The images' size.</param>
    /// <param name="options">Whether colours are taken apart.</param>
    public PyramidImage(Canvas canvas, ParametrizationOptions options)
        : base(canvas, Sizes(canvas).Sum(s => s.Height * s.Width), options)
    {
        _sizes = [.. Sizes(canvas)];
        (int Height, int Width) full = (canvas.Height, canvas.Width);
        _enlarge = [.. _sizes.Select(s =>
            new BilinearSampler(s, full, new Affine(s.Width / (double)full.Width, 0, 0, 0, s.Height / (double)full.Height, 0),
            greyOutside: false))];
    }

    /// <inheritdoc/>
    protected override void ToPlane(ReadOnlySpan<float> parameters, Span<float> plane)
    {
        plane.Clear();
        var level = new float[plane.Length];
        for (int l = 0, at = 0; l < _sizes.Length; at += _sizes[l].Height * _sizes[l].Width, l++)
        {
            _enlarge[l].Forward(parameters.Slice(at, _sizes[l].Height * _sizes[l].Width), level);
            for (int i = 0; i < level.Length; i++)
            {
                plane[i] += level[i];
            }
        }
    }

    /// <inheritdoc/>
    protected override void ToGradient(ReadOnlySpan<float> plane, Span<float> parameters)
    {
        parameters.Clear();
        for (int l = 0, at = 0; l < _sizes.Length; at += _sizes[l].Height * _sizes[l].Width, l++)
        {
            _enlarge[l].Backward(plane, parameters.Slice(at, _sizes[l].Height * _sizes[l].Width));
        }
    }

    /// <inheritdoc/>
    protected override void FromPlane(ReadOnlySpan<float> plane, Span<float> parameters)
    {
        parameters.Clear();
        plane.CopyTo(parameters);
    }

    private static IEnumerable<(int Height, int Width)> Sizes(Canvas canvas) =>
        Enumerable.Range(0, Levels).Select(l => (Math.Max(1, canvas.Height >> l), Math.Max(1, canvas.Width >> l))).Distinct();
}
