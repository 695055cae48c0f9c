using System.Numerics;

namespace Interp.Engine.Attribution.Perturbation.Regions;

/// <summary>A set of a grid's cells, compared by what is in it.</summary>
internal sealed class CellSet : IEquatable<CellSet>
{
    private readonly ulong[] _bits;

    private CellSet(ulong[] bits)
    {
        _bits = bits;
        Count = bits.Sum(BitOperations.PopCount);
    }

    /// <summary>How many cells are in it.</summary>
    internal int Count { get; }

    /// <summary>The cells in it, in order.</summary>
    internal IEnumerable<int> Cells => Enumerable.Range(0, 64 * _bits.Length).Where(c => this[c]);

    /// <summary>Whether a cell is in it.</summary>
    internal bool this[int cell] => (_bits[cell >> 6] >> (cell & 63) & 1) == 1;

    /// <summary>The set of some cells of a grid.</summary>
    /// <param name="all">How many cells the grid has.</param>
    /// <param name="cells">Those in the set.</param>
    internal static CellSet Of(int all, IEnumerable<int> cells)
    {
        var bits = new ulong[(all + 63) / 64];
        foreach (int cell in cells)
        {
            bits[cell >> 6] |= 1UL << (cell & 63);
        }

        return new CellSet(bits);
    }

    /// <summary>What is in this one and not in another.</summary>
    internal CellSet Without(CellSet other) => new([.. _bits.Zip(other._bits, (a, b) => a & ~b)]);

    /// <summary>What is in one of the two.</summary>
    internal CellSet With(CellSet other) => new([.. _bits.Zip(other._bits, (a, b) => a | b)]);

    /// <inheritdoc/>
    public bool Equals(CellSet? other) => other is not null && _bits.AsSpan().SequenceEqual(other._bits);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as CellSet);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = default(HashCode);
        foreach (ulong word in _bits)
        {
            hash.Add(word);
        }

        return hash.ToHashCode();
    }
}
