using System.Numerics;
using System.Runtime.InteropServices;

namespace Interp.Engine.Cpu;

/// <summary>
/// Sends sleeping workers to processors other than their caller's for the moment in which they wake up. Left to itself Linux often wakes a
/// thread on the
/// processor of the one that wakes it, above all in virtual machines, where an idle processor looks as if the host had taken it away; there
/// it waits for
/// milliseconds, until the caller's time is up. Once awake, a worker may again run wherever its caller may. On Linux only; elsewhere, or
/// where it is
/// forbidden, nothing happens.
/// </summary>
/// <param name="allowed">Where the caller may run, a bit for each processor.</param>
/// <param name="current">Where it runs.</param>
internal sealed unsafe partial class ThreadPlacement(ulong[] allowed, int current)
{
    private const int WordBits = 64;
    private const int Words = 16; // What glibc's cpu_set_t holds: 1024 processors.

    private readonly int _count = allowed.Sum(BitOperations.PopCount);

    /// <summary>Seen from the calling thread; null where there is nothing to choose or to be known.</summary>
    public static ThreadPlacement? Here()
    {
        if (!OperatingSystem.IsLinux())
        {
            return null;
        }

        try
        {
            var allowed = new ulong[Words];
            fixed (ulong* mask = allowed)
            {
                int current = CurrentProcessor();
                return current >= 0 && GetAffinity(0, Words * sizeof(ulong), mask) == 0 && allowed.Sum(BitOperations.PopCount) > 1
                    ? new ThreadPlacement(allowed, current) : null;
            }
        }
        catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException)
        {
            return null;
        }
    }

    /// <summary>The calling thread's number, or 0 where it can't be had.</summary>
    public static int ThreadId()
    {
        try
        {
            return OperatingSystem.IsLinux() ? GetThreadId() : 0;
        }
        catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException)
        {
            return 0;
        }
    }

    /// <summary>
    /// Sends a thread to one of the other processors: with as many threads as processors to one for each, otherwise to whichever the kernel
    /// finds.
    /// </summary>
    /// <param name="thread">Its <see cref="ThreadId"/>.</param>
    /// <param name="worker">Its number among the caller's workers, from 1.</param>
    /// <param name="threads">Number of threads, the caller's included.</param>
    public void Send(int thread, int worker, int threads)
    {
        if (thread == 0)
        {
            return;
        }

        ulong* mask = stackalloc ulong[Words];
        allowed.CopyTo(new Span<ulong>(mask, Words));
        if (threads < _count)
        {
            mask[current / WordBits] &= ~(1ul << (current % WordBits));
        }
        else
        {
            int processor = Next(current, worker % _count);
            new Span<ulong>(mask, Words).Clear();
            mask[processor / WordBits] = 1ul << (processor % WordBits);
        }

        _ = SetAffinity(thread, Words * sizeof(ulong), mask);
    }

    /// <summary>Lets the calling thread run wherever the caller may.</summary>
    public void Free()
    {
        fixed (ulong* mask = allowed)
        {
            _ = SetAffinity(0, Words * sizeof(ulong), mask);
        }
    }

    /// <summary>The allowed processor so many steps after another, in a circle.</summary>
    private int Next(int processor, int steps)
    {
        while (steps > 0)
        {
            processor = (processor + 1) % (Words * WordBits);
            steps -= (int)(allowed[processor / WordBits] >> (processor % WordBits)) & 1;
        }

        return processor;
    }

    [LibraryImport("libc", EntryPoint = "sched_getaffinity")]
    private static partial int GetAffinity(int thread, nint bytes, ulong* mask);

    [LibraryImport("libc", EntryPoint = "sched_setaffinity")]
    private static partial int SetAffinity(int thread, nint bytes, ulong* mask);

    [LibraryImport("libc", EntryPoint = "sched_getcpu")]
    private static partial int CurrentProcessor();

    [LibraryImport("libc", EntryPoint = "gettid")]
    private static partial int GetThreadId();
}
