using Interp.Engine.Models;
using Interp.Engine.Statistics;

namespace Interp.Engine.Training;

/// <summary>How well a head does on images that it was not trained on.</summary>
/// <param name="Top1">Images whose class has the largest logit.</param>
/// <param name="Top5">Images whose class is among the five largest.</param>
/// <param name="Loss">Mean of −log softmax(z)[y].</param>
/// <param name="Chance1">The share that is right if the commonest class is always answered, without a look at the image.</param>
/// <param name="Chance5">The same with the five commonest.</param>
public sealed record HeadAccuracy(Proportion Top1, Proportion Top5, double Loss, double Chance1, double Chance5)
{
    private const int Best = 5;

    /// <summary>Measures a head. Of equal logits the class with the smaller id counts as the larger.</summary>
    public static HeadAccuracy Of(SoftmaxHead head, LabelledFeatures data)
    {
        int top1 = 0, top5 = 0;
        double loss = 0;
        var counts = new int[data.Classes];
        for (int i = 0; i < data.Count; i++)
        {
            double[] z = head.Logits(data.Row(i));
            int label = data.Labels[i], before = 0;
            double own = z[label];
            counts[label]++;
            for (int c = 0; c < z.Length; c++)
            {
                before += z[c] > own || (z[c] == own && c < label) ? 1 : 0;
            }

            (double largest, double sum) = SoftmaxOutput.Normalise(z);
            loss += Math.Log(sum) + largest - own;
            top1 += before == 0 ? 1 : 0;
            top5 += before < Best ? 1 : 0;
        }

        Array.Sort(counts, (a, b) => b.CompareTo(a));
        return new HeadAccuracy(new Proportion(top1, data.Count), new Proportion(top5, data.Count), loss / data.Count,
            (double)counts[0] / data.Count, (double)counts.Take(Best).Sum() / data.Count);
    }
}
