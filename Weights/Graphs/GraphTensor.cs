using System.Collections.Immutable;
using Interp.Engine.Common;
using Interp.Weights.Formats;

namespace Interp.Weights.Graphs;

/// <summary>A constant of a graph: a parameter, or a value that follows from nothing but parameters.</summary>
/// <param name="type">How its elements were stored.</param>
/// <param name="shape">Its sizes, outermost first; empty for a number.</param>
internal abstract class GraphTensor(ElementType type, ImmutableArray<long> shape)
{
    /// <summary>The most elements that are held in memory at once: 2^28, 2 GiB in float64.</summary>
    internal const long MaxElements = 1L << 28;

    /// <summary>How its elements were stored. Values of integer types are whole, and exact up to 2^53.</summary>
    internal ElementType Type => type;

    /// <summary>Its sizes, outermost first; empty for a number.</summary>
    internal ImmutableArray<long> Shape => shape;

    /// <summary>Number of elements.</summary>
    internal long Count => StoredTensor.CountOf(Shape.AsSpan())
        ?? throw new ModelException($"a constant of shape [{string.Join(',', Shape)}] is too large");

    /// <summary>Whether it holds whole numbers.</summary>
    internal bool IsInteger => Type.IsInteger;

    /// <summary>Computes <c>into.Length</c> values from element <paramref name="first"/> on, in row-major order.</summary>
    /// <exception cref="ModelException">They cannot be read.</exception>
    internal abstract void Read(long first, Span<double> into);

    /// <summary>All values, in row-major order.</summary>
    /// <exception cref="ModelException">They cannot be read, or are too many to be held.</exception>
    internal double[] Read()
    {
        if (Count > MaxElements)
        {
            throw new ModelException(
                $"a constant of shape [{string.Join(',', Shape)}] has {Count} elements, expected at most {MaxElements}");
        }

        var values = new double[Count];
        Read(0, values);
        return values;
    }
}

/// <summary>A constant whose values are in memory.</summary>
internal sealed class HeldTensor(ElementType type, ImmutableArray<long> shape, double[] values) : GraphTensor(type, shape)
{
    internal override void Read(long first, Span<double> into) => values.AsSpan((int)first, into.Length).CopyTo(into);
}
