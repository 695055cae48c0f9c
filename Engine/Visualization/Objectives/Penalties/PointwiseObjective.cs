using Interp.Engine.Graph;

namespace Interp.Engine.Visualization.Objectives.Penalties;

/// <summary>The mean over all values x of an image, 0…1, of a function of each.</summary>
public abstract class PointwiseObjective : Objective
{
    /// <inheritdoc/>
    public sealed override IEnumerable<Node> Nodes => [];

    /// <inheritdoc/>
    public sealed override Pullback Run(Observation seen)
    {
        Canvas canvas = seen.Canvas;
        Check(canvas);
        var values = new double[canvas.Count];
        for (int i = 0; i < canvas.Length; i++)
        {
            values[i / canvas.Image] += Term(canvas, i % canvas.Image, seen.Images[i]).Value / canvas.Image;
        }

        return new Pullback(values, (gradient, weights) =>
        {
            Span<float> sum = gradient.OfImages();
            for (int i = 0; i < sum.Length; i++)
            {
                sum[i] += (float)(weights[i / canvas.Image] * Term(canvas, i % canvas.Image, seen.Images[i]).Slope / canvas.Image);
            }
        });
    }

    /// <summary>The function and its derivative at the value x with an index in its image.</summary>
    private protected abstract (double Value, double Slope) Term(Canvas canvas, int index, double x);

    /// <summary>Fails if the objective cannot judge such images.</summary>
    private protected virtual void Check(Canvas canvas)
    {
    }
}
