using System.Collections.Immutable;
using Interp.Engine.Common;

namespace Interp.Weights.Graphs.Arrays;

/// <summary>
/// The operators that compute nothing: they move, repeat and choose elements. The same code moves the numbers of a constant and the
/// places of a value's elements, so that whatever a graph does with the layout of a value is known by evaluating it on an array of
/// places. Resize is one where its mode is nearest, and Where where its condition is constant.
/// </summary>
internal static class Movements
{
    /// <summary>The most elements of a result: 2^26.</summary>
    internal const long MaxElements = 1L << 26;

    private static readonly Dictionary<string, Func<MoveArguments, Placement[]>> Table = new(StringComparer.Ordinal)
    {
        ["Identity"] = ShapeMoves.Identity,
        ["Reshape"] = ShapeMoves.Reshape,
        ["Flatten"] = ShapeMoves.Flatten,
        ["Squeeze"] = ShapeMoves.Squeeze,
        ["Unsqueeze"] = ShapeMoves.Unsqueeze,
        ["Transpose"] = ShapeMoves.Transpose,
        ["DepthToSpace"] = ShapeMoves.DepthToSpace,
        ["SpaceToDepth"] = ShapeMoves.SpaceToDepth,
        ["Slice"] = PartMoves.Slice,
        ["Split"] = PartMoves.Split,
        ["SplitToSequence"] = PartMoves.SplitToSequence,
        ["Concat"] = PartMoves.Concat,
        ["Compress"] = PartMoves.Compress,
        ["Gather"] = GatherMoves.Gather,
        ["GatherElements"] = GatherMoves.GatherElements,
        ["GatherND"] = GatherMoves.GatherNd,
        ["Where"] = ChoiceMoves.Where,
        ["Trilu"] = ChoiceMoves.Trilu,
        ["Expand"] = RepeatMoves.Expand,
        ["Tile"] = RepeatMoves.Tile,
        ["Pad"] = RepeatMoves.Pad,
        ["Resize"] = ResizeMoves.Resize,
    };

    /// <summary>The movements.</summary>
    internal static IEnumerable<string> Names => Table.Keys;

    /// <summary>Whether an operator is a movement.</summary>
    internal static bool Moves(string op) => Table.ContainsKey(op);

    /// <summary>Whether an input of a movement is an array whose elements are moved; all others say how, and must be constant.</summary>
    internal static bool IsMoved(string op, int input) => op switch
    {
        "Concat" => true,
        "Where" => input is 1 or 2,
        _ => input == 0,
    };

    /// <summary>Evaluates a movement; one result for each of the node's outputs, or, of SplitToSequence, for each array of its list.
    /// </summary>
    /// <param name="node">The operator; an attribute that it does not know is refused.</param>
    /// <param name="data">Its inputs in the node's order; those that are not moved (<see cref="IsMoved"/>) are not looked at.</param>
    /// <param name="constant">The value of an input that is not moved, or null where the node leaves it out.</param>
    /// <param name="fill">What stands where no element comes to: Pad in mode constant, and zero in Trilu.</param>
    /// <exception cref="ModelException">It cannot be evaluated; the message begins with <see cref="OperatorNode.Where"/>.</exception>
    internal static Block<T>[] Apply<T>(OperatorNode node, IReadOnlyList<Block<T>?> data, Func<int, Block<double>?> constant, T fill)
    {
        Placement[] plan = Plan(node, [.. data.Select(b => b?.Shape)], constant, MaxElements);
        return [.. plan.Select(p => new Block<T>(p.Shape, p.Apply([.. data.Select(b => b?.Values)], fill)))];
    }

    /// <summary>Where the elements of each of a movement's results come from, which depends on nothing but the shapes of what is
    /// moved.</summary>
    /// <param name="node">The operator; an attribute that it does not know is refused.</param>
    /// <param name="shapes">Shapes of the node's inputs; those that are not moved are not looked at.</param>
    /// <param name="constant">The value of an input that is not moved, or null where the node leaves it out.</param>
    /// <param name="limit">The most elements of a result.</param>
    /// <inheritdoc cref="Apply"/>
    internal static Placement[] Plan(
        OperatorNode node, IReadOnlyList<ImmutableArray<int>?> shapes, Func<int, Block<double>?> constant, long limit)
    {
        try
        {
            Placement[] plan = Table[node.Operator](new MoveArguments(node, shapes, constant, limit));
            node.Attributes.RequireAllRead();
            foreach (Placement placement in plan)
            {
                Sizes.Require(placement.Shape.AsSpan(), limit);
            }

            return plan;
        }
        catch (ModelException e) when (!e.Message.StartsWith(node.Where, StringComparison.Ordinal))
        {
            throw new ModelException($"{node.Where}: {e.Message}", e);
        }
    }
}
