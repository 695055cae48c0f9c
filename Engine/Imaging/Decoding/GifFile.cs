namespace Interp.Engine.Imaging.Decoding;

/// <summary>A GIF file's first frame.</summary>
internal static class GifFile
{
    private const int HeaderLength = 13, BackgroundIndex = 11;
    private const byte Extension = 0x21, GraphicControl = 0xF9;

    /// <summary>
    /// A copy of the file whose first frame has no transparent colour and whose background is black: dropping the alpha channel then leaves
    /// the palette's colour, as Pillow's conversion to RGB does.
    /// </summary>
    /// <exception cref="EndOfStreamException">The file ends before its first frame.</exception>
    public static PreparedFile Prepare(byte[] file)
    {
        byte[] data = [.. file];
        if (data.Length < HeaderLength)
        {
            throw Truncated(data);
        }

        data[BackgroundIndex] = 0;
        int at = HeaderLength + PaletteLength(data[10]);
        while (at + 3 < data.Length && data[at] == Extension)
        {
            if (data[at + 1] == GraphicControl)
            {
                data[at + 3] &= 0xFE;
            }

            for (at += 2; at < data.Length && data[at] != 0; at += 1 + data[at])
            {
            }

            at++;
        }

        return at < data.Length ? new PreparedFile(data) : throw Truncated(data);
    }

    private static int PaletteLength(byte flags) => (flags & 0x80) == 0 ? 0 : 3 * (2 << (flags & 7));

    private static EndOfStreamException Truncated(byte[] data) =>
        new($"the file ends too early, after {data.Length} bytes and before the first frame");
}
