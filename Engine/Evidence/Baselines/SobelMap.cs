using Interp.Engine.Attribution;

namespace Interp.Engine.Evidence.Baselines;

/// <summary>
/// An edge detector: √(g_x² + g_y²) of the mean of the image's channels in network units, with Sobel's kernels [1 2 1]ᵀ·[−1 0 1] and its
/// transpose;
/// outside the image its border continues. It looks like an explanation and is none (J. Adebayo and others, arXiv 1810.03292, figure 1).
/// </summary>
internal sealed class SobelMap : AttributionMethod
{
    private SobelMap()
    {
    }

    /// <summary>The edge detector.</summary>
    public static SobelMap Instance { get; } = new();

    /// <inheritdoc/>
    public override string Name => "sobel";

    /// <inheritdoc/>
    public override string Title => "Edge detector";

    /// <inheritdoc/>
    public override string Summary => "strength of the image's edges, whatever the network";

    /// <inheritdoc/>
    public override string Formula => "√(gx² + gy²) of the image's brightness, by Sobel's filters";

    /// <inheritdoc/>
    public override string Paper => "baseline";

    /// <inheritdoc/>
    public override AttributionKind Kind => AttributionKind.Map;

    /// <inheritdoc/>
    protected override Explanation Compute(AttributionRequest request)
    {
        (int height, int width) = (request.Input.Image.Height, request.Input.Image.Width);
        float[] grey = Grey(request.Input.Tensor, height * width);
        var edges = new float[grey.Length];
        for (int y = 0; y < height; y++)
        {
            (int up, int down) = (Math.Max(0, y - 1) * width, Math.Min(height - 1, y + 1) * width);
            int here = y * width;
            for (int x = 0; x < width; x++)
            {
                (int left, int right) = (Math.Max(0, x - 1), Math.Min(width - 1, x + 1));
                float across = grey[up + right] - grey[up + left] + (2 * (grey[here + right] - grey[here + left]))
                    + grey[down + right] - grey[down + left];
                float along = grey[down + left] - grey[up + left] + (2 * (grey[down + x] - grey[up + x]))
                    + grey[down + right] - grey[up + right];
                edges[here + x] = MathF.Sqrt((across * across) + (along * along));
            }
        }

        return new Explanation(edges);
    }

    private static float[] Grey(float[] tensor, int plane)
    {
        var grey = new float[plane];
        for (int i = 0; i < tensor.Length; i++)
        {
            grey[i % plane] += tensor[i];
        }

        return Array.ConvertAll(grey, v => v * plane / tensor.Length);
    }
}
