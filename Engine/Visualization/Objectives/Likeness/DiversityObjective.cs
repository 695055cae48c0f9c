using Interp.Engine.Graph;
using Interp.Engine.Visualization.Objectives.Parsing;

namespace Interp.Engine.Visualization.Objectives.Likeness;

/// <summary>
/// Images that differ from one another: F_n = −(1/(N−1)) Σ_m≠n cos(G_n, G_m), the mean cosine between an image's Gram matrix and those of
/// the others;
/// from −1, all the same in style, to 0; 0 for a single image. lucid's <c>diversity</c> is the sum −Σ_n F_n·(N−1)/N, a penalty to subtract.
/// </summary>
/// <param name="node">The layer.</param>
public sealed class DiversityObjective(Node node) : Objective
{
    /// <inheritdoc/>
    public override string Name => $"diversity({ObjectiveText.Layer(node)})";

    /// <inheritdoc/>
    public override IEnumerable<Node> Nodes => [node];

    /// <inheritdoc/>
    public override Pullback Run(Observation seen)
    {
        (Tensors.Shape shape, float[] values) = seen.Activation(node);
        var size = MapSize.Of(shape);
        if (size.Count == 1)
        {
            return new Pullback(new double[1], (_, _) => { });
        }

        var units = new double[size.Count][];
        var norms = new double[size.Count];
        for (int n = 0; n < size.Count; n++)
        {
            double[] gram = Gram.Of(size.Of(values, n), size);
            double norm = norms[n] = Math.Sqrt(Gram.Dot(gram, gram));
            units[n] = Array.ConvertAll(gram, g => norm > 0 ? g / norm : 0);
        }

        double[][] cosines = [.. units.Select(a => units.Select(b => Gram.Dot(a, b)).ToArray())];
        double[] means = [.. cosines.Select((row, n) => -(row.Sum() - row[n]) / (size.Count - 1))];
        return new Pullback(means, (gradient, weights) =>
        {
            for (int n = 0; n < size.Count; n++)
            {
                if (norms[n] > 0)
                {
                    Gram.AddGradient(size.Of(gradient.Of(node), n), size.Of(values, n), size,
                        Slope(n, units, cosines[n], norms[n], weights));
                }
            }
        });
    }

    /// <summary>∂(Σ_m w_m·F_m)/∂G_n: each pair n, m enters F_n and F_m; ∂cos(G_n, G_m)/∂G_n = (Û_m − cos·Û_n)/‖G_n‖ with matrices Û of norm
    /// 1.</summary>
    private static double[] Slope(int n, double[][] units, double[] cosines, double norm, double[] weights)
    {
        var slope = new double[units[n].Length];
        for (int m = 0; m < units.Length; m++)
        {
            if (m != n)
            {
                double factor = -(weights[n] + weights[m]) / (units.Length - 1) / norm;
                for (int i = 0; i < slope.Length; i++)
                {
                    slope[i] += factor * (units[m][i] - (cosines[m] * units[n][i]));
                }
            }
        }

        return slope;
    }
}
