using System.Collections.Immutable;

namespace Interp.Engine.Tensors;

/// <summary>
/// The sizes of a tensor, outermost first. Images and feature maps are <c>[N,C,H,W]</c>, vectors <c>[N,F]</c>; data in this order is
/// dense and row-major wherever it crosses the public interface.
/// </summary>
public readonly struct Shape : IEquatable<Shape>
{
    private readonly ImmutableArray<int> _dims;
    private readonly long _count;

    /// <summary>A shape from its sizes; each must be at least 0.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A size is negative, or the number of elements does not fit in 63 bits.</exception>
    public Shape(params ReadOnlySpan<int> dims)
    {
        long count = 1;
        foreach (int dim in dims)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(dim);
            try
            {
                count = checked(count * dim);
            }
            catch (OverflowException)
            {
                throw new ArgumentOutOfRangeException(nameof(dims), "the shape has more than 2^63 elements");
            }
        }

        _dims = [.. dims];
        _count = count;
    }

    /// <summary>Number of axes.</summary>
    public int Rank => Dims.Length;

    /// <summary>Number of elements: the product of the sizes, 1 for rank 0.</summary>
    public long Count => _dims.IsDefault ? 1 : _count;

    /// <summary>The sizes, outermost first.</summary>
    public ImmutableArray<int> Dims => _dims.IsDefault ? [] : _dims;

    /// <summary>The size along an axis; negative axes count from the end.</summary>
    public int this[int axis] => Dims[axis < 0 ? axis + Rank : axis];

    /// <summary>Whether these are maps that show places: <c>[N,C,H,W]</c> of more than one position.</summary>
    public bool HasMaps => Rank == 4 && this[2] * this[3] > 1;

    /// <summary>The shape with another size along axis 0.</summary>
    public Shape WithBatch(int batch)
    {
        int[] dims = [.. Dims];
        dims[0] = batch;
        return new Shape(dims);
    }

    /// <inheritdoc/>
    public bool Equals(Shape other) => Dims.AsSpan().SequenceEqual(other.Dims.AsSpan());

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Shape other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        HashCode hash = default;
        foreach (int dim in Dims)
        {
            hash.Add(dim);
        }

        return hash.ToHashCode();
    }

    /// <summary>The shape as <c>[2,3,224,224]</c>.</summary>
    public override string ToString() => $"[{string.Join(',', Dims)}]";

    /// <summary>Equality of all sizes.</summary>
    public static bool operator ==(Shape left, Shape right) => left.Equals(right);

    /// <summary>Inequality of any size.</summary>
    public static bool operator !=(Shape left, Shape right) => !left.Equals(right);
}
