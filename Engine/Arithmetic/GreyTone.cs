namespace Interp.Engine.Arithmetic;

/// <summary>From one plane t of any values to grey: σ(t). The same on every backend.</summary>
internal sealed class GreyTone : IPlaneColors
{
    internal static GreyTone Instance { get; } = new();

    /// <summary>A plane <c>[1,H,W]</c> to grey.</summary>
    public void Forward(ReadOnlySpan<float> planes, Span<float> colors)
    {
        for (int i = 0; i < planes.Length; i++)
        {
            colors[i] = 1 / (1 + MathF.Exp(-planes[i]));
        }
    }

    /// <summary>∂F/∂t from ∂F/∂grey and the grey itself: σ' = grey·(1 − grey).</summary>
    public void Backward(ReadOnlySpan<float> colors, ReadOnlySpan<float> gradient, Span<float> planes)
    {
        for (int i = 0; i < planes.Length; i++)
        {
            planes[i] = gradient[i] * colors[i] * (1 - colors[i]);
        }
    }

    /// <summary>The plane of grey, values near 0 and 1 moved inside.</summary>
    public float[] PlanesOf(ReadOnlySpan<float> colors)
    {
        var planes = new float[colors.Length];
        for (int i = 0; i < planes.Length; i++)
        {
            double p = Math.Clamp(colors[i], ColorSpace.Margin, 1 - ColorSpace.Margin);
            planes[i] = (float)Math.Log(p / (1 - p));
        }

        return planes;
    }
}
