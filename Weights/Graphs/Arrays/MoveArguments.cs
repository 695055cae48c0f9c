using System.Collections.Immutable;
using Interp.Engine.Common;

namespace Interp.Weights.Graphs.Arrays;

/// <summary>What a movement reads: the shapes of what is moved, and the constants that say how.</summary>
internal sealed class MoveArguments(
    OperatorNode node, IReadOnlyList<ImmutableArray<int>?> shapes, Func<int, Block<double>?> constant, long limit)
{
    /// <summary>The operator's attributes.</summary>
    internal OperatorAttributes Attributes => node.Attributes;

    /// <summary>Number of the node's inputs.</summary>
    internal int Inputs => shapes.Count;

    /// <summary>Number of the node's outputs.</summary>
    internal int Outputs => node.Outputs.Length;

    /// <summary>Shape of what is moved.</summary>
    internal ImmutableArray<int> Shape => ShapeOf(0);

    /// <summary>Shape of an input that is moved.</summary>
    internal ImmutableArray<int> ShapeOf(int input) => input < shapes.Count && shapes[input] is { } shape ? shape
        : throw new ModelException($"input {input} is missing");

    /// <summary>A result's shape, before anything of its size is made.</summary>
    /// <exception cref="ModelException">It is too large.</exception>
    internal ImmutableArray<int> Checked(ImmutableArray<int> shape)
    {
        Sizes.Require(shape.AsSpan(), limit);
        return shape;
    }

    /// <summary>A constant input, or null where it is left out.</summary>
    internal Block<double>? Optional(int input) => constant(input);

    /// <summary>A constant input that must be there.</summary>
    internal Block<double> Constant(int input) => constant(input) ?? throw new ModelException($"input {input} is missing");

    /// <summary>Whole numbers of an input of one axis (or none), or null where it is left out.</summary>
    internal long[]? OptionalWhole(int input) => constant(input) is { } block ? Whole(block, input) : null;

    /// <summary>Whole numbers of an input of one axis (or none).</summary>
    internal long[] Whole(int input) => Whole(Constant(input), input);

    private static long[] Whole(Block<double> block, int input) => block.Rank > 1
        ? throw new ModelException($"input {input} is of shape {Sizes.Show(block.Shape.AsSpan())}, expected one axis")
        : [.. block.Values.Select(Numbers.Whole)];
}
