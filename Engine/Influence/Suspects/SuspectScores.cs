using Interp.Engine.Common;

namespace Interp.Engine.Influence.Suspects;

/// <summary>All ways to rank suspects.</summary>
public static class SuspectScores
{
    /// <summary>All by name.</summary>
    public static Catalog<SuspectScore> All { get; } = new(
        "suspect score",
        s => s.Name,
        new SelfInfluenceScore(),
        new KroneckerSelfInfluence(),
        new LossScore(),
        new HeldOutLoss(),
        new MarginScore(),
        new NeighbourDisagreement(),
        new RandomSuspects());
}
