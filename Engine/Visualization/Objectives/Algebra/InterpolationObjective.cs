using Interp.Engine.Graph;

namespace Interp.Engine.Visualization.Objectives.Algebra;

/// <summary>
/// From one objective to another across the batch: F_n = (1 − t_n)·A_n + t_n·B_n with t_n = n/(N−1); a single image gets A. lucid's
/// <c>channel_interpolate</c>, for any two objectives.
/// </summary>
/// <param name="from">A.</param>
/// <param name="to">B.</param>
internal sealed class InterpolationObjective(Objective from, Objective to) : Objective
{
    /// <inheritdoc/>
    public override string Name => $"interpolate({from}, {to})";

    /// <inheritdoc/>
    public override IEnumerable<Node> Nodes => from.Nodes.Union(to.Nodes);

    /// <inheritdoc/>
    public override Pullback Run(Observation seen)
    {
        Pullback a = from.Run(seen), b = to.Run(seen);
        double[] t = [.. Enumerable.Range(0, a.Values.Length).Select(n => n / Math.Max(1.0, a.Values.Length - 1))];
        return new Pullback([.. t.Select((s, n) => ((1 - s) * a.Values[n]) + (s * b.Values[n]))], (gradient, weights) =>
        {
            a.Add(gradient, [.. weights.Zip(t, (w, s) => (1 - s) * w)]);
            b.Add(gradient, [.. weights.Zip(t, (w, s) => s * w)]);
        });
    }
}
