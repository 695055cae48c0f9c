using Interp.Engine.Graph;

namespace Interp.Engine.Visualization.Objectives.Penalties;

/// <summary>
/// Total variation: (1/3HW) Σ |x_i,j+1 − x_ij| + |x_i+1,j − x_ij| over colours and neighbours, the anisotropic form of L. Rudin, S. Osher,
/// E. Fatemi,
/// Physica D 60 (1992), per value. A penalty: subtract it. lucid's <c>total_variation</c> is the sum, 3HW times as much.
/// </summary>
public sealed class TotalVariationObjective : Objective
{
    /// <inheritdoc/>
    public override string Name => "tv";

    /// <inheritdoc/>
    public override IEnumerable<Node> Nodes => [];

    /// <inheritdoc/>
    public override Pullback Run(Observation seen)
    {
        Canvas canvas = seen.Canvas;
        var values = new double[canvas.Count];
        float[] x = seen.Images;
        ForEachPair(canvas, (i, j) => values[i / canvas.Image] += Math.Abs((double)x[j] - x[i]) / canvas.Image);
        return new Pullback(values, (gradient, weights) =>
        {
            var slopes = new double[x.Length];
            ForEachPair(canvas, (i, j) =>
            {
                int sign = x[j] > x[i] ? 1 : x[j] < x[i] ? -1 : 0;
                slopes[j] += sign;
                slopes[i] -= sign;
            });
            Span<float> sum = gradient.OfImages();
            for (int i = 0; i < sum.Length; i++)
            {
                sum[i] += (float)(weights[i / canvas.Image] * slopes[i] / canvas.Image);
            }
        });
    }

    /// <summary>Visits the indices of every value and its neighbour to the right and below.</summary>
    private static void ForEachPair(Canvas canvas, Action<int, int> visit)
    {
        for (int i = 0; i < canvas.Length; i++)
        {
            if (i % canvas.Width < canvas.Width - 1)
            {
                visit(i, i + 1);
            }

            if (i % canvas.Plane < canvas.Plane - canvas.Width)
            {
                visit(i, i + canvas.Width);
            }
        }
    }
}
