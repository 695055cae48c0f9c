using System.Numerics;

namespace Interp.Engine.LinearAlgebra;

/// <summary>Sums over long vectors in float64, in the order of the elements.</summary>
internal static class Vectors
{
    internal static double Dot(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        double sum = 0;
        for (int i = 0; i < a.Length; i++)
        {
            sum += a[i] * b[i];
        }

        return sum;
    }

    internal static double Sum(ReadOnlySpan<double> a)
    {
        double sum = 0;
        foreach (double value in a)
        {
            sum += value;
        }

        return sum;
    }

    /// <summary>a += factor·b.</summary>
    internal static void Add(Span<double> a, double factor, ReadOnlySpan<double> b)
    {
        int i = 0;
        for (; i <= a.Length - Vector<double>.Count; i += Vector<double>.Count)
        {
            (new Vector<double>(a[i..]) + (factor * new Vector<double>(b[i..]))).CopyTo(a[i..]);
        }

        for (; i < a.Length; i++)
        {
            a[i] += factor * b[i];
        }
    }
}
