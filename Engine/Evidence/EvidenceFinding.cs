using System.Collections.Immutable;
using Interp.Engine.Attribution;
using Interp.Engine.Tensors;

namespace Interp.Engine.Evidence;

/// <summary>What one metric found of one map.</summary>
/// <param name="Values">A value for each of the metric's columns; NaN where it is not defined, such as for an empty map.</param>
public sealed record EvidenceFinding(params ImmutableArray<double> Values) : EvidenceStep
{
    /// <summary>The metric.</summary>
    public EvidenceMetric Metric { get; internal init; } = null!;

    /// <summary>What the values were taken from, such as the probability after each step of a deletion, <c>[2,n]</c>: place on the axis,
    /// value.</summary>
    public ImmutableArray<NamedArray> Curves { get; init; } = [];

    /// <summary>The value of one of the metric's columns.</summary>
    public double this[string column] => Values[Metric.Columns.Select(c => c.Name).ToList().IndexOf(column)];

    internal static NamedArray Curve(string name, IReadOnlyList<double> places, IReadOnlyList<double> values) =>
        new(name, new Shape(2, places.Count), [.. places.Concat(values).Select(v => (float)v)]);
}
