using System.Collections.Immutable;
using Interp.Engine.Common;
using Interp.Weights.Formats;
using Interp.Weights.Graphs.Arrays;

namespace Interp.Weights.Graphs.Evaluation;

/// <summary>Operators on lists of arrays.</summary>
internal static class ListOperators
{
    internal static GraphTensor[] Empty(ConstantArguments x)
    {
        x.Attributes.Ignore("dtype");
        return [];
    }

    internal static GraphTensor[] Construct(ConstantArguments x) => [.. Enumerable.Range(0, x.Inputs).Select(x.Tensor)];

    internal static GraphTensor[] Insert(ConstantArguments x)
    {
        ImmutableArray<GraphTensor> list = x.List(0);
        return [.. list.Insert(x.Optional(2) is null ? list.Length : Place(x, 2, list.Length, list.Length + 1), x.Tensor(1))];
    }

    internal static GraphTensor[] Erase(ConstantArguments x)
    {
        ImmutableArray<GraphTensor> list = x.List(0);
        return [.. list.RemoveAt(x.Optional(1) is null ? Place(-1, list.Length, list.Length) : Place(x, 1, list.Length, list.Length))];
    }

    internal static GraphTensor[] At(ConstantArguments x) => [x.List(0)[Place(x, 1, x.List(0).Length, x.List(0).Length)]];

    internal static GraphTensor[] Length(ConstantArguments x) => ConstantArguments.Result(ElementType.Int64, [], [x.List(0).Length]);

    /// <summary>All arrays along an axis, or along a new one.</summary>
    internal static GraphTensor[] Concat(ConstantArguments x)
    {
        ImmutableArray<GraphTensor> list = x.List(0);
        long given = x.Attributes.Int("axis", 0);
        bool stacked = x.Attributes.Int("new_axis", 0) != 0;
        if (list.IsEmpty)
        {
            throw new ModelException("an empty list has no type");
        }

        ImmutableArray<int>[] shapes = [.. list.Select(ConstantArguments.ShapeOf)];
        int axis = Sizes.Axis(given, shapes[0].Length + (stacked ? 1 : 0));
        shapes = stacked ? [.. shapes.Select(s => s.Insert(axis, 1))] : shapes;
        var join = new OperatorNode("Concat", x.Node.Label, x.Node.Module, x.Node.Inputs, x.Node.Outputs, new OperatorAttributes(
            new Dictionary<string, object> { ["axis"] = (long)axis }));
        Placement[] plan = Movements.Plan(
            join, [.. shapes.Select(s => (ImmutableArray<int>?)s)], _ => null, ConstantArguments.Limit([.. list]));
        return [new PlacedTensor(join, list[0].Type, plan[0], [.. list], 0)];
    }

    private static int Place(ConstantArguments x, int input, int count, int end) =>
        Place(Numbers.Whole(x.Number(input)), count, end);

    private static int Place(long index, int count, int end) => index >= -count && index < end
        ? (int)(index < 0 ? index + count : index) : throw new ModelException($"place {index} of a list of {count} arrays");
}
