using Interp.Engine.Imaging;

namespace Interp.Engine.Adversarial;

/// <summary>The nearest point of a hyperplane inside the box of images.</summary>
internal static class BoxedHyperplane
{
    /// <summary>
    /// The smallest change d, in L2 or L∞, with ⟨g, d⟩ = need and x + d in [0, limit]: d_i = sign(need·g_i)·min(λ·s_i, room_i). s_i is
    /// |g_i| for L2 and 1 for L∞, room_i how far value i may go that way, and λ the number at which the sum is need: it is piecewise
    /// linear in λ, so λ is found exactly, from the breakpoints room_i/s_i in order. (F. Croce, M. Hein, ICML 2020, section 3.)
    /// </summary>
    /// <param name="x">Where it starts, in the box.</param>
    /// <param name="gradient">g.</param>
    /// <param name="need">How much ⟨g, d⟩ has to be.</param>
    /// <param name="norm">L2 or L∞.</param>
    /// <param name="limit">White.</param>
    /// <param name="change">Takes d; where the box holds no such point, the one of its corners that comes closest.</param>
    /// <returns>Whether the box holds such a point.</returns>
    internal static bool Project(
        ReadOnlySpan<float> x, ReadOnlySpan<float> gradient, double need, PixelNorm norm, float limit, Span<float> change)
    {
        bool even = norm == PixelNorm.LInf;
        int direction = need < 0 ? -1 : 1;
        var breaks = new double[x.Length];
        var order = new int[x.Length];
        int count = 0;
        for (int i = 0; i < x.Length; i++)
        {
            double room = Room(x[i], direction * gradient[i], limit);
            if (room > 0)
            {
                (breaks[count], order[count++]) = (room / (even ? 1 : Math.Abs((double)gradient[i])), i);
            }
        }

        Array.Sort(breaks, order, 0, count);
        var slopes = new double[count + 1];
        for (int j = count - 1; j >= 0; j--)
        {
            double g = Math.Abs((double)gradient[order[j]]);
            slopes[j] = slopes[j + 1] + (even ? g : g * g);
        }

        double lambda = 0, left = Math.Abs(need);
        bool reached = left == 0;
        for (int j = 0; j < count && !reached; j++)
        {
            double gain = slopes[j] * (breaks[j] - lambda);
            reached = gain >= left;
            lambda = reached ? lambda + (left / slopes[j]) : breaks[j];
            left -= gain;
        }

        for (int i = 0; i < x.Length; i++)
        {
            double g = direction * (double)gradient[i];
            double by = Math.Min(lambda * (even ? 1 : Math.Abs(g)), Room(x[i], g, limit));
            change[i] = g > 0 ? (float)by : g < 0 ? (float)-by : 0;
        }

        return reached;
    }

    /// <summary>How far a value may go the way of its gradient.</summary>
    internal static double Room(float x, double gradient, float limit) => gradient > 0 ? limit - x : gradient < 0 ? x : 0;
}
