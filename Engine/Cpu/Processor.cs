using System.Runtime.Intrinsics.X86;

namespace Interp.Engine.Cpu;

/// <summary>What is known of the processor beside its instructions. It decides how work is cut, so it changes speed only.</summary>
internal static class Processor
{
    private const int ExtendedLeaves = unchecked((int)0x80000000), SecondLevelLeaf = unchecked((int)0x80000006);

    /// <summary>Bytes of a core's second-level cache: 1 MiB where the processor does not tell.</summary>
    public static long SecondLevelCache { get; } = ReadSecondLevelCache();

    private static long ReadSecondLevelCache()
    {
        int kibibytes = 0;
        if (X86Base.IsSupported && (uint)X86Base.CpuId(ExtendedLeaves, 0).Eax >= unchecked((uint)SecondLevelLeaf))
        {
            kibibytes = X86Base.CpuId(SecondLevelLeaf, 0).Ecx >>> 16; // Intel's processors and AMD's alike.
        }

        return kibibytes >= 128 ? (long)kibibytes << 10 : 1L << 20;
    }
}
