using System.Buffers.Binary;

namespace Interp.Engine.Imaging.Decoding;

/// <summary>What a PNG file's header says.</summary>
/// <param name="Width">Width in pixels.</param>
/// <param name="Height">Height in pixels.</param>
/// <param name="Bits">Bits of a sample.</param>
/// <param name="Color">The colour type: 0 grey, 2 RGB, 3 palette, 4 grey and alpha, 6 RGBA.</param>
/// <param name="Interlace">0 for none, 1 for Adam7.</param>
internal readonly record struct PngHeader(int Width, int Height, int Bits, int Color, int Interlace)
{
    private static readonly (int X, int Y, int StepX, int StepY)[] s_whole = [(0, 0, 1, 1)];

    private static readonly (int X, int Y, int StepX, int StepY)[] s_adam7 =
        [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)];

    /// <summary>Samples of a pixel.</summary>
    public int Channels => Color switch { 2 => 3, 4 => 2, 6 => 4, _ => 1 };

    /// <summary>The passes in which the rows stand in the file, with their first column and row and their steps; those without a pixel
    /// included.</summary>
    public IReadOnlyList<(int X, int Y, int StepX, int StepY)> Passes => Interlace == 0 ? s_whole : s_adam7;

    /// <summary>The bytes of all rows with their filter bytes.</summary>
    public long DataLength
    {
        get
        {
            long length = 0;
            foreach ((int x, int y, int stepX, int stepY) in Passes)
            {
                (long width, long height) = (Points(Width, x, stepX), Points(Height, y, stepY));
                length += width <= 0 || height <= 0 ? 0 : height * (1 + RowLength(width));
            }

            return length;
        }
    }

    /// <summary>Reads a header chunk.</summary>
    /// <param name="content">Its 13 bytes.</param>
    /// <param name="fileLength">Of the whole file, which bounds the pixels that it can hold.</param>
    /// <exception cref="InvalidDataException">The size is out of range.</exception>
    public static PngHeader Read(ReadOnlySpan<byte> content, int fileLength)
    {
        (long width, long height) =
            (BinaryPrimitives.ReadUInt32BigEndian(content), BinaryPrimitives.ReadUInt32BigEndian(content[4..]));
        ImageSize.Check(width, height, fileLength);
        return new PngHeader((int)width, (int)height, content[8], content[9], content[12]);
    }

    /// <summary>How many points a pass has along a side.</summary>
    public static int Points(int side, int first, int step) => (side - first + step - 1) / step;

    /// <summary>Bytes of a row of so many pixels, its filter byte aside.</summary>
    public long RowLength(long pixels) => ((pixels * Bits * Channels) + 7) / 8;
}
