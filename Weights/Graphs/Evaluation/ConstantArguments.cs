using System.Collections.Immutable;
using Interp.Engine.Common;
using Interp.Weights.Formats;
using Interp.Weights.Graphs.Arrays;

namespace Interp.Weights.Graphs.Evaluation;

/// <summary>What an operator on constants reads, and how its results are made.</summary>
internal sealed class ConstantArguments(OperatorNode node, GraphConstants constants)
{
    /// <summary>The operator.</summary>
    internal OperatorNode Node => node;

    /// <summary>The operator's attributes.</summary>
    internal OperatorAttributes Attributes => node.Attributes;

    /// <summary>Number of inputs, those left out at the end not counted.</summary>
    internal int Inputs { get; } = node.Inputs.Length - node.Inputs.Reverse().TakeWhile(n => n.Length == 0).Count();

    /// <summary>An input, or null where it is left out.</summary>
    internal GraphTensor? Optional(int input) => input >= node.Inputs.Length || node.Inputs[input].Length == 0 ? null
        : constants.Find(node.Inputs[input]) ?? throw new ModelException($"input {input} is not a constant array");

    /// <summary>An input that must be there.</summary>
    internal GraphTensor Tensor(int input) => Optional(input) ?? throw new ModelException($"input {input} is missing");

    /// <summary>An input that is a list of arrays.</summary>
    internal ImmutableArray<GraphTensor> List(int input) => input < node.Inputs.Length && constants.FindList(node.Inputs[input]) is { } list
        ? list : throw new ModelException($"input {input} is not a constant list of arrays");

    /// <summary>The shape of an input.</summary>
    internal ImmutableArray<int> Shape(int input) => ShapeOf(Tensor(input));

    /// <summary>The shape of a value that may be no constant; null where it is not known.</summary>
    internal ImmutableArray<int>? AnyShape(int input) => constants.ShapeOf(node.Inputs[input]);

    /// <summary>The values of an input.</summary>
    internal Block<double> Block(int input) => Read(Tensor(input));

    /// <summary>The one number of an input.</summary>
    internal double Number(int input) => Tensor(input) is { Count: 1 } tensor ? tensor.Read()[0]
        : throw new ModelException($"input {input} has {Tensor(input).Count} elements, expected one");

    /// <summary>Whole numbers of an input, or null where it is left out.</summary>
    internal long[]? OptionalWhole(int input) => Optional(input) is { } tensor ? [.. tensor.Read().Select(Numbers.Whole)] : null;

    /// <summary>A result of which all values are known; they become numbers of its type.</summary>
    /// <exception cref="ModelException">They cannot.</exception>
    internal static GraphTensor[] Result(ElementType type, ImmutableArray<int> shape, double[] values)
    {
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = Numbers.Fit(type, values[i]);
        }

        return Chosen(type, shape, values);
    }

    /// <summary>A result whose values are all numbers of its type: those of an input.</summary>
    internal static GraphTensor[] Chosen(ElementType type, ImmutableArray<int> shape, double[] values) =>
        [new HeldTensor(type, [.. shape.Select(s => (long)s)], values)];

    /// <summary>A result's shape, before anything of its size is made: larger than 2^23 elements are only weights, which are of the size
    /// of what they are made of.</summary>
    /// <exception cref="ModelException">It is too large.</exception>
    internal static ImmutableArray<int> Checked(ImmutableArray<int> shape, params ReadOnlySpan<GraphTensor?> sources)
    {
        Sizes.Require(shape.AsSpan(), Limit(sources));
        return shape;
    }

    /// <summary>The most elements of what is made of some arrays.</summary>
    internal static long Limit(params ReadOnlySpan<GraphTensor?> sources)
    {
        long together = 0;
        foreach (GraphTensor? source in sources)
        {
            together = Math.Min(GraphTensor.MaxElements, together + (source?.Count ?? 0));
        }

        return Math.Max(GraphConstants.MaxElements, together);
    }

    /// <summary>The shape of a constant.</summary>
    internal static ImmutableArray<int> ShapeOf(GraphTensor tensor) => [.. tensor.Shape.Select(Sizes.Size)];

    /// <summary>All of a constant.</summary>
    internal static Block<double> Read(GraphTensor tensor) => new(ShapeOf(tensor), tensor.Read());
}
