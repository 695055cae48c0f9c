using Interp.Engine.Functions;
using Interp.Engine.Graph;
using Interp.Engine.Layers;

namespace Interp.Weights.Lowering.Elementwise;

/// <summary>
/// Which activation function an elementwise expression is: the one that has the same values. So it does not matter in which of its many
/// forms a file writes it: x·σ(x), x·clip(x + 3, 0, 6)/6, ½x·(1 + erf(x/√2)).
/// </summary>
internal static class KnownFunctions
{
    /// <summary>Files hold constants as float32 (√2, 1/6): 2^-24 each, several times in a formula.</summary>
    private const double Relative = 1e-6;

    /// <summary>Where a function is nearly 0, its relative error is larger: of x·Φ(x) at −6, 20 times.</summary>
    private const double Absolute = 2e-7;

    private static readonly double[] Points = [.. Sample()];

    /// <summary>The layer that computes it (<see cref="Identity"/> for x itself), or null where none does.</summary>
    internal static Layer? Find(Func<double, double> function)
    {
        double[] values = Array.ConvertAll(Points, x => function(x));
        if (IsSame(values, x => x))
        {
            return new Identity();
        }

        if (IsSame(values, x => Math.Max(x, 0)))
        {
            return new ReLU();
        }

        ActivationFunction? known = ActivationFunctions.All.Concat(FunctionParameters.Candidates(function))
            .FirstOrDefault(f => IsSame(values, x => f.At(x).Value));
        return known is null ? null : Activation.Of(known);
    }

    private static bool IsSame(double[] values, Func<double, double> known)
    {
        for (int i = 0; i < values.Length; i++)
        {
            double expected = known(Points[i]), found = values[i];
            double bound = Relative * Math.Max(Math.Abs(expected), Math.Abs(found)) + Absolute * Math.Min(1, Math.Abs(Points[i]));
            if (!(Math.Abs(found - expected) <= bound))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>From −20 to 20 by 1/64 and a little, and further out by factors.</summary>
    private static IEnumerable<double> Sample()
    {
        for (int i = -1280; i <= 1280; i++)
        {
            yield return i / 64.0 + 1e-3;
        }

        for (double x = 32; x < 1e30; x *= 8)
        {
            yield return x;
            yield return -x;
        }
    }
}
