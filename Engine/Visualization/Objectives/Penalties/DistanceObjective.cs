using Interp.Engine.Common;
using Interp.Engine.Visualization.Objectives.Parsing;

namespace Interp.Engine.Visualization.Objectives.Penalties;

/// <summary>The mean of (x − x₀)² over a picture's values: the square of its L2 distance from a given picture. A penalty: subtract it.</summary>
/// <param name="source">What the given picture is called in the objective's text: its file.</param>
/// <param name="picture">x₀, <c>[3,H,W]</c>, values 0…1.</param>
public sealed class DistanceObjective(string source, float[] picture) : PointwiseObjective
{
    /// <inheritdoc/>
    public override string Name => $"distance({ObjectiveText.Argument(source)})";

    private protected override (double Value, double Slope) Term(Canvas canvas, int index, double x) => x - picture[index] is var d ? (d * d, 2 * d) : default;

    private protected override void Check(Canvas canvas)
    {
        if (picture.Length != canvas.Picture)
        {
            throw new InputException($"objective {Name}: the photo has {picture.Length} values, a picture of {canvas.Height}x{canvas.Width} has {canvas.Picture}; bring it to that size");
        }
    }
}
