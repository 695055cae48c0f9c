namespace Interp.Engine.Visualization.Objectives.Algebra;

/// <summary>
/// An objective of its own for each image of a batch: F_n of image n alone. With <see cref="VisualizationOptions.Alike"/> each image
/// becomes what it would become as the only one, bit for bit, and they share the passes through the network.
/// </summary>
/// <param name="objectives">F_n for each image; none may compare images.</param>
public sealed class EachObjective(IReadOnlyList<Objective> objectives) : Objective
{
    /// <inheritdoc/>
    public override string Name => string.Join(" | ", objectives.Select(o => o.Name));

    /// <inheritdoc/>
    public override IEnumerable<Graph.Node> Nodes => objectives.SelectMany(o => o.Nodes).Distinct();

    internal override Binding Binding => Binding.Sum;

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">There are more or fewer images than objectives.</exception>
    public override Pullback Run(Observation seen)
    {
        if (seen.Canvas.Count != objectives.Count)
        {
            throw new ArgumentException($"{objectives.Count} objectives for {seen.Canvas.Count} images", nameof(seen));
        }

        (Observation Seen, Pullback Run)[] each = [.. objectives.Select((o, n) => Of(seen, n) is var own ? (own, o.Run(own)) : default)];
        return new Pullback([.. each.Select(e => e.Run.Values[0])], (gradient, weights) =>
        {
            for (int n = 0; n < each.Length; n++)
            {
                var own = new ObjectiveGradient(each[n].Seen);
                each[n].Run.Add(own, [weights[n]]);
                foreach ((Graph.Node node, float[] values) in own.Activations)
                {
                    values.CopyTo(gradient.Of(node)[(n * values.Length)..]);
                }

                own.Images?.CopyTo(gradient.OfImages()[(n * seen.Canvas.Image)..]);
            }
        });
    }

    /// <summary>One image and what the network does on it.</summary>
    private static Observation Of(Observation all, int n)
    {
        int image = all.Canvas.Image;
        return new Observation(all.Canvas with { Count = 1 }, all.Images[(n * image)..((n + 1) * image)], node =>
        {
            (Tensors.Shape shape, float[] values) = all.Activation(node);
            int row = values.Length / shape[0];
            return (shape.WithBatch(1), values[(n * row)..((n + 1) * row)]);
        });
    }
}
