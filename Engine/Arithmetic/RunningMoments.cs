using System.Numerics;

namespace Interp.Engine.Arithmetic;

/// <summary>
/// Mean and variance of arrays that come one after another, in float64: equal arrays give exactly that mean and a variance of 0.
/// B. P. Welford, Technometrics 4 (1962).
/// </summary>
/// <param name="math">Who shares out the values over threads.</param>
internal sealed class RunningMoments(HostImageMath math) : IMoments
{
    private double[] _mean = [];
    private double[] _squares = [];
    private int _count;

    /// <summary>(1/n) Σ v.</summary>
    public double[] Mean => [.. _mean];

    /// <summary>(1/n) Σ (v − mean)².</summary>
    public double[] Variance => Array.ConvertAll(_squares, s => s / _count);

    /// <summary>Takes one array; all have the same length.</summary>
    public void Add(double[] values)
    {
        Begin(values.Length);
        math.InParts(values.Length, (first, count) => Take(first, values.AsSpan(first, count)));
    }

    /// <summary>Says that one more array comes, part by part.</summary>
    internal void Begin(int length)
    {
        if (_count++ == 0)
        {
            (_mean, _squares) = (new double[length], new double[length]);
        }
    }

    /// <summary>Takes a part of the array that <see cref="Begin"/> announced; parts may come from several threads.</summary>
    internal void Take(int first, ReadOnlySpan<double> values)
    {
        if (_count == 1)
        {
            values.CopyTo(_mean.AsSpan(first));
            return;
        }

        Add(values, _mean.AsSpan(first, values.Length), _squares.AsSpan(first, values.Length), _count);
    }

    /// <summary>Does nothing.</summary>
    public void Dispose()
    {
    }

    private static void Add(ReadOnlySpan<double> values, Span<double> mean, Span<double> squares, int count)
    {
        int i = 0, lanes = Vector<double>.Count;
        var n = new Vector<double>(count);
        for (; i + lanes <= values.Length; i += lanes)
        {
            Vector<double> value = new(values[i..]), old = new(mean[i..]), before = value - old, now = old + (before / n);
            now.CopyTo(mean[i..]);
            (new Vector<double>(squares[i..]) + (before * (value - now))).CopyTo(squares[i..]);
        }

        for (; i < values.Length; i++)
        {
            double before = values[i] - mean[i];
            mean[i] += before / count;
            squares[i] += before * (values[i] - mean[i]);
        }
    }
}
