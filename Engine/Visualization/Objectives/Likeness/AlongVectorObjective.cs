using Interp.Engine.Graph;
using Interp.Engine.Tensors;

namespace Interp.Engine.Visualization.Objectives.Likeness;

/// <summary>How like a vector v an activation is: the mean over positions of a function of ⟨a_p,v⟩ and ‖a_p‖², where a_p are the channels
/// at position p.</summary>
/// <param name="node">The layer.</param>
/// <param name="vector">v, one value for each channel.</param>
public abstract class AlongVectorObjective(Node node, float[] vector) : Objective
{
    private readonly double _vectorSquare = vector.Sum(v => (double)v * v);

    /// <inheritdoc/>
    public sealed override IEnumerable<Node> Nodes => [node];

    private protected Node Node => node;

    /// <inheritdoc/>
    public sealed override Pullback Run(Observation seen)
    {
        (Shape shape, float[] values) = seen.Activation(node);
        MapSize size = View(shape);
        (int first, int count) = Positions(shape, size);
        var parts = new Similarity[size.Count][];
        for (int n = 0; n < size.Count; n++)
        {
            parts[n] = Compare(size.Of(values, n), size, first, count);
        }

        return new Pullback([.. parts.Select(p => p.Sum(s => s.Value) / count)], (gradient, weights) =>
        {
            for (int n = 0; n < size.Count; n++)
            {
                AddRow(size.Of(gradient.Of(node), n), size.Of(values, n), size.Plane, first, parts[n], weights[n] / count);
            }
        });
    }

    /// <summary>The function f(⟨a,v⟩, ‖a‖², ‖v‖²).</summary>
    private protected abstract Similarity Compare(double dot, double square, double vectorSquare);

    /// <summary>The activation as channels × positions.</summary>
    private protected virtual MapSize View(Shape shape) => MapSize.Of(shape);

    /// <summary>The positions that count.</summary>
    private protected virtual (int First, int Count) Positions(Shape shape, MapSize size) => (0, size.Plane);

    private Similarity[] Compare(ReadOnlySpan<float> row, MapSize size, int first, int count)
    {
        var dots = new double[count];
        var squares = new double[count];
        for (int c = 0; c < size.Channels; c++)
        {
            ReadOnlySpan<float> map = row.Slice((c * size.Plane) + first, count);
            for (int p = 0; p < count; p++)
            {
                dots[p] += (double)map[p] * vector[c];
                squares[p] += (double)map[p] * map[p];
            }
        }

        return [.. dots.Zip(squares, (dot, square) => Compare(dot, square, _vectorSquare))];
    }

    private void AddRow(Span<float> sum, ReadOnlySpan<float> row, int plane, int first, Similarity[] parts, double weight)
    {
        for (int c = 0; c < vector.Length; c++)
        {
            int start = (c * plane) + first;
            for (int p = 0; p < parts.Length; p++)
            {
                sum[start + p] += (float)(weight * ((parts[p].ByDot * vector[c]) + (2 * parts[p].BySquare * row[start + p])));
            }
        }
    }
}
