using Interp.Engine.Attribution;
using Interp.Engine.Common;

namespace Interp.Engine.Evidence;

/// <summary>
/// An attribution as one value a pixel, which is what most metrics measure: sensitivities by the largest |g| of a pixel's channels,
/// contributions by their
/// signed sum, maps as they are; the same as in heat maps. Values that are not finite count as 0.
/// </summary>
internal static class MapPlane
{
    /// <summary>The plane, <c>[H,W]</c>.</summary>
    public static float[] Of(AttributionResult map)
    {
        float[] values = Array.ConvertAll(map.Values, v => float.IsFinite(v) ? v : 0);
        return map.Method.Kind.IsMap() ? values : AttributionImages.ReductionOf(map.Method.Kind, new()).Apply(values, map.Shape[0]);
    }

    /// <summary>
    /// The plane in 0…1, as an image is multiplied with it: (v − min) / (max − min), or max(0, v) / max if some values are negative. A
    /// plane that is
    /// nowhere larger than elsewhere becomes zero.
    /// </summary>
    public static float[] Unit(ReadOnlySpan<float> plane)
    {
        float least = Math.Max(0, Least(plane)), most = Most(plane);
        var unit = new float[plane.Length];
        if (most > least)
        {
            for (int i = 0; i < unit.Length; i++)
            {
                unit[i] = Math.Max(0, (plane[i] - least) / (most - least));
            }
        }

        return unit;
    }

    /// <summary>
    /// The pixels from the one that matters most to the one that matters least. Equal pixels come in random order: in reading order, the
    /// many zeros of a
    /// rectified map would be taken from the top of the image down, which is information that the map does not hold.
    /// </summary>
    public static int[] Order(ReadOnlySpan<float> plane, ulong seed)
    {
        var rng = new Rng(seed, EvidenceStreams.Ties);
        (float Value, double Lot)[] keys = new (float, double)[plane.Length];
        for (int i = 0; i < keys.Length; i++)
        {
            keys[i] = (-plane[i], rng.Uniform((ulong)i));
        }

        int[] order = [.. Enumerable.Range(0, keys.Length)];
        Array.Sort(keys, order);
        return order;
    }

    private static float Least(ReadOnlySpan<float> plane)
    {
        float least = float.PositiveInfinity;
        foreach (float v in plane)
        {
            least = Math.Min(least, v);
        }

        return least;
    }

    private static float Most(ReadOnlySpan<float> plane)
    {
        float most = float.NegativeInfinity;
        foreach (float v in plane)
        {
            most = Math.Max(most, v);
        }

        return most;
    }
}
