using Interp.Engine.Backends;

namespace Interp.Engine.Cpu;

/// <summary>
/// Where the values of a group of images lie: what is needed after a pass in memory of the group's own, and what only passes through, if
/// groups run one after another on a thread, in memory of the thread's, which stays in its caches.
/// </summary>
/// <param name="isSplit">Whether there are several groups; with one, both share a block, and a place that is free is used again.</param>
internal sealed class CpuPlan(bool isSplit)
{
    private readonly MemoryPlan _lasting = new();
    private readonly MemoryPlan _passing = new();

    /// <summary>Bytes of a group's own memory.</summary>
    public long LastingBytes => ToPage(_lasting.Bytes);

    /// <summary>Bytes of a thread's memory.</summary>
    public long PassingBytes => ToPage(_passing.Bytes);

    /// <summary>Announces a buffer that is alive from step <paramref name="first"/> to step <paramref name="last"/>, both
    /// included.</summary>
    public MemoryPlan.Buffer Add(long bytes, int first, int last) =>
        (isSplit && last != MemoryPlan.Forever ? _passing : _lasting).Add(bytes, first, last);

    /// <summary>Gives every buffer its place.</summary>
    public void Place()
    {
        _lasting.Place();
        _passing.Place();
    }

    /// <summary>The address of a buffer.</summary>
    public nint Find(MemoryPlan.Buffer? buffer, nint lasting, nint passing) => buffer is null ? 0
        : (isSplit && buffer.Last != MemoryPlan.Forever ? passing : lasting) + (nint)buffer.Offset;

    /// <summary>The bytes of whole pages that hold so many.</summary>
    public static long ToPage(long bytes) => (bytes + 4095) / 4096 * 4096;
}
