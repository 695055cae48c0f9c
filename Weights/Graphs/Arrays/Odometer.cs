using System.Collections.Immutable;

namespace Interp.Weights.Graphs.Arrays;

/// <summary>Runs through the elements of an array in row-major order, and knows the index along each axis.</summary>
internal sealed class Odometer(ImmutableArray<int> shape)
{
    /// <summary>The index of the element along each axis.</summary>
    internal int[] Index { get; } = new int[shape.Length];

    /// <summary>Goes to the next element; after the last to the first.</summary>
    internal void Next()
    {
        for (int axis = shape.Length - 1; axis >= 0 && ++Index[axis] == shape[axis]; axis--)
        {
            Index[axis] = 0;
        }
    }
}
