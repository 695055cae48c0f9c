namespace Interp.Engine.Influence;

/// <summary>The numbers of the random sequences, each with room for 2³² of its kind.</summary>
internal static class InfluenceStreams
{
    internal const ulong RandomScores = 1UL << 32, HalfSets = 2UL << 32, Projections = 3UL << 32, Subsets = 4UL << 32,
        RandomRemovals = 5UL << 32, Flips = 6UL << 32, Bootstrap = 7UL << 32, RandomSuspects = 8UL << 32, Parts = 9UL << 32;
}
