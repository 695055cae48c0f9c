using System.Collections.Immutable;
using Interp.Engine.Common;
using Interp.Engine.Graph;
using Interp.Engine.Tensors;
using Interp.Weights.Graphs;
using Interp.Weights.Lowering.Emission;
using Interp.Weights.Lowering.Values;
using Interp.Weights.Plans;

namespace Interp.Weights.Lowering;

/// <summary>An operator that is being lowered: what it reads, and how its results are made.</summary>
internal sealed class OperatorCall(GraphLowering lowering, OperatorNode node, int order)
{
    /// <summary>The operator.</summary>
    internal OperatorNode Node => node;

    /// <summary>Its attributes.</summary>
    internal OperatorAttributes Attributes => node.Attributes;

    /// <summary>The lowering that it belongs to.</summary>
    internal GraphLowering Lowering => lowering;

    /// <summary>Number of images that values are evaluated for.</summary>
    internal int Batch => lowering.Batch;

    /// <summary>Its place in the graph.</summary>
    internal Site Site { get; } = new(node, order);

    /// <summary>How many read its first result.</summary>
    internal int Readers => lowering.Readers(node.Outputs[0]);

    /// <summary>Whether an input is there.</summary>
    internal bool Has(int input) => input < node.Inputs.Length && node.Inputs[input].Length > 0;

    /// <summary>What an input is.</summary>
    /// <exception cref="ModelException">It is left out.</exception>
    internal GraphValue Value(int input) => Has(input) ? lowering.Find(node.Inputs[input])
        : throw new ModelException($"input {input} is missing");

    /// <summary>An input that depends on the image, as elements of a node.</summary>
    /// <exception cref="ModelException">It is left out or constant.</exception>
    internal View View(int input) => Value(input) is ConstantValue
        ? throw new ModelException($"input {input} is constant, expected a value that depends on the image")
        : lowering.Settle(Value(input), node);

    /// <summary>The same as a node's value <c>[N,C,H,W]</c>.</summary>
    /// <exception cref="ModelException">It is none, and cannot be made one.</exception>
    internal View Map(int input) => lowering.Maps.Of(View(input), node);

    /// <summary>A parameter, or null where it is left out.</summary>
    /// <exception cref="ModelException">It is computed from the image.</exception>
    internal GraphTensor? Parameter(int input) => !Has(input) ? null
        : Value(input) is ConstantValue constant ? constant.Tensor
        : throw new ModelException($"input {input} is computed from the image, expected a constant");

    /// <summary>A parameter of the given number of axes.</summary>
    /// <exception cref="ModelException">It is left out, of another shape, or computed from the image.</exception>
    internal (GraphTensor Tensor, ImmutableArray<int> Shape) Parameter(int input, int rank)
    {
        GraphTensor tensor = Parameter(input) ?? throw new ModelException($"input {input} is missing");
        return tensor.Shape.Length == rank && tensor.Shape.All(size => size is > 0 and <= int.MaxValue)
            ? (tensor, [.. tensor.Shape.Select(size => (int)size)])
            : throw new ModelException($"input {input} has the shape [{string.Join(',', tensor.Shape)}], expected {rank} positive sizes");
    }

    /// <summary>The numbers of a parameter <c>[C]</c>, or null where it is left out.</summary>
    /// <exception cref="ModelException">It is of another shape, or not finite.</exception>
    internal double[]? Vector(int input, int count)
    {
        if (Parameter(input) is not { } tensor)
        {
            return null;
        }

        double[] values = tensor.Shape is [var length] && length == count ? tensor.Read()
            : throw new ModelException($"input {input} has the shape [{string.Join(',', tensor.Shape)}], expected [{count}]");
        return Array.TrueForAll(values, double.IsFinite) ? values
            : throw new ModelException($"input {input} holds {values.First(v => !double.IsFinite(v))}, expected finite numbers");
    }

    /// <summary>Whole numbers that an input or, before it became one, an attribute holds; null where neither is there.</summary>
    internal ImmutableArray<long>? Whole(int input, string attribute) => Has(input)
        ? [.. (Parameter(input)!.Count <= 64 ? Parameter(input)!.Read() : throw new ModelException($"input {input} is too long"))
            .Select(v => double.IsInteger(v) ? (long)v : throw new ModelException($"input {input} holds {v}, expected whole numbers"))]
        : Attributes.Ints(attribute);

    /// <summary>A node of the network.</summary>
    internal EmittedNode Emit(Layer layer, string function, EmittedNode input, params Func<string, TensorRecipe>[] tensors) =>
        lowering.Network.Add(layer, [input], Site, function, tensors);

    /// <summary>A node's value as the result.</summary>
    internal View Plain(EmittedNode made) => At(made, Layout.Plain(made.Shape, Batch));

    /// <summary>Elements of a node's value as the result.</summary>
    internal View At(EmittedNode made, Layout layout) => new(made, layout, Site, Readers == 1);

    /// <summary>A constant as a parameter.</summary>
    internal static Func<string, TensorRecipe> Recipe(GraphTensor tensor, Shape shape) => name => new GraphRecipe(name, shape, tensor);

    /// <summary>Numbers as a parameter.</summary>
    internal static Func<string, TensorRecipe> Recipe(double[] values) => name => new ConstantTensor(name, values);
}
