namespace Interp.Engine.Imaging.Decoding;

/// <summary>A kind of image file that can be read.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Extensions">The extensions by which a folder's images are known.</param>
/// <param name="Matches">Whether a content begins like it.</param>
/// <param name="Prepare">Checks a file's structure and makes it ready for the image library.</param>
internal sealed record ImageFormat(string Name, string[] Extensions, ImageFormat.Test Matches, Func<byte[], PreparedFile> Prepare)
{
    /// <summary>TGA has no signature: only what is nothing else may be one.</summary>
    private static readonly ImageFormat s_tga = new("TGA", [".tga"], TgaFile.Matches, TgaFile.Prepare);

    private static readonly ImageFormat[] s_all =
    [
        new("JPEG", [".jpg", ".jpeg", ".jpe", ".jfif"], d => d.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF]), JpegFile.Prepare),
        new("PNG", [".png"], d => d.StartsWith(PngFile.Signature), PngFile.Prepare),
        new("GIF", [".gif"], d => d.StartsWith("GIF87a"u8) || d.StartsWith("GIF89a"u8), GifFile.Prepare),
        new("BMP", [".bmp"], d => d.Length > 18 && d.StartsWith("BM"u8) && d[14] is 12 or 40 or 52 or 56 or 64 or 108 or 124,
        BmpFile.Prepare),
        new("PSD", [".psd"], d => d.StartsWith("8BPS\0\x1"u8), PsdFile.Prepare),
        s_tga,
    ];

    /// <summary>Looks at a file's first bytes.</summary>
    public delegate bool Test(ReadOnlySpan<byte> head);

    /// <summary>The names of all formats.</summary>
    public static string Names => string.Join(", ", s_all.Select(f => f.Name));

    /// <summary>The extensions of all formats.</summary>
    public static string AllExtensions => string.Join(' ', s_all.SelectMany(f => f.Extensions));

    /// <summary>Whether a file's name is that of an image that can be read.</summary>
    public static bool HasExtension(string path) =>
        s_all.Any(f => f.Extensions.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase));

    /// <summary>The format whose signature a content has, or null.</summary>
    public static ImageFormat? OfSignature(ReadOnlySpan<byte> head)
    {
        foreach (ImageFormat format in s_all)
        {
            if (format != s_tga && format.Matches(head))
            {
                return format;
            }
        }

        return null;
    }

    /// <summary>The format of a content, or null.</summary>
    public static ImageFormat? Of(ReadOnlySpan<byte> head) =>
        OfSignature(head) ?? (ForeignKind.OfContent(head) is null && s_tga.Matches(head) ? s_tga : null);
}
