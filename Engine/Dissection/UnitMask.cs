namespace Interp.Engine.Dissection;

/// <summary>Where a unit exceeds its threshold in an image, on the label grid over what the network sees.</summary>
public sealed class UnitMask
{
    private readonly PlaneBits _bits;

    internal UnitMask(int height, int width, PlaneBits bits) => (Height, Width, _bits) = (height, width, bits);

    /// <summary>Rows of the grid.</summary>
    public int Height { get; }

    /// <summary>Columns of the grid.</summary>
    public int Width { get; }

    /// <summary>Places of the mask.</summary>
    public long Count => _bits.Count;

    /// <summary>Whether a place is in the mask.</summary>
    /// <param name="y">Row, below <see cref="Height"/>.</param>
    /// <param name="x">Column, below <see cref="Width"/>.</param>
    public bool this[int y, int x] => _bits.Has((y * Width) + x);
}
