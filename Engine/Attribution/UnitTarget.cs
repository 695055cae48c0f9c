using System.Globalization;
using Interp.Engine.Common;
using Interp.Engine.Graph;
using Interp.Engine.Models;
using Interp.Engine.Tensors;

namespace Interp.Engine.Attribution;

/// <summary>
/// A unit of any layer: a channel's mean over its map, (1/HW) Σ_ij a_kij, or one neuron, a_kyx; in a layer without a map, such as
/// <c>classifier.3</c>, the value of that index.
/// </summary>
/// <param name="Layer">The layer's node.</param>
/// <param name="Channel">The channel k, 0-based.</param>
/// <param name="Position">The neuron's row y and column x, or null for the whole channel.</param>
public sealed record UnitTarget(Node Layer, int Channel, (int Y, int X)? Position = null) : Target
{
    /// <inheritdoc/>
    public override string Quantity => Position is null ? "channel" : "neuron";

    /// <inheritdoc/>
    public override string Description =>
        Position is { } p ? $"neuron {Layer.Name}:{Channel},{p.Y},{p.X}" : $"channel {Layer.Name}:{Channel}";

    /// <summary>The unit that a text names: <c>LAYER:CHANNEL</c> or <c>LAYER:CHANNEL,Y,X</c>.</summary>
    /// <exception cref="InputException">The text has another form, or the model has no such unit at its own input size.</exception>
    public static UnitTarget Parse(string text, Network network)
    {
        int colon = text.LastIndexOf(':');
        string[] parts = text[(colon + 1)..].Split(',');
        int[] numbers = [.. parts.Select(p => int.TryParse(p, NumberStyles.None, CultureInfo.InvariantCulture, out int n) ? n : -1)];
        if (colon < 1 || numbers.Length is not (1 or 3) || numbers.Contains(-1))
        {
            throw new InputException(
                $"unit '{text}': expected LAYER:CHANNEL or LAYER:CHANNEL,Y,X, such as features.28:264 or features.28:264,7,7");
        }

        Node layer = network.Find(text[..colon]);
        Shape shape = network.OwnShapes[layer.Id];
        var unit = new UnitTarget(layer, numbers[0], numbers.Length == 3 ? (numbers[1], numbers[2]) : null);
        return unit.Fits(shape) ? unit
            : throw new InputException(
            $"unit '{text}': layer {layer.Name} gives {shape}, expected a channel below {shape[1]} and a place inside its map");
    }

    /// <inheritdoc/>
    public override Node NodeIn(Network network) => Layer;

    /// <inheritdoc/>
    public override double[] Scores(ReadOnlySpan<float> activation, Shape shape, OutputActivation output) => Scores(activation, shape);

    /// <inheritdoc/>
    public override float[] Gradient(ReadOnlySpan<float> activation, Shape shape, OutputActivation output) => Gradient(activation, shape);

    /// <inheritdoc cref="Target.Scores(ReadOnlySpan{float}, Shape, OutputActivation)"/>
    public double[] Scores(ReadOnlySpan<float> activation, Shape shape)
    {
        (int plane, int row) = Sizes(shape);
        var scores = new double[shape[0]];
        for (int n = 0; n < scores.Length; n++)
        {
            ReadOnlySpan<float> map = activation.Slice((n * row) + (Channel * plane), plane);
            double sum = 0;
            foreach (float a in map)
            {
                sum += a;
            }

            scores[n] = Position is { } p ? map[(p.Y * shape[3]) + p.X] : sum / plane;
        }

        return scores;
    }

    /// <inheritdoc cref="Target.Gradient(ReadOnlySpan{float}, Shape, OutputActivation)"/>
    public float[] Gradient(ReadOnlySpan<float> activation, Shape shape)
    {
        (int plane, int row) = Sizes(shape);
        var gradient = new float[activation.Length];
        for (int n = 0; n < shape[0]; n++)
        {
            Span<float> map = gradient.AsSpan((n * row) + (Channel * plane), plane);
            if (Position is { } p)
            {
                map[(p.Y * shape[3]) + p.X] = 1;
            }
            else
            {
                map.Fill(1f / plane);
            }
        }

        return gradient;
    }

    private bool Fits(Shape shape) => Channel >= 0 && Channel < shape[1]
        && (Position is not { } p || (shape.Rank == 4 && p.Y >= 0 && p.Y < shape[2] && p.X >= 0 && p.X < shape[3]));

    private (int Plane, int Row) Sizes(Shape shape) => Fits(shape)
        ? (shape.Rank == 4 ? shape[2] * shape[3] : 1, (int)(shape.Count / shape[0]))
        : throw new InputException($"{Description}: for this image the layer gives {shape}; name a unit inside it");
}
