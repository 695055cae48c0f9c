namespace Interp.Engine.Arithmetic;

/// <summary>
/// Mean and variance of arrays that come one after another, in float64: equal arrays give exactly that mean and a variance of 0.
/// B. P. Welford, Technometrics 4 (1962).
/// </summary>
internal sealed class RunningMoments : IMoments
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
        if (_count++ == 0)
        {
            (_mean, _squares) = ([.. values], new double[values.Length]);
            return;
        }

        for (int i = 0; i < values.Length; i++)
        {
            double before = values[i] - _mean[i];
            _mean[i] += before / _count;
            _squares[i] += before * (values[i] - _mean[i]);
        }
    }

    /// <summary>Does nothing.</summary>
    public void Dispose()
    {
    }
}
