using System.Globalization;
using Interp.Engine.Functions;

namespace Interp.Tests.Support;

/// <summary>The activation functions: each with its usual parameters, and some with others.</summary>
internal static class FunctionCases
{
    private static readonly ActivationFunction[] s_others =
    [
        ActivationFunctions.LeakyReLU.With(0.3), ActivationFunctions.LeakyReLU.With(0), ActivationFunctions.LeakyReLU.With(-0.5),
        ActivationFunctions.Threshold.With(0.5, 0.1, 2), ActivationFunctions.Threshold.With(0, 0, 2),
        ActivationFunctions.Threshold.With(-1, 0.25, float.MaxValue), ActivationFunctions.Hardtanh.With(0, 1),
        ActivationFunctions.Hardtanh.With(-2, 0.5), ActivationFunctions.ELU.With(2), ActivationFunctions.CELU.With(0.5),
        ActivationFunctions.Softplus.With(2), ActivationFunctions.Hardsigmoid.With(0.2, 0.5),
        ActivationFunctions.Hardsigmoid.With(-0.25, 0.25),
    ];

    private static readonly Dictionary<string, ActivationFunction> s_all =
        ActivationFunctions.All.Concat(s_others).ToDictionary(Label);

    /// <summary>All by label.</summary>
    public static IReadOnlyDictionary<string, ActivationFunction> All => s_all;

    /// <summary>Those with other parameters.</summary>
    public static IReadOnlyList<ActivationFunction> Others => s_others;

    /// <summary>The name, and the values that are not the usual ones: <c>leaky_relu(0.3)</c>.</summary>
    public static string Label(ActivationFunction f) => f.Values.SequenceEqual(f.Parameters.Select(p => p.Default)) ? f.Name
        : $"{f.Name}({string.Join(", ", f.Values.Select(v => v.ToString("G4", CultureInfo.InvariantCulture)))})";
}
