namespace Interp.Engine.Evidence.Numerics;

/// <summary>
/// Slopes for a cubic through points that has no extremum between them (F. Fritsch, J. Butland, SIAM Journal on Scientific and Statistical
/// Computing 5, 1984): inside, the weighted harmonic mean of the slopes on both sides, or 0 where these differ in sign; at the ends, the
/// slope of the parabola through three points, as far as the curve stays monotone. SciPy's <c>PchipInterpolator</c>.
/// </summary>
internal static class MonotoneCubic
{
    /// <summary>The slope at each point.</summary>
    /// <param name="x">Places, ascending.</param>
    /// <param name="y">Values; at least two.</param>
    public static double[] Slopes(IList<int> x, IList<double> y)
    {
        int last = x.Count - 1;
        double[] width = [.. Enumerable.Range(0, last).Select(i => (double)x[i + 1] - x[i])];
        double[] secant = [.. Enumerable.Range(0, last).Select(i => (y[i + 1] - y[i]) / width[i])];
        if (last == 1)
        {
            return [secant[0], secant[0]];
        }

        var slopes = new double[x.Count];
        for (int i = 1; i < last; i++)
        {
            double left = (2 * width[i]) + width[i - 1], right = width[i] + (2 * width[i - 1]);
            slopes[i] = secant[i - 1] * secant[i] > 0 ? (left + right) / ((left / secant[i - 1]) + (right / secant[i])) : 0;
        }

        slopes[0] = End(width[0], width[1], secant[0], secant[1]);
        slopes[last] = End(width[last - 1], width[last - 2], secant[last - 1], secant[last - 2]);
        return slopes;
    }

    private static double End(double near, double far, double first, double second)
    {
        double slope = ((((2 * near) + far) * first) - (near * second)) / (near + far);
        return slope * first <= 0 ? 0
            : first * second < 0 && Math.Abs(slope) > 3 * Math.Abs(first) ? 3 * first
            : slope;
    }
}
