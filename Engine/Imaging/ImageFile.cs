using Interp.Engine.Common;
using Interp.Engine.Imaging.Decoding;
using StbImageWriteSharp;

namespace Interp.Engine.Imaging;

/// <summary>Reading and writing of image files.</summary>
public static class ImageFile
{
    private const long MaximumBytes = 1L << 30;

    /// <summary>
    /// Reads a JPEG, PNG, BMP, GIF (first frame), TGA or PSD file, recognised by its content, as 8-bit RGB: grey is copied to the three
    /// channels, palettes are looked up, alpha is dropped, 16-bit values keep their high byte, CMYK becomes (1−C)(1−K) and so on, and the
    /// EXIF orientation of JPEG and PNG is applied. Colour profiles are not. At most 2^27 pixels and 1 GiB.
    /// </summary>
    /// <param name="path">The file; it may be a pipe.</param>
    /// <param name="cancel">Ends the waiting for a pipe.</param>
    /// <exception cref="InputException">The file cannot be read, or is not a whole, sound image of these kinds; the message says what it
    /// is instead, and what to do.</exception>
    public static RgbImage Read(string path, CancellationToken cancel = default) => Decode(ReadBytes(path, cancel), path);

    /// <summary>The image in a file's bytes, as <see cref="Read"/> gives it.</summary>
    /// <param name="data">The whole file.</param>
    /// <param name="name">The file's name, for messages.</param>
    /// <exception cref="InputException">The bytes are not a whole, sound image.</exception>
    public static RgbImage Decode(byte[] data, string name) => ImageDecoder.Decode(data, name);

    /// <summary>Writes an 8-bit RGB PNG. Equal images give equal bytes.</summary>
    public static void WritePng(Stream stream, RgbImage image) =>
        new ImageWriter().WritePng(image.Pixels, image.Width, image.Height, ColorComponents.RedGreenBlue, stream);

    /// <summary>Writes an 8-bit RGB JPEG: smaller than a PNG of a photo, and not the same pixels. Equal images give equal bytes.</summary>
    /// <param name="stream">Takes the file.</param>
    /// <param name="image">The image.</param>
    /// <param name="quality">1 to 100.</param>
    public static void WriteJpeg(Stream stream, RgbImage image, int quality) =>
        new ImageWriter().WriteJpg(image.Pixels, image.Width, image.Height, ColorComponents.RedGreenBlue, stream, quality);

    /// <summary>
    /// Writes an 8-bit RGB PNG to a temporary file beside <paramref name="path"/> and renames it, so that no half-written image is ever
    /// found there.
    /// </summary>
    /// <exception cref="OutputException">The file cannot be written; nothing is left behind.</exception>
    public static void WritePng(string path, RgbImage image) => AtomicFile.Write(path, s => WritePng(s, image));

    /// <summary>All bytes of an image file. What is no image that can be read is refused after its first bytes, however long it
    /// is.</summary>
    /// <exception cref="InputException">The file is missing, a folder, not permitted, no image or larger than 1 GiB.</exception>
    internal static byte[] ReadBytes(string path, CancellationToken cancel = default) =>
        InputFile.Read(path, "an image file", stream => ReadBytes(stream, path), cancel);

    /// <summary>All bytes of a stream from where it stands. What is no image that can be read is refused after its first bytes.</summary>
    /// <exception cref="InputException">The stream holds no image, or more than 1 GiB.</exception>
    /// <exception cref="IOException">The stream cannot be read.</exception>
    internal static byte[] ReadBytes(Stream stream, string name)
    {
        var buffer = new byte[1 << 16];
        int count = stream.ReadAtLeast(buffer, ForeignKind.HeadLength, throwOnEndOfStream: false);
        ImageDecoder.Identify(buffer.AsSpan(0, count), name);
        long known = stream.CanSeek ? count + stream.Length - stream.Position : count;
        using var bytes = new MemoryStream((int)Math.Clamp(known, count, MaximumBytes));
        for (; count > 0; count = stream.Read(buffer))
        {
            if (Math.Max(known, bytes.Length + count) > MaximumBytes)
            {
                throw new InputException($"{name}: is larger than 1 GiB, expected an image of at most {MaximumBytes} bytes; scale it down");
            }

            bytes.Write(buffer, 0, count);
        }

        return bytes.Length == bytes.Capacity ? bytes.GetBuffer() : bytes.ToArray();
    }
}
