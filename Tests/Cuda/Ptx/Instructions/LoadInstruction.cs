using Interp.Tests.Cuda.Ptx.Execution;
using Interp.Tests.Cuda.Ptx.Parsing;
using Interp.Tests.Cuda.Ptx.Storage;

namespace Interp.Tests.Cuda.Ptx.Instructions;

/// <summary><c>ld</c>, of one element or of the elements of a vector; signed elements fill the register's upper bits with their
/// sign.</summary>
internal sealed class LoadInstruction(int[] results, int address, long offset, PtxType type, StateSpace space, bool nonCoherent)
    : Instruction
{
    internal override Flow Execute(PtxThread thread)
    {
        ulong at = thread[address] + (ulong)offset;
        MemoryWindow window = thread.Find(at, space);
        int first = window.Locate(at, type.Bytes * results.Length);
        for (int i = 0; i < results.Length; i++)
        {
            ulong bits = window.Read(thread, first + (i * type.Bytes), type.Bytes, nonCoherent);
            int unused = 64 - (8 * type.Bytes);
            thread[results[i]] = type.IsSigned ? (ulong)((long)(bits << unused) >> unused) : bits;
        }

        return Flow.Next;
    }
}
