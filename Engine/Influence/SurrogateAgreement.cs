using Interp.Engine.Models;
using Interp.Engine.Statistics;

namespace Interp.Engine.Influence;

/// <summary>How well the head speaks for the network whose features it reads.</summary>
/// <param name="Top1">Images on which both say the same class.</param>
/// <param name="Divergence">Mean of Σ_c q_c log(q_c / p_c) with the network's q and the head's p, in nats; 0 where they are equal.</param>
/// <param name="ChanceTop1">What <paramref name="Top1"/> would be by chance: Σ_c of the shares of the images for which the network and the
/// head say c.</param>
public sealed record SurrogateAgreement(Proportion Top1, double Divergence, double ChanceTop1)
{
    /// <summary>Compares them on some images that the head was not trained on.</summary>
    /// <param name="problem">The head.</param>
    /// <param name="features">The images' features.</param>
    /// <param name="network">The network's probabilities of the same images for the head's classes, in the head's order; they are divided
    /// by their sum.</param>
    /// <exception cref="ArgumentException">The counts do not fit, or there are no images.</exception>
    public static SurrogateAgreement Of(
        InfluenceProblem problem, IReadOnlyList<float[]> features, IReadOnlyList<IReadOnlyList<double>> network)
    {
        int classes = problem.Train.Classes;
        if (features.Count == 0 || features.Count != network.Count || network.Any(q => q.Count != classes))
        {
            throw new ArgumentException(
                $"{features.Count} images and {network.Count} probabilities, expected as many, each of {classes} classes", nameof(network));
        }

        int same = 0;
        double divergence = 0;
        int[] ofHead = new int[classes], ofNetwork = new int[classes];
        for (int i = 0; i < features.Count; i++)
        {
            double[] z = problem.Head.Logits(features[i]);
            int head = Array.IndexOf(z, z.Max()), own = IndexOfLargest(network[i]);
            (double largest, double sum) = SoftmaxOutput.Normalise([.. z]);
            double all = network[i].Sum();
            for (int c = 0; c < classes; c++)
            {
                double q = network[i][c] / all;
                divergence += q > 0 ? q * (Math.Log(q) - (z[c] - largest - Math.Log(sum))) : 0;
            }

            same += head == own ? 1 : 0;
            ofHead[head]++;
            ofNetwork[own]++;
        }

        double n = features.Count;
        return new SurrogateAgreement(
            new Proportion(same, features.Count), divergence / n, ofHead.Zip(ofNetwork, (a, b) => a / n * (b / n)).Sum());
    }

    private static int IndexOfLargest(IReadOnlyList<double> values) =>
        Enumerable.Range(0, values.Count).Aggregate(0, (best, c) => values[c] > values[best] ? c : best);
}
