using Interp.Engine.Backends;
using Interp.Engine.Imaging;

namespace Interp.Engine.Visualization;

/// <summary>One step of an optimisation, as seen before the parameters change.</summary>
/// <param name="Index">Which step, from 0.</param>
/// <param name="Objective">The objective of each image, under the step's random transforms.</param>
/// <param name="Probability">The followed class's probability on each image, or the top class's, under the same transforms; NaN of a
/// network without classes.</param>
public sealed record CurvePoint(int Index, double[] Objective, double[] Probability);

/// <summary>Why an optimisation ended.</summary>
public enum StopReason
{
    /// <summary>All steps were done.</summary>
    Steps,

    /// <summary>The wanted probability was reached.</summary>
    Probability,

    /// <summary>The objective no longer grew.</summary>
    Patience,

    /// <summary>It was cancelled; the images are those reached so far.</summary>
    Cancelled,
}

/// <summary>What an optimisation gave.</summary>
/// <param name="Canvas">The images' size.</param>
/// <param name="Images"><c>[N,C,H,W]</c>, values 0…1.</param>
/// <param name="Curve">Every step that was done.</param>
/// <param name="Stopped">Why it ended.</param>
/// <param name="Start">The images at the start, at their full size.</param>
/// <param name="Work">Passes through the network.</param>
public sealed record VisualizationResult(Canvas Canvas, float[] Images, IReadOnlyList<CurvePoint> Curve, StopReason Stopped, float[] Start,
    Work Work)
{
    /// <summary>One image of several, as if it had been optimised alone; the work is that of all.</summary>
    public VisualizationResult Only(int index)
    {
        Range own = (index * Canvas.Image)..((index + 1) * Canvas.Image);
        return new(
            Canvas with { Count = 1 },
            Images[own],
            [.. Curve.Select(p => new CurvePoint(p.Index, [p.Objective[index]], [p.Probability[index]]))],
            Stopped,
            Start[own],
            Work);
    }

    /// <summary>An image in 8 bits.</summary>
    public RgbImage Image(int index) => ImageBytes.Of(Canvas, Images, index);
}
