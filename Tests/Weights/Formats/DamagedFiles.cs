using System.Diagnostics;
using Interp.Engine.Common;

namespace Interp.Tests.Weights.Formats;

/// <summary>
/// Reads damaged files: each either reads or is refused with a <see cref="ModelException"/> of one line that begins with its path, soon and
/// within memory in proportion to its size.
/// </summary>
/// <param name="fixedBytes">What reading may allocate, whatever the file holds.</param>
/// <param name="bytesPerByte">What it may allocate for each byte of the file.</param>
/// <param name="seconds">Milliseconds are usual; the bound only tells a hang from a busy machine.</param>
internal sealed class DamagedFiles(long fixedBytes, long bytesPerByte, double seconds = 10)
{
    private readonly long _start = Stopwatch.GetTimestamp();
    private readonly HashSet<string> _kinds = new(StringComparer.Ordinal);
    private int _count;
    private int _read;
    private long _most;
    private double _slowest;

    /// <summary>What was read, in one line.</summary>
    internal string Summary => $"{_count} files, {_read} read, {_count - _read} refused with {_kinds.Count} kinds of messages; at most "
        + $"{_most} bytes and {_slowest:f3} s each, {Stopwatch.GetElapsedTime(_start).TotalSeconds:f0} s in all";

    /// <summary>Reads a file; false if it is refused as it should be, an error of the test if anything else happens.</summary>
    /// <param name="file">The file.</param>
    /// <param name="content">Its bytes.</param>
    /// <param name="read">Reads what is at a path; false where nothing of the kind is there.</param>
    internal bool Reads(ScratchFile file, ReadOnlySpan<byte> content, Func<string, bool> read)
    {
        file.Write(content);
        long before = GC.GetAllocatedBytesForCurrentThread(), began = Stopwatch.GetTimestamp();
        bool isRead = IsRead(file.Path, read);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        double took = Stopwatch.GetElapsedTime(began).TotalSeconds;
        Assert.IsLessThan(fixedBytes + bytesPerByte * content.Length, allocated, $"{allocated} bytes for a file of {content.Length}");
        Assert.IsLessThan(seconds, took);
        (_most, _slowest) = (Math.Max(_most, allocated), Math.Max(_slowest, took));
        _count++;
        _read += isRead ? 1 : 0;
        return isRead;
    }

    /// <summary>Both ends are reached: damage in the values goes unseen, damage in the structure does not.</summary>
    internal void RequireBothEnds() => Assert.IsInRange(1, _count - 1, _read);

    private bool IsRead(string path, Func<string, bool> read)
    {
        try
        {
            return read(path);
        }
        catch (ModelException e)
        {
            Assert.StartsWith(path + ": ", e.Message);
            Assert.DoesNotContain('\n', e.Message);
            Assert.IsLessThan(path.Length + 1500, e.Message.Length, e.Message);
            _kinds.Add(new([.. e.Message[path.Length..].Where(char.IsAsciiLetter).Take(24)]));
            return false;
        }
    }
}
