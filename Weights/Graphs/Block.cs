using System.Collections.Immutable;

namespace Interp.Weights.Graphs;

/// <summary>A small dense array of any rank, in row-major order: constants as numbers, values as the places where their elements
/// lie.</summary>
/// <param name="Shape">Its sizes, outermost first; empty for one element.</param>
/// <param name="Values">Its elements.</param>
internal sealed record Block<T>(ImmutableArray<int> Shape, T[] Values)
{
    /// <summary>Number of axes.</summary>
    internal int Rank => Shape.Length;
}
