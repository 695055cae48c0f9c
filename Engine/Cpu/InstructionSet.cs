using System.Runtime.Intrinsics.X86;
using Interp.Engine.Common;

namespace Interp.Engine.Cpu;

/// <summary>The width of registers that the CPU kernels use. All give the same bits.</summary>
public enum InstructionSet
{
    /// <summary>128-bit vectors: Arm AdvSimd, SSE, or scalar code by the runtime's fallback.</summary>
    Vector128,

    /// <summary>256-bit vectors with fused multiply-add.</summary>
    Avx2,

    /// <summary>512-bit vectors.</summary>
    Avx512,
}

/// <summary>Which instruction sets this machine has.</summary>
public static class InstructionSets
{
    /// <summary>
    /// The widest set that works here. <c>Vector512.IsHardwareAccelerated</c> is not asked, since the runtime answers false on processors
    /// that it
    /// thinks would slow down, although the instructions work.
    /// </summary>
    public static InstructionSet Best => Supported(InstructionSet.Avx512) ? InstructionSet.Avx512
        : Supported(InstructionSet.Avx2) ? InstructionSet.Avx2 : InstructionSet.Vector128;

    /// <summary>Whether this machine has the set.</summary>
    public static bool Supported(InstructionSet set) => set switch
    {
        InstructionSet.Avx512 => Avx512F.IsSupported && Avx512BW.IsSupported && Avx512DQ.IsSupported && Avx512F.VL.IsSupported,
        InstructionSet.Avx2 => Avx2.IsSupported && Fma.IsSupported,
        _ => true,
    };

    /// <summary>Whether the set's kernels run here, be it with every register as two: that is slow, but shows that they compute the right
    /// thing.</summary>
    internal static bool Runs(InstructionSet set) => Supported(set) || (set == InstructionSet.Avx512 && Supported(InstructionSet.Avx2));

    internal static InstructionSet Require(InstructionSet? wanted, bool emulated)
    {
        InstructionSet set = wanted ?? Best;
        return Supported(set) || (emulated && Runs(set)) ? set
            : throw new BackendException($"this processor has no {set}; the widest that it has is {Best}");
    }
}
