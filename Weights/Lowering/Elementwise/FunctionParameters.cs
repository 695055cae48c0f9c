using System.Globalization;
using Interp.Engine.Functions;

namespace Interp.Weights.Lowering.Elementwise;

/// <summary>The activation functions with parameters whose values at a few points are those of a given function: candidates, to be compared
/// with it everywhere.</summary>
internal static class FunctionParameters
{
    private const double Far = 1e30;

    /// <summary>One candidate of each kind that the points allow.</summary>
    internal static IEnumerable<ActivationFunction> Candidates(Func<double, double> f)
    {
        double low = f(-Far), high = f(Far), zero = f(0), unit = f(-1);
        (double floor, double ceiling) = (Bounded(low, -float.MaxValue), Bounded(high, float.MaxValue));
        return new (ActivationFunction Function, double[] Values)[]
        {
            (ActivationFunctions.LeakyReLU, [-unit]),
            (ActivationFunctions.Hardtanh, [floor, ceiling]),
            (ActivationFunctions.ELU, [-low]),
            (ActivationFunctions.CELU, [-low]),
            (ActivationFunctions.Softplus, [Math.Log(2) / zero]),
            (ActivationFunctions.Hardsigmoid, [Slope(f), zero]),
            (ActivationFunctions.Threshold, [Jump(f, low / -Far), low / -Far, ceiling]),
        }.Select(c => (c.Function, Values: Array.ConvertAll(c.Values, Short)))
            .Where(c => c.Values.Zip(c.Function.Parameters)
                .All(p => Math.Abs(p.First) <= float.MaxValue && (p.First != 0 || p.Second.MayBeZero)))
            .Select(c => c.Function.With(c.Values));
    }

    private static double Bounded(double value, double unbounded) => Math.Abs(value) < Far / 2 ? value : unbounded;

    /// <summary>The steepest place near 0.</summary>
    private static double Slope(Func<double, double> f)
    {
        const double Step = 1.0 / 1024;
        double up = (f(Step) - f(0)) / Step, down = (f(0) - f(-Step)) / Step;
        return Math.Abs(up) > Math.Abs(down) ? up : down;
    }

    /// <summary>θ of slope·(x − θ) below it and x above.</summary>
    private static double Jump(Func<double, double> f, double slope)
    {
        if (slope != 0)
        {
            return -64 - f(-64) / slope;
        }

        double below = -64, above = 64;
        for (int i = 0; i < 64; i++)
        {
            double middle = (below + above) / 2;
            (below, above) = f(middle) == 0 ? (middle, above) : (below, middle);
        }

        return above;
    }

    /// <summary>A number that a file holds as float32 as one writes it: 0.2, not 0.200000003.</summary>
    private static double Short(double value) => Math.Abs(value) == float.MaxValue ? value
        : double.Parse(((float)value).ToString("R", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
}
