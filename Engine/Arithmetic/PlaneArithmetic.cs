using System.Numerics;

namespace Interp.Engine.Arithmetic;

/// <summary>Arithmetic on each value of a plane, by vectors: the same bits as value by value.</summary>
internal static class PlaneArithmetic
{
    /// <summary>(v − min) / (max − min); 0 where all are the same.</summary>
    internal static void ScaleToOne(Span<float> values)
    {
        (float low, float high) = Range(values);
        float range = high - low;
        if (!(range > 0))
        {
            values.Clear();
            return;
        }

        int i = 0;
        for (; i + Vector<float>.Count <= values.Length; i += Vector<float>.Count)
        {
            ((new Vector<float>(values[i..]) - new Vector<float>(low)) / new Vector<float>(range)).CopyTo(values[i..]);
        }

        for (; i < values.Length; i++)
        {
            values[i] = (values[i] - low) / range;
        }
    }

    /// <summary>a·b; the result may be the place of either.</summary>
    internal static void Multiply(ReadOnlySpan<float> a, ReadOnlySpan<float> b, Span<float> result)
    {
        int i = 0;
        for (; i + Vector<float>.Count <= result.Length; i += Vector<float>.Count)
        {
            (new Vector<float>(a[i..]) * new Vector<float>(b[i..])).CopyTo(result[i..]);
        }

        for (; i < result.Length; i++)
        {
            result[i] = a[i] * b[i];
        }
    }

    private static (float Low, float High) Range(ReadOnlySpan<float> values)
    {
        (float low, float high) = (values[0], values[0]);
        Vector<float> lows = new(low), highs = new(high);
        int i = 0;
        for (; i + Vector<float>.Count <= values.Length; i += Vector<float>.Count)
        {
            var v = new Vector<float>(values[i..]);
            (lows, highs) = (Vector.Min(lows, v), Vector.Max(highs, v));
        }

        for (int lane = 0; lane < Vector<float>.Count; lane++)
        {
            (low, high) = (Math.Min(low, lows[lane]), Math.Max(high, highs[lane]));
        }

        for (; i < values.Length; i++)
        {
            (low, high) = (Math.Min(low, values[i]), Math.Max(high, values[i]));
        }

        return (low, high);
    }
}
