using Interp.Engine.Arithmetic;
using Interp.Engine.Graph;

namespace Interp.Engine.Attribution.Cam;

/// <summary>One layer's class activation map as it is handed out.</summary>
/// <param name="Layer">The layer.</param>
/// <param name="Size">h and w.</param>
/// <param name="Values"><c>[h,w]</c>, after the ReLU where there is one.</param>
/// <param name="Raw">The map before it.</param>
/// <param name="Empty">Why every value is 0, or null.</param>
internal sealed record CamMap(Node Layer, (int Height, int Width) Size, float[] Values, RawMap Raw, string? Empty)
{
    /// <summary>
    /// Maps at the image's size, bilinearly: one map as it is; of several, each scaled to 0…1 at its own size, their mean
    /// (pytorch-grad-cam's rule; its second scaling is left to drawing).
    /// </summary>
    internal static float[] Fuse(IReadOnlyList<CamMap> maps, (int Height, int Width) to, bool signed)
    {
        if (maps is [CamMap one])
        {
            return Bilinear.Resize(one.Values, one.Size, to);
        }

        var mean = new double[to.Height * to.Width];
        foreach (CamMap map in maps)
        {
            float[] large = Bilinear.Resize(map.Scaled(signed), map.Size, to);
            for (int i = 0; i < mean.Length; i++)
            {
                mean[i] += large[i] / (double)maps.Count;
            }
        }

        return Array.ConvertAll(mean, m => (float)m);
    }

    /// <summary>(v − min) / (max − min), or v / max|v| for a map that keeps its sign; 0 for a constant map.</summary>
    internal float[] Scaled(bool signed)
    {
        double low = signed ? 0 : Values.Min();
        double range = signed ? Values.Max(MathF.Abs) : Values.Max() - low;
        return Array.ConvertAll(Values, v => range > 0 ? (float)((v - low) / range) : 0);
    }
}
