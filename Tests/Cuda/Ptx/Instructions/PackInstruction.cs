using Interp.Tests.Cuda.Ptx.Execution;

namespace Interp.Tests.Cuda.Ptx.Instructions;

/// <summary><c>mov d, {a, b, ...}</c>: a register from parts, the first in the lowest bits.</summary>
internal sealed class PackInstruction(int result, int[] parts, int partBits) : Instruction
{
    internal override Flow Execute(PtxThread thread)
    {
        ulong value = 0;
        for (int i = 0; i < parts.Length; i++)
        {
            value |= (thread[parts[i]] & ((1UL << partBits) - 1)) << (i * partBits);
        }

        thread[result] = value;
        return Flow.Next;
    }
}
