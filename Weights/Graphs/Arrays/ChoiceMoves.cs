using System.Collections.Immutable;
using Interp.Engine.Common;

namespace Interp.Weights.Graphs.Arrays;

/// <summary>Movements that choose between elements at the same place.</summary>
internal static class ChoiceMoves
{
    /// <summary>Input 1 where input 0 is true, input 2 elsewhere.</summary>
    internal static Placement[] Where(MoveArguments x)
    {
        Block<double> condition = x.Constant(0);
        ImmutableArray<int> shape = x.Checked(Sizes.Broadcast(Sizes.Broadcast(x.ShapeOf(1), x.ShapeOf(2)), condition.Shape));
        double[] choice = StridedPlacement.Broadcast(condition.Shape, shape).Apply<double>([condition.Values], 0);
        return [new ChosenPlacement(shape, [.. choice.Select(c => c != 0)],
            StridedPlacement.Broadcast(x.ShapeOf(1), shape), StridedPlacement.Broadcast(x.ShapeOf(2), shape))];
    }

    /// <summary>The upper or lower triangle of matrices, with k diagonals more (or less); nothing elsewhere.</summary>
    internal static Placement[] Trilu(MoveArguments x)
    {
        bool upper = x.Attributes.Int("upper", 1) != 0;
        long[]? given = x.OptionalWhole(1);
        long k = given is null ? 0 : given.Length == 1 ? Math.Clamp(given[0], -int.MaxValue, int.MaxValue)
            : throw new ModelException($"{given.Length} numbers of diagonals, expected one");
        if (x.Shape.Length < 2)
        {
            throw new ModelException($"an array of shape {Sizes.Show(x.Shape.AsSpan())}, expected matrices");
        }

        x.Checked(x.Shape);
        int rows = x.Shape[^2], columns = x.Shape[^1];
        var places = new int[Sizes.Count(x.Shape.AsSpan())];
        for (int i = 0; i < places.Length; i++)
        {
            int column = i % columns;
            int row = i / columns % rows;
            bool inside = upper ? column - row >= k : column - row <= k;
            places[i] = inside ? i : -1;
        }

        return [new RunPlacement(x.Shape, places, 1)];
    }
}
