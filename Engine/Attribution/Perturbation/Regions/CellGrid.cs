namespace Interp.Engine.Attribution.Perturbation.Regions;

/// <summary>
/// An image cut into square cells, row-major, those at the right and lower edge cut off; blocks of 2^k × 2^k cells are the coarser grids
/// above it. Cells that share a side are neighbours.
/// </summary>
/// <param name="Height">The image's H.</param>
/// <param name="Width">The image's W.</param>
/// <param name="Side">A cell's side in pixels.</param>
internal sealed record CellGrid(int Height, int Width, int Side)
{
    // At 224×224: cells of 8 pixels, and windows of 32, 64, … pixels at a stride of 32. Other sizes keep the numbers.
    private const int CellsAcross = 28, BlocksAcross = 7;

    /// <summary>Rows of cells.</summary>
    internal int Rows => (Height + Side - 1) / Side;

    /// <summary>Cells in a row.</summary>
    internal int Columns => (Width + Side - 1) / Side;

    /// <summary>Number of cells.</summary>
    internal int Count => Rows * Columns;

    /// <summary>Cells along a side of the coarsest blocks: the power of two that makes them about a 7th of the image's shorter
    /// side.</summary>
    internal int Block
    {
        get
        {
            int block = 1;
            while (block * Side < 0.8 * Math.Min(Height, Width) / BlocksAcross)
            {
                block *= 2;
            }

            return block;
        }
    }

    /// <summary>No cell.</summary>
    internal CellSet Empty => CellSet.Of(Count, []);

    /// <summary>All cells.</summary>
    internal CellSet Whole => CellSet.Of(Count, Enumerable.Range(0, Count));

    /// <summary>The side of cells that suits an image: a 28th of its shorter side.</summary>
    internal static int StandardSide(int height, int width) => Math.Max(1, (int)Math.Round(Math.Min(height, width) / (double)CellsAcross));

    /// <summary>
    /// The windows of t×t blocks at a stride of one block, upper left first; cut to the grid where t is larger than it is high or wide, so
    /// that the largest is the whole image.
    /// </summary>
    internal IEnumerable<CellSet> Windows(int t)
    {
        (int rows, int columns) = (Up(Rows), Up(Columns));
        for (int top = 0; top <= Math.Max(0, rows - t); top++)
        {
            for (int left = 0; left <= Math.Max(0, columns - t); left++)
            {
                yield return Rectangle(top * Block, left * Block, t * Block);
            }
        }
    }

    /// <summary>The largest t of <see cref="Windows"/>.</summary>
    internal int LargestWindow => Math.Max(Up(Rows), Up(Columns));

    /// <summary>The parts of a region in the blocks of some size that reach its edge, upper left first.</summary>
    internal IEnumerable<CellSet> Edge(CellSet region, int block)
    {
        for (int top = 0; top < Rows; top += block)
        {
            for (int left = 0; left < Columns; left += block)
            {
                int[] cells = [.. Rectangle(top, left, block).Cells.Where(c => region[c])];
                if (cells.Any(c => Around(c).Any(n => n < 0 || !region[n])))
                {
                    yield return CellSet.Of(Count, cells);
                }
            }
        }
    }

    /// <summary>The largest connected part of a set; of equal ones the upper left one.</summary>
    internal CellSet LargestPart(CellSet set)
    {
        CellSet best = Empty;
        for (CellSet left = set; left.Count > best.Count;)
        {
            CellSet part = PartAt(left, left.Cells.First());
            best = part.Count > best.Count ? part : best;
            left = left.Without(part);
        }

        return best;
    }

    /// <summary>Whether one can go from every cell of a set to every other through it; not so of the empty set.</summary>
    internal bool IsConnected(CellSet set) => set.Count > 0 && PartAt(set, set.Cells.First()).Count == set.Count;

    /// <summary>For each pixel whether its cell is in a set, <c>[H,W]</c>.</summary>
    internal bool[] Pixels(CellSet set)
    {
        var pixels = new bool[Height * Width];
        for (int i = 0; i < pixels.Length; i++)
        {
            pixels[i] = set[(i / Width / Side * Columns) + (i % Width / Side)];
        }

        return pixels;
    }

    private int Up(int cells) => (cells + Block - 1) / Block;

    private CellSet Rectangle(int top, int left, int side) => CellSet.Of(
        Count,
        from y in Enumerable.Range(top, Math.Min(side, Rows - top))
        from x in Enumerable.Range(left, Math.Min(side, Columns - left))
        select (y * Columns) + x);

    private CellSet PartAt(CellSet set, int start)
    {
        var found = new HashSet<int> { start };
        var next = new Queue<int>([start]);
        while (next.TryDequeue(out int cell))
        {
            foreach (int n in Around(cell))
            {
                if (n >= 0 && set[n] && found.Add(n))
                {
                    next.Enqueue(n);
                }
            }
        }

        return CellSet.Of(Count, found);
    }

    /// <summary>The four neighbours of a cell, −1 beyond the image.</summary>
    private int[] Around(int cell)
    {
        (int y, int x) = Math.DivRem(cell, Columns);
        return
        [
            y > 0 ? cell - Columns : -1, x > 0 ? cell - 1 : -1, x + 1 < Columns ? cell + 1 : -1, y + 1 < Rows ? cell + Columns : -1,
        ];
    }
}
