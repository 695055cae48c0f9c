using System.IO.Compression;

namespace Interp.Engine.Imaging.Decoding;

/// <summary>
/// The numbers that a PNG file holds, as they are: palette indices are not looked up, 16-bit samples keep both bytes, samples of fewer
/// than 8 bits are not scaled. All colour types, depths and filters, and Adam7 interlacing; checksums and gamma are passed over.
/// W3C, Portable Network Graphics, third edition, sections 7 to 9 and 13.
/// </summary>
/// <param name="Width">Width in pixels.</param>
/// <param name="Height">Height in pixels.</param>
/// <param name="Channels">Samples of a pixel: 1 index or grey, 2 grey and alpha, 3 RGB, 4 RGBA.</param>
/// <param name="Bits">Bits of a sample.</param>
/// <param name="Samples">Row-major, the samples of a pixel beside each other.</param>
/// <param name="Palette">Three bytes for each colour that the file has; null where the samples are no indices.</param>
internal sealed record IndexPng(int Width, int Height, int Channels, int Bits, ushort[] Samples, byte[]? Palette)
{
    /// <summary>A byte of deflated data stands for no more bytes than this.</summary>
    private const long MostDeflated = 1032;

    /// <summary>The high byte of a sample of 16 bits; a sample of fewer as it is.</summary>
    public int Byte(int at) => Bits == 16 ? Samples[at] >> 8 : Samples[at];

    /// <summary>Reads a file.</summary>
    /// <param name="data">The whole file.</param>
    /// <exception cref="InvalidDataException">The file is damaged or its size out of range.</exception>
    /// <exception cref="EndOfStreamException">It ends too early.</exception>
    public static IndexPng Decode(byte[] data)
    {
        PngHeader? found = null;
        byte[]? palette = null;
        using var packed = new MemoryStream();
        (bool isWhole, _) = PngFile.Walk(data, (type, content) =>
        {
            if (type.SequenceEqual("IHDR"u8) && content.Length == 13)
            {
                found ??= PngHeader.Read(content, data.Length);
            }
            else if (type.SequenceEqual("PLTE"u8))
            {
                palette = content.ToArray();
            }
            else if (type.SequenceEqual("IDAT"u8))
            {
                packed.Write(content);
            }
        });
        PngHeader header = found ?? throw new InvalidDataException("it has no header chunk");
        RequireKnown(header);
        if (header.DataLength > (MostDeflated * packed.Length) + 1)
        {
            throw isWhole ? new EndOfStreamException("the pixel data end too early") : PngFile.TooEarly(data);
        }

        packed.Position = 0;
        var samples = new ushort[(long)header.Width * header.Height * header.Channels];
        try
        {
            using var inflate = new ZLibStream(packed, CompressionMode.Decompress);
            foreach ((int x, int y, int stepX, int stepY) in header.Passes)
            {
                ReadPass(inflate, header, (x, y, stepX, stepY), samples);
            }
        }
        catch (EndOfStreamException e)
        {
            throw isWhole ? new EndOfStreamException("the pixel data end too early", e) : PngFile.TooEarly(data, e);
        }
        catch (Exception e) when (e is InvalidDataException or IOException)
        {
            throw isWhole ? new InvalidDataException("the pixel data are damaged", e) : PngFile.TooEarly(data, e);
        }

        return new IndexPng(header.Width, header.Height, header.Channels, header.Bits, samples, header.Color == 3 ? palette : null);
    }

    private static void RequireKnown(PngHeader header)
    {
        bool known = header.Color switch
        {
            0 => header.Bits is 1 or 2 or 4 or 8 or 16,
            3 => header.Bits is 1 or 2 or 4 or 8,
            2 or 4 or 6 => header.Bits is 8 or 16,
            _ => false,
        };
        if (!known || header.Interlace > 1)
        {
            throw new InvalidDataException(
                $"its header is damaged: colour type {header.Color} of {header.Bits} bits, interlace {header.Interlace}");
        }
    }

    private static void ReadPass(Stream inflate, PngHeader header, (int X, int Y, int StepX, int StepY) pass, ushort[] samples)
    {
        int width = PngHeader.Points(header.Width, pass.X, pass.StepX), height = PngHeader.Points(header.Height, pass.Y, pass.StepY);
        if (width <= 0 || height <= 0)
        {
            return;
        }

        int length = checked((int)header.RowLength(width)), step = Math.Max(1, header.Bits * header.Channels / 8);
        byte[] row = new byte[1 + length], above = new byte[1 + length];
        for (int y = 0; y < height; y++)
        {
            inflate.ReadExactly(row);
            Unfilter(row[0], row.AsSpan(1), above.AsSpan(1), step);
            long start = (long)(pass.Y + (y * pass.StepY)) * header.Width;
            for (int x = 0; x < width; x++)
            {
                long to = (start + pass.X + (x * pass.StepX)) * header.Channels;
                for (int c = 0; c < header.Channels; c++)
                {
                    samples[to + c] = Sample(row.AsSpan(1), (x * header.Channels) + c, header.Bits);
                }
            }

            (row, above) = (above, row);
        }
    }

    private static ushort Sample(ReadOnlySpan<byte> row, int at, int bits) => bits switch
    {
        16 => (ushort)((row[2 * at] << 8) | row[(2 * at) + 1]),
        8 => row[at],
        _ => (ushort)((row[at * bits / 8] >> (8 - bits - (at * bits % 8))) & ((1 << bits) - 1)),
    };

    private static void Unfilter(byte filter, Span<byte> row, ReadOnlySpan<byte> above, int step)
    {
        if (filter > 4)
        {
            throw new InvalidDataException($"filter {filter}");
        }

        for (int i = 0; i < row.Length && filter > 0; i++)
        {
            int left = i < step ? 0 : row[i - step], up = above[i], corner = i < step ? 0 : above[i - step];
            row[i] += (byte)(filter switch { 1 => left, 2 => up, 3 => (left + up) / 2, _ => Paeth(left, up, corner) });
        }
    }

    private static int Paeth(int left, int up, int corner)
    {
        int estimate = left + up - corner;
        int toLeft = Math.Abs(estimate - left), toUp = Math.Abs(estimate - up), toCorner = Math.Abs(estimate - corner);
        return toLeft <= toUp && toLeft <= toCorner ? left : toUp <= toCorner ? up : corner;
    }
}
