using System.Buffers.Binary;

namespace Interp.Engine.Imaging.Decoding;

/// <summary>
/// A JPEG file's segments, walked before the image library decodes it. The library shows memory as it found it where a file has no data for
/// a component or for the rest of a scan, and stops without a word at a segment that it does not like; the first two are found here, the
/// last by comparing <see cref="PreparedFile.End"/>.
/// </summary>
internal sealed class JpegFile
{
    private const byte StartOfScan = 0xDA, EndOfImage = 0xD9, RestartInterval = 0xDD, App1 = 0xE1, App14 = 0xEE;

    private readonly HashSet<byte> _missing = [];
    private JpegFrame? _frame;
    private int _interval;
    private long _restartsDue;
    private long _restarts;
    private bool _adobe;

    private byte[] _data; // with the marker that says "not YCCK" added where four components come without one
    private int _orientation = 1;
    private int _end; // what follows (a second image, a film) is not looked at

    private JpegFile(byte[] data) => _data = data;

    /// <summary>Walks a file that starts with <c>FF D8</c>.</summary>
    /// <exception cref="EndOfStreamException">The file has no end-of-image marker.</exception>
    /// <exception cref="InvalidDataException">The file is damaged or a kind of JPEG that is not supported.</exception>
    public static PreparedFile Prepare(byte[] data)
    {
        var file = new JpegFile(data);
        file.Walk();
        return new PreparedFile(file._data) { Orientation = file._orientation, End = file._end };
    }

    private void Walk()
    {
        int at = 2;
        for (byte marker = NextMarker(ref at); marker != EndOfImage; marker = NextMarker(ref at))
        {
            int length = at + 2 <= _data.Length ? BinaryPrimitives.ReadUInt16BigEndian(_data.AsSpan(at)) : int.MaxValue;
            if (length > _data.Length - at)
            {
                throw Truncated();
            }

            if (length < 2)
            {
                throw new InvalidDataException($"a segment of {length} bytes at byte {at}");
            }

            Segment(marker, _data.AsSpan(at + 2, length - 2));
            at += length;
        }

        _end = at;
        if (_frame is null || _missing.Count > 0)
        {
            string lack = _frame is null ? "it holds no image" : $"{_missing.Count} of its colour components have no data";
            throw new InvalidDataException(lack);
        }

        // Four components without Adobe's marker are plain CMYK; the library would take them for YCCK.
        if (_frame.Components.Count == 4 && !_adobe)
        {
            byte[] plain = [0xFF, App14, 0, 14, .. "Adobe"u8, 0, 100, 0, 0, 0, 0, 0];
            _data = [.. _data[..2], .. plain, .. _data[2..]];
            _end += plain.Length;
        }
    }

    private void Segment(byte marker, ReadOnlySpan<byte> content)
    {
        switch (marker)
        {
            case 0xC0 or 0xC1 or 0xC2:
                _frame = _frame is null ? JpegFrame.Parse(content) : throw new InvalidDataException("it holds two frames");
                _missing.UnionWith(_frame.Components.Select(c => c.Id));
                break;
            case >= 0xC3 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC):
                throw new InvalidDataException(
                    "lossless, hierarchical or arithmetic-coded JPEG is not supported; save it as baseline JPEG");
            case StartOfScan when _frame is not null && content.Length >= 4 && content.Length >= 4 + (2 * content[0]):
                StartScan(_frame, content);
                break;
            case RestartInterval when content.Length >= 2:
                _interval = BinaryPrimitives.ReadUInt16BigEndian(content);
                break;
            case App1 when content.StartsWith("Exif\0\0"u8):
                _orientation = ExifOrientation.Read(content[6..]);
                break;
            case App14 when content.StartsWith("Adobe"u8):
                _adobe = true;
                break;
            default:
                break;
        }
    }

    private void StartScan(JpegFrame frame, ReadOnlySpan<byte> content)
    {
        int count = content[0];
        var ids = new byte[count];
        for (int i = 0; i < count; i++)
        {
            ids[i] = content[1 + (2 * i)];
        }

        bool isFirst = content[1 + (2 * count)] == 0 && content[3 + (2 * count)] >> 4 == 0;
        if (isFirst)
        {
            _missing.ExceptWith(ids);
        }
        else if (_missing.Overlaps(ids))
        {
            throw new InvalidDataException("its scans are not in order");
        }

        _restarts = 0;
        _restartsDue = _interval == 0 ? 0 : (frame.Units(ids) - 1) / _interval;
    }

    /// <summary>
    /// The next marker, past entropy-coded data with its stuffed zeros and restart markers, and past stray bytes between segments.
    /// </summary>
    private byte NextMarker(ref int at)
    {
        while (true)
        {
            int found = _data.AsSpan(at).IndexOf((byte)0xFF);
            at += found;
            while (found >= 0 && at < _data.Length && _data[at] == 0xFF)
            {
                at++;
            }

            if (found < 0 || at >= _data.Length)
            {
                throw Truncated();
            }

            byte marker = _data[at++];
            if (marker is >= 0xD0 and <= 0xD7)
            {
                _restarts++;
            }
            else if (marker is not (0 or 1))
            {
                return _restarts >= _restartsDue
                    ? marker
                    : throw new InvalidDataException($"a scan has {_restarts} of {_restartsDue} restart markers");
            }
        }
    }

    private EndOfStreamException Truncated() =>
        new($"the file ends too early, after {_data.Length} bytes and without an end-of-image marker");
}
