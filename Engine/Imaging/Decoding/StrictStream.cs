namespace Interp.Engine.Imaging.Decoding;

/// <summary>
/// A file's bytes for the image library, which takes missing bytes for zeros and follows lengths that jump backwards: here the first is a
/// truncated file and the second a damaged one, so that neither a made-up image nor an endless loop can come of it.
/// </summary>
internal sealed class StrictStream(byte[] bytes) : Stream
{
    private long _position;

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length => bytes.Length;

    public override long Position
    {
        get => _position;
        set => Seek(value, SeekOrigin.Begin);
    }

    public override int ReadByte() => _position < bytes.Length ? bytes[_position++] : throw Truncated();

    public override int Read(Span<byte> buffer)
    {
        if (bytes.Length - _position < buffer.Length)
        {
            throw Truncated();
        }

        bytes.AsSpan((int)_position, buffer.Length).CopyTo(buffer);
        _position += buffer.Length;
        return buffer.Length;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override long Seek(long offset, SeekOrigin origin)
    {
        if (offset < 0 || origin == SeekOrigin.End)
        {
            throw new InvalidDataException($"a length of {offset} bytes at byte {_position}");
        }

        return _position = origin == SeekOrigin.Begin ? offset : _position + offset;
    }

    public override void Flush()
    {
    }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    private EndOfStreamException Truncated() => new($"the file ends too early, after {bytes.Length} bytes");
}
