using Interp.Engine.Common;

namespace Interp.Engine.Statistics;

/// <summary>
/// How much of a function's variance each input has a part in, alone and with others: I. Sobol's total index S_T,j = E[Var(y | all but
/// x_j)] / Var y for inputs uniform on 0 … 1, estimated by M. Jansen (Computer Physics Communications 117, 1999): Σ_i (y(A_i) − y(C_ij))² /
/// (2 n Var y(A)), C_ij being the point A_i with input j of the point B_i; A and B are one <see cref="Halton"/> sequence.
/// </summary>
internal sealed class SobolIndices
{
    private readonly int _inputs;
    private readonly Halton _halton;
    private readonly Lazy<double[][]> _points;

    /// <param name="inputs">How many inputs.</param>
    /// <param name="samples">n.</param>
    /// <param name="rng">For the points.</param>
    internal SobolIndices(int inputs, int samples, Rng rng)
    {
        (_inputs, _halton) = (inputs, new Halton(2 * inputs, rng));
        _points = new(() =>
            [.. from j in Enumerable.Range(0, inputs + 1) from i in Enumerable.Range(0, samples) select Point(i, j)]);
    }

    /// <summary>Where the function is to be evaluated, n·(inputs + 1) points: A, then C_1, C_2, ….</summary>
    internal double[][] Points => _points.Value;

    /// <summary>One of the points: A_i, or C_ij for j from 1 on. It depends on the random numbers, i and j alone.</summary>
    internal double[] Point(int i, int j)
    {
        double[] point = [.. Enumerable.Range(0, _inputs).Select(d => _halton.At(i + 1, d))];
        if (j > 0)
        {
            point[j - 1] = _halton.At(i + 1, _inputs + j - 1);
        }

        return point;
    }

    /// <summary>S_T of each input; 0 where y does not vary.</summary>
    /// <param name="y">The function at <see cref="Points"/>, of any number of samples.</param>
    internal double[] Total(ReadOnlySpan<double> y)
    {
        double variance = Variance(y);
        return Array.ConvertAll(Parts(y), part => variance > 0 ? part / variance : 0);
    }

    /// <summary>Var y(A).</summary>
    /// <inheritdoc cref="Total"/>
    internal double Variance(ReadOnlySpan<double> y)
    {
        double mean = 0, variance = 0;
        foreach (double value in y[..Samples(y)])
        {
            mean += value / Samples(y);
        }

        foreach (double value in y[..Samples(y)])
        {
            variance += (value - mean) * (value - mean) / Samples(y);
        }

        return variance;
    }

    /// <summary>E[Var(y | all but x_j)] of each input, in squared units of y: S_T before the division.</summary>
    /// <inheritdoc cref="Total"/>
    internal double[] Parts(ReadOnlySpan<double> y)
    {
        int samples = Samples(y);
        ReadOnlySpan<double> a = y[..samples];
        var parts = new double[_inputs];
        for (int j = 0; j < _inputs; j++)
        {
            ReadOnlySpan<double> c = y.Slice(samples * (j + 1), samples);
            for (int i = 0; i < samples; i++)
            {
                parts[j] += (a[i] - c[i]) * (a[i] - c[i]) / (2 * samples);
            }
        }

        return parts;
    }

    private int Samples(ReadOnlySpan<double> y) => y.Length / (_inputs + 1);
}
