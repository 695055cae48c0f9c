using Interp.Tests.Cuda.Ptx.Execution;

namespace Interp.Tests.Cuda.Ptx.Instructions;

/// <summary><c>mov {a, b, ...}, d</c>: the parts of a register, the first from the lowest bits.</summary>
internal sealed class UnpackInstruction(int[] parts, int source, int partBits) : Instruction
{
    internal override Flow Execute(PtxThread thread)
    {
        ulong value = thread[source];
        for (int i = 0; i < parts.Length; i++)
        {
            thread[parts[i]] = (value >> (i * partBits)) & ((1UL << partBits) - 1);
        }

        return Flow.Next;
    }
}
