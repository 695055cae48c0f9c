using Interp.Tests.Cuda.Ptx.Execution;
using Interp.Tests.Cuda.Ptx.Parsing;
using Interp.Tests.Cuda.Ptx.Storage;

namespace Interp.Tests.Cuda.Ptx.Instructions;

/// <summary><c>st</c>, of one element or of the elements of a vector.</summary>
internal sealed class StoreInstruction(int address, long offset, int[] sources, PtxType type, StateSpace space) : Instruction
{
    internal override Flow Execute(PtxThread thread)
    {
        ulong at = thread[address] + (ulong)offset;
        MemoryWindow window = thread.Find(at, space);
        int first = window.Locate(at, type.Bytes * sources.Length);
        for (int i = 0; i < sources.Length; i++)
        {
            window.Write(thread, first + (i * type.Bytes), type.Bytes, thread[sources[i]]);
        }

        return Flow.Next;
    }
}
