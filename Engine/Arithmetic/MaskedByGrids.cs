namespace Interp.Engine.Arithmetic;

/// <summary>
/// x ⊙ M, M a grid of cells enlarged as by <see cref="Bilinear"/>, of which a part as large as the image is cut out, and which is scaled to
/// 0 … 1 if asked for (<see cref="PlaneArithmetic.ScaleToOne"/>, before it is cut). The numbers are the cells, row by row, and the row and
/// column of the enlarged grid where M begins.
/// </summary>
/// <param name="image">x, <c>[C,H,W]</c>.</param>
/// <param name="size">H and W.</param>
/// <param name="cells">Rows and columns of cells.</param>
/// <param name="enlarged">What the cells are enlarged to; at least H and W.</param>
/// <param name="toOne">Whether M is scaled to 0 … 1.</param>
internal abstract class MaskedByGrids(
    float[] image, (int Height, int Width) size, (int Height, int Width) cells, (int Height, int Width) enlarged, bool toOne)
    : MaskedImages(
        image, [], [size.Height, size.Width, cells.Height, cells.Width, enlarged.Height, enlarged.Width, toOne ? 1 : 0])
{
    /// <summary>H and W.</summary>
    internal (int Height, int Width) Size => size;

    /// <summary>Rows and columns of cells.</summary>
    internal (int Height, int Width) Cells => cells;

    /// <summary>What the cells are enlarged to.</summary>
    internal (int Height, int Width) Enlarged => enlarged;

    /// <summary>Whether M is scaled to 0 … 1.</summary>
    internal bool ToOne => toOne;

    /// <inheritdoc/>
    internal override int Plane => size.Height * size.Width;
}
