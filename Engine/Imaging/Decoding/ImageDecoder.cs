using System.Text;
using Interp.Engine.Common;
using StbImageSharp;

namespace Interp.Engine.Imaging.Decoding;

/// <summary>
/// Decodes image files of any supported kind, told apart by their content, with StbImageSharp. That library works on unmanaged memory and
/// trusts much of what a file says, so each file is inspected first, read through a <see cref="StrictStream"/>, and anything thrown is an
/// input error; but a library that cannot be loaded is not the file's fault.
/// </summary>
internal static class ImageDecoder
{
    /// <summary>The image in a file's bytes, upright, in RGB.</summary>
    /// <param name="data">The whole file.</param>
    /// <param name="name">The file's name, for messages.</param>
    /// <exception cref="InputException">The bytes are not a whole, sound image of a supported kind.</exception>
    public static RgbImage Decode(byte[] data, string name)
    {
        ImageFormat format = Identify(data, name);
        try
        {
            return DecodeAs(format, data);
        }
        catch (Exception e) when (e is not InputException && !IsLoadError(e))
        {
            string reason = e switch
            {
                OutOfMemoryException => "not enough memory",
                InvalidDataException or EndOfStreamException or InvalidOperationException when e.Message.Length > 0 => Printable(e.Message),
                _ => "it is damaged",
            };
            throw new InputException($"{name}: this {format.Name} file cannot be decoded: {reason}", e);
        }
    }

    /// <summary>The format of a file that begins with these bytes.</summary>
    /// <exception cref="InputException">None that can be read; the message says what the file is instead.</exception>
    public static ImageFormat Identify(ReadOnlySpan<byte> head, string name)
    {
        if (head.Length == 0)
        {
            throw new InputException($"{name}: the file is empty, expected an image ({ImageFormat.Names})");
        }

        if (ImageFormat.Of(head) is { } format)
        {
            return format;
        }

        string found = ForeignKind.OfContent(head) is { } kind
            ? $"its content is {kind.Name}, expected {ImageFormat.Names}; {kind.AdviceFor(name)}"
            : $"not an image: expected the content of {ImageFormat.Names}, found {Quote(head[..Math.Min(head.Length, 16)])}";
        throw new InputException($"{name}: {found}");
    }

    private static RgbImage DecodeAs(ImageFormat format, byte[] data)
    {
        PreparedFile file = format.Prepare(data);
        ImageInfo size = ImageInfo.FromStream(new StrictStream(file.Data))
            ?? throw new InvalidDataException("its header is damaged or of a kind that is not supported; save it as PNG");
        long height = Math.Abs((long)size.Height); // a BMP whose rows go downwards has a negative one
        ImageSize.Check(size.Width / file.Step, height, data.Length);
        var stream = new StrictStream(file.Data);
        ImageResult result = ImageResult.FromStream(stream, ColorComponents.RedGreenBlue);
        return stream.Position >= file.End
            ? file.Finish(result)
            : throw new InvalidDataException($"decoding stopped at byte {stream.Position} of {file.End}");
    }

    /// <summary>Whether the exception says that a part of the program is missing or damaged.</summary>
    private static bool IsLoadError(Exception e) => e is FileNotFoundException or FileLoadException or BadImageFormatException
        or TypeLoadException or TypeInitializationException or MissingMemberException;

    /// <summary>The library's reasons may quote bytes of the file.</summary>
    private static string Printable(string message) => string.Concat(message.Select(c => char.IsControl(c) ? ' ' : c)).Trim();

    private static string Quote(ReadOnlySpan<byte> start)
    {
        foreach (byte b in start)
        {
            if (b is (< 32 or > 126) and not ((byte)'\t' or (byte)'\r' or (byte)'\n'))
            {
                return $"the bytes {Convert.ToHexString(start)}";
            }
        }

        return $"the text '{Printable(Encoding.ASCII.GetString(start))}'";
    }
}
