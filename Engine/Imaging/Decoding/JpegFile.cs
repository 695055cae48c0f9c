using System.Buffers.Binary;

namespace Interp.Engine.Imaging.Decoding;

/// <summary>
/// A JPEG file's segments, walked before the image library decodes it. The library leaves memory as it found it where a file has no data for a
/// component, and stops without a word at a segment that it does not like; both are found here or by comparing <see cref="End"/>.
/// </summary>
internal sealed class JpegFile
{
    private const byte StartOfScan = 0xDA, EndOfImage = 0xD9, App1 = 0xE1, App14 = 0xEE;

    private readonly HashSet<byte> _missing = [];
    private int _components;
    private bool _adobe;

    private JpegFile(byte[] data) => Data = data;

    /// <summary>The bytes to decode: the file, with the marker that says "not YCCK" added where four components come without one.</summary>
    public byte[] Data { get; private set; }

    /// <summary>The EXIF orientation, 1 if none is given.</summary>
    public int Orientation { get; private set; } = 1;

    /// <summary>Where the picture ends in <see cref="Data"/>; what follows (a second picture, a film) is not looked at.</summary>
    public int End { get; private set; }

    /// <summary>Walks a file that starts with <c>FF D8</c>.</summary>
    /// <exception cref="EndOfStreamException">The file has no end-of-image marker.</exception>
    /// <exception cref="InvalidDataException">The file is damaged or a kind of JPEG that is not supported.</exception>
    public static JpegFile Inspect(byte[] data)
    {
        var file = new JpegFile(data);
        file.Walk();
        return file;
    }

    private void Walk()
    {
        int at = 2;
        for (byte marker = NextMarker(ref at); marker != EndOfImage; marker = NextMarker(ref at))
        {
            int length = at + 2 <= Data.Length ? BinaryPrimitives.ReadUInt16BigEndian(Data.AsSpan(at)) : int.MaxValue;
            if (length > Data.Length - at)
            {
                throw Truncated();
            }

            if (length < 2)
            {
                throw new InvalidDataException($"a segment of {length} bytes at byte {at}");
            }

            Segment(marker, Data.AsSpan(at + 2, length - 2));
            at += length;
        }

        End = at;
        if (_components == 0 || _missing.Count > 0)
        {
            throw new InvalidDataException(_components == 0 ? "it holds no picture" : $"{_missing.Count} of its {_components} colour components have no data");
        }

        // Four components without Adobe's marker are plain CMYK; the library would take them for YCCK.
        if (_components == 4 && !_adobe)
        {
            byte[] plain = [0xFF, App14, 0, 14, .. "Adobe"u8, 0, 100, 0, 0, 0, 0, 0];
            Data = [.. Data[..2], .. plain, .. Data[2..]];
            End += plain.Length;
        }
    }

    private void Segment(byte marker, ReadOnlySpan<byte> content)
    {
        switch (marker)
        {
            case 0xC0 or 0xC1 or 0xC2 when content.Length >= 6 && content.Length >= 6 + (3 * content[5]):
                if (_components != 0)
                {
                    throw new InvalidDataException("it holds two frames");
                }

                _components = content[5];
                for (int i = 0; i < _components; i++)
                {
                    _missing.Add(content[6 + (3 * i)]);
                }

                break;
            case >= 0xC3 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC):
                throw new InvalidDataException("lossless, hierarchical and arithmetic-coded JPEG are not supported; save it as baseline or progressive JPEG");
            case StartOfScan when content.Length >= 4 && content.Length >= 4 + (2 * content[0]):
                // The first coefficient of a block comes first; a scan of only later ones gives a component no picture yet.
                if (content[1 + (2 * content[0])] == 0)
                {
                    for (int i = 0; i < content[0]; i++)
                    {
                        _missing.Remove(content[1 + (2 * i)]);
                    }
                }

                break;
            case App1 when content.StartsWith("Exif\0\0"u8):
                Orientation = ExifOrientation.Read(content[6..]);
                break;
            case App14 when content.StartsWith("Adobe"u8):
                _adobe = true;
                break;
            default:
                break;
        }
    }

    /// <summary>The next marker, past entropy-coded data with its stuffed zeros and restart markers, and past stray bytes between segments.</summary>
    private byte NextMarker(ref int at)
    {
        while (true)
        {
            int found = Data.AsSpan(at).IndexOf((byte)0xFF);
            at += found;
            while (found >= 0 && at < Data.Length && Data[at] == 0xFF)
            {
                at++;
            }

            if (found < 0 || at >= Data.Length)
            {
                throw Truncated();
            }

            byte marker = Data[at++];
            if (marker is not (0 or 1 or (>= 0xD0 and <= 0xD7)))
            {
                return marker;
            }
        }
    }

    private EndOfStreamException Truncated() => new($"the file ends too early, after {Data.Length} bytes and without an end-of-image marker");
}
