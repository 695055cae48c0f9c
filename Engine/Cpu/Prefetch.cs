using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Interp.Engine.Cpu;

/// <summary>Hints that memory will be read soon. They change nothing but time; any address is allowed.</summary>
internal static unsafe class Prefetch
{
    /// <summary>Fetches the cache line of an address into the first-level cache, on processors where the hint is known.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Line(void* address)
    {
        if (Sse.IsSupported)
        {
            Sse.Prefetch0(address);
        }
    }

    /// <summary>Fetches the cache line of an address into the second-level cache, on processors where the hint is known.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void LineToSecondLevel(void* address)
    {
        if (Sse.IsSupported)
        {
            Sse.Prefetch1(address);
        }
    }
}
