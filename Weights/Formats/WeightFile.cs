using System.Globalization;
using Interp.Engine.Common;
using Microsoft.Win32.SafeHandles;

namespace Interp.Weights.Formats;

/// <summary>
/// A weight file opened for reading at any position. It is read, not memory-mapped, so that a file which shrinks or fails while it is open
/// is an error like any other.
/// </summary>
internal sealed class WeightFile : IDisposable
{
    private const int HeadBytes = 512; // A tar archive is recognised at byte 257.
    private readonly SafeFileHandle _handle;
    private readonly long _start;
    private readonly bool _isPart;

    private WeightFile(string path, SafeFileHandle handle)
    {
        Path = path;
        _handle = handle;
        Length = RandomAccess.GetLength(handle);
    }

    private WeightFile(WeightFile whole, long start, long length)
    {
        (Path, _handle, _start, Length, _isPart) = (whole.Path, whole._handle, whole._start + start, length, true);
    }

    /// <summary>The file's path as given.</summary>
    public string Path { get; }

    /// <summary>The open file.</summary>
    public SafeFileHandle Handle => _handle;

    /// <summary>Its size in bytes when it was opened.</summary>
    public long Length { get; }

    /// <summary>Opens a file.</summary>
    /// <exception cref="ModelException">It is missing, empty, a folder, not a regular file, or may not be read.</exception>
    public static WeightFile Open(string path)
    {
        if (Directory.Exists(path))
        {
            throw new ModelException($"{path}: " + (ForeignModel.DescribeFolder(path)
                ?? "is a folder, expected a weight file (.pth, .pt, .ckpt, .safetensors); name the file in it"));
        }

        if (!File.Exists(path))
        {
            throw new ModelException($"{path}: no such file; is the path right?");
        }

        // Pipes and devices report no size; opening one could block for ever.
        if (new FileInfo(path).Length == 0)
        {
            throw new ModelException($"{path}: the file is empty (or not a regular file), expected weights; fetch or save it again");
        }

        try
        {
            return new WeightFile(path, File.OpenHandle(path));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ModelException($"{path}: cannot be read: {e.Message}; look at its permissions", e);
        }
    }

    /// <summary>The first bytes of a file, by which formats are recognised: up to 512.</summary>
    /// <inheritdoc cref="Open"/>
    public static byte[] HeadOf(string path)
    {
        using WeightFile file = Open(path);
        return file.Head();
    }

    /// <summary>The first bytes: up to 512.</summary>
    public byte[] Head()
    {
        var head = new byte[Math.Min(HeadBytes, Length)];
        Read(0, head);
        return head;
    }

    /// <summary>Takes the place of a file with an open copy of its content in another form, which keeps the file's name.</summary>
    /// <param name="copy">Closed with the result.</param>
    public WeightFile Replace(SafeFileHandle copy)
    {
        Dispose();
        return new WeightFile(Path, copy);
    }

    /// <summary>A stretch of the file, which lies inside it, as a file of its own: an archive inside an archive. It can be read as long as
    /// the whole is open, and closing it does nothing.</summary>
    public WeightFile Part(long start, long length) => new(this, start, length);

    /// <summary>Fills the destination with the bytes from a position on.</summary>
    /// <exception cref="ModelException">The file ends before that, or reading fails.</exception>
    public void Read(long position, Span<byte> destination)
    {
        try
        {
            while (!destination.IsEmpty)
            {
                Span<byte> inside = destination[..(int)Math.Clamp(Length - position, 0, destination.Length)];
                int read = RandomAccess.Read(_handle, inside, _start + position);
                if (read == 0)
                {
                    throw Error($"ends at byte {position}, {destination.Length} more are needed; it is truncated: fetch or save it again");
                }

                position += read;
                destination = destination[read..];
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Error($"cannot be read: {e.Message}; is the disk there?", e);
        }
    }

    /// <summary>An error that names this file, in one line.</summary>
    public ModelException Error(string what, Exception? cause = null) => new($"{Path}: {OneLine(what)}", cause);

    /// <summary>An error of a file whose parts do not fit each other.</summary>
    public ModelException Damaged(string what) => Error($"{what}; the file is damaged: fetch or save it again");

    /// <summary>A name from a file in quotes, cut to 100 characters.</summary>
    public static string Quote(string name) => name.Length <= 100 ? $"'{OneLine(name)}'" : $"'{OneLine(name[..100])}…'";

    /// <summary>Replaces what could break a line or change a terminal; text from files is in names and in parsers' messages.</summary>
    private static string OneLine(string text) => string.Create(text.Length, text, (line, source) =>
    {
        for (int i = 0; i < line.Length; i++)
        {
            line[i] = char.GetUnicodeCategory(source[i]) is UnicodeCategory.Control or UnicodeCategory.Format
                or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.Surrogate ? '?' : source[i];
        }
    });

    /// <summary>Closes the file.</summary>
    public void Dispose()
    {
        if (!_isPart)
        {
            _handle.Dispose();
        }
    }
}
