using Interp.Engine.Common;
using Interp.Engine.Visualization.Objectives.Parsing;

namespace Interp.Engine.Visualization.Objectives.Penalties;

/// <summary>The mean of (x − x₀)² over an image's values: the square of its L2 distance from a given image. A penalty: subtract
/// it.</summary>
/// <param name="source">What the given image is called in the objective's text: its file.</param>
/// <param name="image">x₀, <c>[3,H,W]</c>, values 0…1.</param>
public sealed class DistanceObjective(string source, float[] image) : PointwiseObjective
{
    /// <inheritdoc/>
    public override string Name => $"distance({ObjectiveText.Argument(source)})";

    private protected override (double Value, double Slope) Term(Canvas canvas, int index, double x) =>
        x - image[index] is var d ? (d * d, 2 * d) : default;

    private protected override void Check(Canvas canvas)
    {
        if (image.Length != canvas.Image)
        {
            throw new InputException(
                $"objective {Name}: the photo has {image.Length} values, an image of {canvas.Height}x{canvas.Width} has {canvas.Image}; "
                + "bring it to that size");
        }
    }
}
