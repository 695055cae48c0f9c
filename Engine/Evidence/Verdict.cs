using Interp.Engine.Evidence.Baselines;
using Interp.Engine.Evidence.Metrics;

namespace Interp.Engine.Evidence;

/// <summary>Something that is wrong with a map, in words.</summary>
/// <param name="Name">Its short name for tables and files: <c>class-blind</c>.</param>
/// <param name="Text">One sentence with the number that it rests on.</param>
public sealed record Verdict(string Name, string Text)
{
    /// <summary>
    /// Rank correlation with another class's map from which on a map is said not to depend on the class: nine tenths of the order of the
    /// pixels would be the
    /// same for an answer that has nothing to do with the image.
    /// </summary>
    public const double SameForAnyClass = 0.9;

    /// <summary>
    /// Rank correlation with the map of a random network from which on a map is said not to depend on the weights: at 0.5 a quarter of the
    /// variance of the
    /// ranks is the image's alone. Maps that say nothing reach 0 ± 0.005 at 224×224.
    /// </summary>
    public const double SameForAnyWeights = 0.5;

    /// <summary>The names of all verdicts.</summary>
    public static IReadOnlyList<string> Names => ["empty", "class-blind", "weight-blind", "harmless", "no-better-than-edges"];

    internal static IEnumerable<Verdict> Of(IReadOnlyList<EvidenceFinding> findings, EvidenceRequest request, Func<double> randomDeletion,
        Func<double> edgeDeletion)
    {
        if (request.Plane.All(v => v == request.Plane[0]))
        {
            yield return new("empty", "this map is the same everywhere: it says nothing");
            yield break;
        }

        if (Value<RandomLogit>(findings) is { } logit && logit >= SameForAnyClass)
        {
            yield return new("class-blind",
                $"this map does not depend on the class: that of another class has rank correlation {logit:0.00} with it");
        }

        if (Value<WeightRandomization>(findings) is { } weights && weights >= SameForAnyWeights)
        {
            yield return new("weight-blind",
                $"this map does not depend on the model's weights: with random ones, its rank correlation stays {weights:0.00}");
        }

        if (BaselineMaps.All.Contains(request.Map.Method)
            || findings.FirstOrDefault(f => f.Metric == PixelCurve.Deletion)?.Values[0] is not { } deletion)
        {
            yield break;
        }

        (double random, double edges) = (randomDeletion(), edgeDeletion());
        if (deletion >= random)
        {
            yield return new("harmless",
                $"deleting what this map marks does no more harm than deleting blocks at random: area {deletion:0.000} against "
                + $"{random:0.000}");
        }
        else if (deletion >= edges)
        {
            yield return new("no-better-than-edges",
                $"deleting what this map marks does no more harm than deleting edges: area {deletion:0.000} against {edges:0.000}");
        }
    }

    private static double? Value<T>(IReadOnlyList<EvidenceFinding> findings) where T : EvidenceMetric =>
        findings.FirstOrDefault(f => f.Metric is T)?.Values[0];
}
