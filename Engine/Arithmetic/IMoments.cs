namespace Interp.Engine.Arithmetic;

/// <summary>Mean and variance of arrays of one length that come one after another, in float64. B. P. Welford, Technometrics 4
/// (1962).</summary>
internal interface IMoments : IDisposable
{
    /// <summary>(1/n) Σ v.</summary>
    double[] Mean { get; }

    /// <summary>(1/n) Σ (v − mean)².</summary>
    double[] Variance { get; }

    /// <summary>(1/n) Σ v².</summary>
    double[] MeanSquare => [.. Mean.Zip(Variance, (m, v) => (m * m) + v)];

    /// <summary>Takes one array; all have the same length.</summary>
    void Add(double[] values);
}
