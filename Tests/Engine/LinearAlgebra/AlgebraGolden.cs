using Interp.Tests.Engine.Statistics;

namespace Interp.Tests.Engine.LinearAlgebra;

/// <summary>Numbers of SciPy, written by scripts/make_statistics_goldens.py.</summary>
internal sealed record AlgebraGolden(
    double[] Symmetric, double[] Eigenvalues, double[] Right, double[] Solution, double Ridge, double[] Basis, double[] Target,
    double[] NonNegative, double[] Costs, int[] Assignment, double Cost, double[] Wide, double[] Singular)
{
    private static readonly Lazy<AlgebraGolden> Read = new(() => StatisticsGolden.Parse<AlgebraGolden>("algebra"));

    internal static AlgebraGolden Value => Read.Value;
}
