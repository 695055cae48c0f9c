using Interp.Engine.Common;
using Interp.Engine.Imaging;
using Interp.Engine.Imaging.Decoding;

namespace Interp.Engine.LabelSets.Reading;

/// <summary>Mask files: PNG with the numbers as they are, other formats without loss as the colours that they hold.</summary>
internal static class MaskFile
{
    private const string Advice = "masks are PNG files, BMP, GIF, TGA or PSD (JPEG changes their values)";

    /// <summary>Reads a mask.</summary>
    /// <param name="folder">The set's folder.</param>
    /// <param name="file">The mask's file.</param>
    /// <exception cref="InputException">It cannot be read, or is a JPEG.</exception>
    public static IndexPng Read(LabelFolder folder, string file)
    {
        string path = folder.Full(file);
        LabelFolder.RequireContent(path);
        return Decode(ImageFile.ReadBytes(path), path);
    }

    /// <summary>Reads a mask of the size of an image.</summary>
    /// <exception cref="InputException">It cannot be read, or has another size.</exception>
    public static IndexPng Read(LabelFolder folder, string file, LabelCanvas canvas)
    {
        IndexPng mask = Read(folder, file);
        canvas.RequireSize(folder.Full(file), mask.Width, mask.Height);
        return mask;
    }

    /// <summary>The mask in a file's bytes.</summary>
    /// <param name="data">The whole file.</param>
    /// <param name="name">The file's name, for messages.</param>
    /// <exception cref="InputException">The bytes are no mask.</exception>
    public static IndexPng Decode(byte[] data, string name)
    {
        if (!data.AsSpan().StartsWith(PngFile.Signature))
        {
            if (data.AsSpan().StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF]))
            {
                throw new InputException($"{name}: a JPEG cannot be a mask; {Advice}");
            }

            RgbImage image = ImageFile.Decode(data, name);
            return new IndexPng(image.Width, image.Height, 3, 8, Array.ConvertAll(image.Pixels, b => (ushort)b), null);
        }

        try
        {
            return IndexPng.Decode(data);
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException or OutOfMemoryException)
        {
            throw new InputException($"{name}: this PNG mask cannot be decoded: {e.Message}", e);
        }
    }
}
