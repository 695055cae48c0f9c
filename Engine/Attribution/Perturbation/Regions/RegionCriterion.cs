using System.Globalization;
using Interp.Engine.Backends;
using Interp.Engine.Graph;
using Interp.Engine.Tensors;

namespace Interp.Engine.Attribution.Perturbation.Regions;

/// <summary>What a network says of one image.</summary>
/// <param name="Score">The target's value S.</param>
/// <param name="Lead">z_c − max_{j≠c} z_j of a target that is a class, else NaN.</param>
/// <param name="Probability">p_c, else NaN.</param>
/// <param name="Top">The class with the largest logit, or −1 where there are none.</param>
internal readonly record struct RegionReading(double Score, double Lead, double Probability, int Top)
{
    /// <summary>The readings of a session that has run forward and keeps the target's node.</summary>
    internal static RegionReading[] Of(Target target, Session session)
    {
        double[] scores = target.Scores(session);
        int classes = session.Network.Classes;
        if (classes == 0)
        {
            return [.. scores.Select(s => new RegionReading(s, double.NaN, double.NaN, -1))];
        }

        float[] logits = session.Logits();
        return [.. scores.Select((s, n) => Of(target, s, logits.AsSpan(n * classes, classes), session.Network))];
    }

    /// <summary>Whether the target's node alone says all that a reading holds.</summary>
    internal static bool NeedsTargetOnly(Target target, Network network) =>
        network.Classes == 0 || target.NodeIn(network).Id == network.Output.Id;

    /// <summary>The reading of one image from what the target's node gives, where that is enough.</summary>
    internal static RegionReading Of(Target target, ReadOnlySpan<float> values, Shape shape, Network network)
    {
        double score = target.Scores(values, shape, network.OutputActivation)[0];
        return network.Classes == 0 ? new RegionReading(score, double.NaN, double.NaN, -1) : Of(target, score, values, network);
    }

    private static RegionReading Of(Target target, double score, ReadOnlySpan<float> logits, Network network)
    {
        int top = 0;
        for (int j = 1; j < logits.Length; j++)
        {
            top = logits[j] > logits[top] ? j : top;
        }

        if (target.Class is not { } c)
        {
            return new RegionReading(score, double.NaN, double.NaN, top);
        }

        double rival = double.NegativeInfinity;
        for (int j = 0; j < logits.Length; j++)
        {
            rival = j == c ? rival : Math.Max(rival, logits[j]);
        }

        return new RegionReading(score, logits[c] - rival, network.OutputActivation.Probabilities(logits)[c], top);
    }
}

/// <summary>
/// When a part of the image counts as enough. By itself: the class c is the top one, z_c − max_{j≠c} z_j &gt; 0; against a class a,
/// S &gt; 0; of a unit, or of the only class of a detector, 0.9 of the rise, as with a share. With a share q: p_c ≥ q·p_c(x) for a class
/// among several; else S ≥ S(fill) + q·(S(x) − S(fill)).
/// </summary>
internal sealed class RegionCriterion
{
    private const double ShareOfUnits = 0.9;
    private readonly Func<RegionReading, double> _margin;
    private readonly bool _strict;

    private RegionCriterion(string words, Func<RegionReading, double> margin, bool strict) =>
        (Words, _margin, _strict) = (words, margin, strict);

    /// <summary>The condition in words, for facts.</summary>
    internal string Words { get; }

    /// <summary>The criterion of a target.</summary>
    /// <param name="target">What is explained.</param>
    /// <param name="classes">How many classes the network has.</param>
    /// <param name="share">q, or 0 for the target's own.</param>
    /// <param name="image">What the network says of the image.</param>
    /// <param name="fill">What it says of the fill alone.</param>
    internal static RegionCriterion Of(Target target, int classes, double share, RegionReading image, RegionReading fill)
    {
        bool isClass = target is ClassTarget { Against: null } && classes > 1;
        if (share == 0 && target is ClassTarget c && classes > 1)
        {
            return isClass ? new($"class {c.Id} is the top one", r => r.Lead, strict: true)
                : new($"class {c.Id} stands above class {c.Against}", r => r.Score, strict: true);
        }

        double q = share == 0 ? ShareOfUnits : share;
        string part = q.ToString(CultureInfo.InvariantCulture);
        double least = isClass ? q * image.Probability : fill.Score + (q * (image.Score - fill.Score));
        return isClass ? new($"the probability is at least {part} of the image's", r => r.Probability - least, strict: false)
            : new($"the score keeps {part} of its rise over the fill", r => r.Score - least, strict: false);
    }

    /// <summary>How far a reading is above the criterion; below 0 where it fails.</summary>
    internal double Margin(RegionReading reading) => _margin(reading);

    /// <summary>Whether a reading meets it; none does that is not a number.</summary>
    internal bool Holds(RegionReading reading) => Holds(_margin(reading));

    /// <summary>Whether a margin meets it.</summary>
    internal bool Holds(double margin) => _strict ? margin > 0 : margin >= 0;

    /// <summary>Whether a margin clearly fails it: another class is on top.</summary>
    internal static bool Fails(double margin) => margin < 0;
}
