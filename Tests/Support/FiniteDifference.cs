using Interp.Engine.Backends;
using Interp.Engine.Graph;
using Interp.Engine.Reference;
using Interp.Engine.Rules;

namespace Interp.Tests.Support;

/// <summary>Compares the reference backend's gradients with central differences (f(x+hd) − f(x−hd)) / 2h along directions d.</summary>
internal static class FiniteDifference
{
    private const double Step = 1e-5;

    /// <summary>
    /// The tolerance on ⟨gradient, d⟩ relative to ‖gradient‖·‖d‖. These functions are piecewise linear or have third derivatives of order
    /// 1, so the truncation error is at most h² = 1e-10; rounding adds about 2^-53·|f|/h = 1e-11·|f|, where |f| stays under 1e4 times the
    /// gradient's norm.
    /// </summary>
    private const double Tolerance = 1e-7;

    /// <summary>
    /// Checks f = ⟨random, output⟩ along all single coordinates if there are few, else along some, and along random directions.
    /// </summary>
    public static void Check(Network network, SessionOptions options, ReadOnlySpan<double> input, int seed)
    {
        using var session = new ReferenceSession(network, options);
        var random = new Gaussian(seed);
        float[] upstream = random.Values(session.ShapeOf(network.Output).Count);
        double[] x = input.ToArray();
        session.ForwardExact(x);
        session.Backward(ReluRules.Vanilla, default, new Seed(network.Output, upstream));
        double[] gradient = session.GradientExact(network.Input);

        foreach (double[] direction in Directions(x.Length, random))
        {
            double numeric = (Value(session, upstream, x, direction, Step) - Value(session, upstream, x, direction, -Step)) / (2 * Step);
            double exact = gradient.Zip(direction, (g, d) => g * d).Sum();
            double scale = Norm(gradient) * Norm(direction);
            Assert.AreEqual(exact, numeric, Tolerance * Math.Max(scale, 1), $"{network.Name}: directional derivative");
        }
    }

    private static IEnumerable<double[]> Directions(int length, Gaussian random)
    {
        int singles = Math.Min(length, 8);
        for (int i = 0; i < singles; i++)
        {
            var unit = new double[length];
            unit[(long)i * length / singles] = 1;
            yield return unit;
        }

        for (int i = 0; i < 3; i++)
        {
            float[] values = random.Values(length);
            double norm = Math.Sqrt(values.Sum(v => (double)v * v));
            yield return Array.ConvertAll(values, v => v / norm);
        }
    }

    private static double Value(ReferenceSession session, float[] upstream, double[] x, double[] direction, double step)
    {
        session.ForwardExact([.. x.Zip(direction, (a, d) => a + step * d)]);
        return session.ActivationExact(session.Network.Output).Zip(upstream, (y, u) => y * u).Sum();
    }

    private static double Norm(double[] values) => Math.Sqrt(values.Sum(v => v * v));
}
