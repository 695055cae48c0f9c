using System.Runtime.Intrinsics.X86;
using Interp.Cli;
using Interp.Engine.Cpu;

namespace Interp.Tests.Cli;

/// <summary>Which of the native programs a processor gets.</summary>
[TestClass]
public sealed class NativeVariantTests
{
    private const string Both = "fpu avx avx2 avx512f";

    [TestMethod]
    [OSCondition(OperatingSystems.Linux)]
    public void Best_ThisProcessor_IsWhatTheRuntimeFinds()
    {
        if (!X86Base.X64.IsSupported)
        {
            Assert.Inconclusive("not an x64 processor");
        }

        Assert.AreEqual(InstructionSets.Best, NativeVariant.Best(X86Base.CpuId, NativeVariant.KernelFlags()));
    }

    /// <summary>Registers of an EPYC of Zen 5, of a Haswell, and of these with single instructions or the kernel's leave missing.</summary>
    [TestMethod]
    [DataRow(7, 0xFED83203u, 0x440001F1u, 0xF1BB03A9u, Both, InstructionSet.Avx512)] // The kernel's list lacks abm, which is lzcnt.
    [DataRow(7, 0xFED83203u, 0x440001D1u, 0xF1BB03A9u, Both, InstructionSet.Vector128)] // No lzcnt.
    [DataRow(7, 0xFE983203u, 0x440001F1u, 0xF1BB03A9u, Both, InstructionSet.Vector128)] // No movbe.
    [DataRow(7, 0xFED82203u, 0x440001F1u, 0xF1BB03A9u, Both, InstructionSet.Vector128)] // No fma.
    [DataRow(7, 0xFED83203u, 0x440001F1u, 0x71BB03A9u, Both, InstructionSet.Avx2)] // AVX-512 without VL.
    [DataRow(7, 0xFED83203u, 0x440001F1u, 0xF1BB03A9u, "fpu avx avx2", InstructionSet.Avx2)] // The kernel keeps no 512-bit registers.
    [DataRow(7, 0xFED83203u, 0x440001F1u, 0xF1BB03A9u, "fpu", InstructionSet.Vector128)]
    [DataRow(7, 0xFED83203u, 0x440001F1u, 0xF1BB03A9u, "", InstructionSet.Vector128)] // No list at all.
    [DataRow(7, 0x7FFAFBFFu, 0x00000021u, 0x000037ABu, Both, InstructionSet.Avx2)] // Haswell.
    [DataRow(6, 0xFED83203u, 0x440001F1u, 0xF1BB03A9u, Both, InstructionSet.Vector128)] // Leaf 7 is not there, whatever it gives.
    public void Best_Registers_NeedsAllInstructions(
        int leaves, uint leaf1, uint extended1, uint leaf7, string kernelFlags, InstructionSet expected)
    {
        (int, int, int, int) Registers(int leaf, int part) => unchecked((uint)leaf) switch
        {
            0 => (leaves, 0, 0, 0),
            1 => (0, 0, (int)leaf1, 0),
            7 => (0, (int)leaf7, 0, 0),
            0x80000000 => (unchecked((int)0x80000008), 0, 0, 0),
            0x80000001 => (0, 0, (int)extended1, 0),
            _ => throw new ArgumentOutOfRangeException(nameof(leaf), leaf, $"part {part}"),
        };

        Assert.AreEqual(expected, NativeVariant.Best(Registers, kernelFlags.Split(' ')));
    }
}
