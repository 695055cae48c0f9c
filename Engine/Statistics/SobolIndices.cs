using Interp.Engine.Common;

namespace Interp.Engine.Statistics;

/// <summary>
/// How much of a function's variance each input has a part in, alone and with others: I. Sobol's total index S_T,j = E[Var(y | all but
/// x_j)] / Var y for inputs uniform on 0 … 1, estimated by M. Jansen (Computer Physics Communications 117, 1999): Σ_i (y(A_i) − y(C_ij))² /
/// (2 n Var y(A)), C_ij being the point A_i with input j of the point B_i; A and B are one <see cref="Halton"/> sequence.
/// </summary>
internal sealed class SobolIndices
{
    private readonly int _inputs, _samples;

    /// <param name="inputs">How many inputs.</param>
    /// <param name="samples">n.</param>
    /// <param name="rng">For the points.</param>
    internal SobolIndices(int inputs, int samples, Rng rng)
    {
        (_inputs, _samples) = (inputs, samples);
        var halton = new Halton(2 * inputs, rng);
        Points = new double[samples * (inputs + 1)][];
        for (int i = 0; i < samples; i++)
        {
            double[] a = [.. Enumerable.Range(0, inputs).Select(d => halton.At(i + 1, d))];
            Points[i] = a;
            for (int j = 0; j < inputs; j++)
            {
                double[] mixed = [.. a];
                mixed[j] = halton.At(i + 1, inputs + j);
                Points[(samples * (j + 1)) + i] = mixed;
            }
        }
    }

    /// <summary>Where the function is to be evaluated, n·(inputs + 1) points: A, then C_1, C_2, ….</summary>
    internal double[][] Points { get; }

    /// <summary>S_T of each input; 0 where y does not vary.</summary>
    /// <param name="y">The function at <see cref="Points"/>.</param>
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
        foreach (double value in y[.._samples])
        {
            mean += value / _samples;
        }

        foreach (double value in y[.._samples])
        {
            variance += (value - mean) * (value - mean) / _samples;
        }

        return variance;
    }

    /// <summary>E[Var(y | all but x_j)] of each input, in squared units of y: S_T before the division.</summary>
    /// <inheritdoc cref="Total"/>
    internal double[] Parts(ReadOnlySpan<double> y)
    {
        ReadOnlySpan<double> a = y[.._samples];
        var parts = new double[_inputs];
        for (int j = 0; j < _inputs; j++)
        {
            ReadOnlySpan<double> c = y.Slice(_samples * (j + 1), _samples);
            for (int i = 0; i < _samples; i++)
            {
                parts[j] += (a[i] - c[i]) * (a[i] - c[i]) / (2 * _samples);
            }
        }

        return parts;
    }
}
