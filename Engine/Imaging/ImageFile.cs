using Interp.Engine.Common;
using Interp.Engine.Imaging.Decoding;
using StbImageWriteSharp;

namespace Interp.Engine.Imaging;

/// <summary>Reading and writing of picture files.</summary>
public static class ImageFile
{
    private const long MaximumBytes = 1L << 30;

    private static readonly string[] s_extensions = [".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".bmp", ".gif", ".tga", ".psd"];

    /// <summary>
    /// Reads a JPEG, PNG, BMP, GIF (first frame), TGA or PSD file, recognised by its content, as 8-bit RGB: grey is copied to the three
    /// channels, palettes are looked up, alpha is dropped, 16-bit values keep their high byte, CMYK becomes (1−C)(1−K) and so on, and the
    /// EXIF orientation of JPEG and PNG is applied. Colour profiles are not. At most 2^27 pixels.
    /// </summary>
    /// <exception cref="InputException">The file cannot be read, or is not a whole, sound picture of these kinds.</exception>
    public static RgbImage Read(string path) => Decode(ReadBytes(path), path);

    /// <summary>The picture in a file's bytes, as <see cref="Read"/> gives it.</summary>
    /// <param name="data">The whole file.</param>
    /// <param name="name">The file's name, for messages.</param>
    /// <exception cref="InputException">The bytes are not a whole, sound picture.</exception>
    public static RgbImage Decode(byte[] data, string name) => ImageDecoder.Decode(data, name);

    /// <summary>Writes an 8-bit RGB PNG. Equal pictures give equal bytes.</summary>
    public static void WritePng(Stream stream, RgbImage image) =>
        new ImageWriter().WritePng(image.Pixels, image.Width, image.Height, ColorComponents.RedGreenBlue, stream);

    /// <summary>
    /// Writes an 8-bit RGB PNG to a temporary file beside <paramref name="path"/> and renames it, so that no half-written picture is ever
    /// found there.
    /// </summary>
    /// <exception cref="OutputException">The file cannot be written; nothing is left behind.</exception>
    public static void WritePng(string path, RgbImage image) => AtomicFile.Write(path, s => WritePng(s, image));

    /// <summary>
    /// The picture files meant by a list of files and folders. A file stands for itself, whatever its name; a folder for the files in it
    /// (not in folders below) with the extension of a picture (jpg, jpeg, jpe, jfif, png, bmp, gif, tga, psd, in any case), in ordinal
    /// order of their names. The order of the list is kept, and a file that is meant twice is listed once.
    /// </summary>
    /// <exception cref="InputException">A path does not exist, or a folder cannot be read or holds no picture.</exception>
    public static IReadOnlyList<string> List(IEnumerable<string> paths)
    {
        var files = new List<string>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (string path in paths)
        {
            files.AddRange(Expand(path).Where(f => seen.Add(Path.GetFullPath(f))));
        }

        return files;
    }

    /// <summary>All bytes of an input file.</summary>
    /// <exception cref="InputException">The file is missing, a folder, not permitted or larger than 1 GiB.</exception>
    internal static byte[] ReadBytes(string path)
    {
        RequireExistence(path);
        try
        {
            if (Directory.Exists(path))
            {
                throw new InputException($"{path}: is a folder, expected an image file");
            }

            long length = new FileInfo(path).Length;
            return length <= MaximumBytes
                ? File.ReadAllBytes(path)
                : throw new InputException($"{path}: the file has {length} bytes, expected an image of at most {MaximumBytes}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"{path}: cannot be read: {e.Message}", e);
        }
    }

    /// <summary>All bytes of a stream from where it stands.</summary>
    /// <exception cref="InputException">The stream cannot be read, or holds more than 1 GiB.</exception>
    internal static byte[] ReadBytes(Stream stream, string name)
    {
        using var bytes = new MemoryStream();
        var buffer = new byte[1 << 16];
        try
        {
            for (int n; (n = stream.Read(buffer)) > 0;)
            {
                bytes.Write(buffer, 0, n);
                if (bytes.Length > MaximumBytes)
                {
                    throw new InputException($"{name}: more than {MaximumBytes} bytes, expected an image of at most so many");
                }
            }
        }
        catch (Exception e) when (e is IOException or NotSupportedException)
        {
            throw new InputException($"{name}: cannot be read: {e.Message}", e);
        }

        return bytes.ToArray();
    }

    private static string[] Expand(string path)
    {
        RequireExistence(path);
        if (!Directory.Exists(path))
        {
            return [path];
        }

        try
        {
            string[] files = [.. Directory.EnumerateFiles(path)
                .Where(f => s_extensions.Contains(Path.GetExtension(f), StringComparer.OrdinalIgnoreCase))
                .Order(StringComparer.Ordinal)];
            return files.Length > 0
                ? files
                : throw new InputException($"{path}: the folder holds no image ({string.Join(' ', s_extensions)})");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"{path}: the folder cannot be read: {e.Message}", e);
        }
    }

    private static void RequireExistence(string path)
    {
        if (!Path.Exists(path))
        {
            string what = path.Length > 0 ? path : "an empty path";
            throw new InputException($"{what}: no such file or folder");
        }
    }
}
