using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Interp.Engine.Attribution.Relevance.Parts;

/// <summary>Elementwise arithmetic by vectors: each value as a plain loop would compute it. Spans of equal length.</summary>
internal static class Vectors
{
    /// <summary>Σ a in float64: sixteen sums of values sixteen apart, which are then added in order, and the rest.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double Sum(ReadOnlySpan<float> a)
    {
        Vector512<double> low = Vector512<double>.Zero, high = Vector512<double>.Zero;
        int i = 0;
        for (; i + Vector512<float>.Count <= a.Length; i += Vector512<float>.Count)
        {
            Vector512<float> v = Vector512.Create(a[i..]);
            low += Vector512.WidenLower(v);
            high += Vector512.WidenUpper(v);
        }

        double sum = 0;
        for (int lane = 0; lane < Vector512<double>.Count; lane++)
        {
            sum += low[lane] + high[lane];
        }

        for (; i < a.Length; i++)
        {
            sum += a[i];
        }

        return sum;
    }

    /// <summary>result = a + b.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Add(ReadOnlySpan<float> a, ReadOnlySpan<float> b, Span<float> result)
    {
        int i = 0;
        for (; i + Vector<float>.Count <= result.Length; i += Vector<float>.Count)
        {
            (new Vector<float>(a[i..]) + new Vector<float>(b[i..])).CopyTo(result[i..]);
        }

        for (; i < result.Length; i++)
        {
            result[i] = a[i] + b[i];
        }
    }

    /// <summary>target += factor · a ⊙ b.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void AddProduct(Span<float> target, float factor, ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        var f = new Vector<float>(factor);
        int i = 0;
        for (; i + Vector<float>.Count <= target.Length; i += Vector<float>.Count)
        {
            (new Vector<float>(target[i..]) + (f * new Vector<float>(a[i..]) * new Vector<float>(b[i..]))).CopyTo(target[i..]);
        }

        for (; i < target.Length; i++)
        {
            target[i] += factor * a[i] * b[i];
        }
    }

    /// <summary>target += factor · a.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void AddScaled(Span<float> target, float factor, ReadOnlySpan<float> a)
    {
        var f = new Vector<float>(factor);
        int i = 0;
        for (; i + Vector<float>.Count <= target.Length; i += Vector<float>.Count)
        {
            (new Vector<float>(target[i..]) + (f * new Vector<float>(a[i..]))).CopyTo(target[i..]);
        }

        for (; i < target.Length; i++)
        {
            target[i] += factor * a[i];
        }
    }

    /// <summary>result = a / (z + ε·sign z), with sign 0 = 1, and 0 where a is.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Divide(ReadOnlySpan<float> a, ReadOnlySpan<float> z, float epsilon, Span<float> result)
    {
        var e = new Vector<float>(epsilon);
        int i = 0;
        for (; i + Vector<float>.Count <= result.Length; i += Vector<float>.Count)
        {
            Vector<float> va = new(a[i..]), vz = new(z[i..]);
            Vector<float> quotient = va / Vector.ConditionalSelect(Vector.LessThan(vz, Vector<float>.Zero), vz - e, vz + e);
            Vector.ConditionalSelect(Vector.Equals(va, Vector<float>.Zero), Vector<float>.Zero, quotient).CopyTo(result[i..]);
        }

        for (; i < result.Length; i++)
        {
            result[i] = a[i] == 0 ? 0 : a[i] / (z[i] < 0 ? z[i] - epsilon : z[i] + epsilon);
        }
    }

    /// <summary>result = a where sign·z &gt; 0, else 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Where(ReadOnlySpan<float> a, ReadOnlySpan<float> z, int sign, Span<float> result)
    {
        var s = new Vector<float>((float)sign);
        int i = 0;
        for (; i + Vector<float>.Count <= result.Length; i += Vector<float>.Count)
        {
            Vector<int> chosen = Vector.GreaterThan(s * new Vector<float>(z[i..]), Vector<float>.Zero);
            Vector.ConditionalSelect(chosen, new Vector<float>(a[i..]), Vector<float>.Zero).CopyTo(result[i..]);
        }

        for (; i < result.Length; i++)
        {
            result[i] = sign * z[i] > 0 ? a[i] : 0;
        }
    }

    /// <summary>result = max(a, 0) or min(a, 0).</summary>
    public static void Half(ReadOnlySpan<float> a, bool positive, Span<float> result)
    {
        for (int i = 0; i < result.Length; i++)
        {
            result[i] = positive ? MathF.Max(a[i], 0) : MathF.Min(a[i], 0);
        }
    }

    /// <summary>Whether any value is below zero.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static bool AnyNegative(ReadOnlySpan<float> a)
    {
        int i = 0;
        for (; i + Vector<float>.Count <= a.Length; i += Vector<float>.Count)
        {
            if (Vector.LessThanAny(new Vector<float>(a[i..]), Vector<float>.Zero))
            {
                return true;
            }
        }

        for (; i < a.Length; i++)
        {
            if (a[i] < 0)
            {
                return true;
            }
        }

        return false;
    }
}
