namespace Interp.Engine.Influence.Methods;

/// <summary>
/// δ_i = α_i,y h̃_i·h̃_t with α_i = −(1/nλ)(p_i − e_{y_i}): the part that image i has in the logit of the class asked about. At the optimum
/// Σ_i δ_i is that logit, exactly (C.-K. Yeh, J. Kim, I. Yen, P. Ravikumar, "Representer point selection for explaining deep neural
/// networks", NeurIPS 2018, theorem 3.1, whose penalty is λ‖W‖²).
/// </summary>
internal sealed class Representer() : InfluenceMethod(
    "representer", "the image's part in the logit; the parts of all add up to it", "Yeh et al. 2018, theorem 3.1")
{
    private protected override InfluenceScores Compute(
        InfluenceProblem problem, TestBatch tests, Action<InfluenceProgress>? progress, CancellationToken cancel)
    {
        double factor = -1 / (problem.Count * problem.L2);
        double[][] products = tests.Products();
        return new InfluenceScores([.. products.Select((row, t) => row.Select(
            (p, i) => factor * problem.Residuals[(i * problem.Train.Classes) + tests.Tests[t].Label] * p).ToArray())]);
    }
}
