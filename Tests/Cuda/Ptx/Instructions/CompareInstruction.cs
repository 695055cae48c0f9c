using Interp.Tests.Cuda.Ptx.Execution;
using Interp.Tests.Cuda.Ptx.Operations;

namespace Interp.Tests.Cuda.Ptx.Instructions;

/// <summary><c>setp</c>: p = (a compared with b) combined with c, and q = (not a compared with b) combined with c.</summary>
internal sealed class CompareInstruction(Comparison comparison, Func<bool, bool, bool> combine, int[] results, int a, int b, int c)
    : Instruction
{
    internal override Flow Execute(PtxThread thread)
    {
        bool found = comparison(thread[a], thread[b]), other = thread[c] != 0;
        thread[results[0]] = combine(found, other) ? 1UL : 0;
        if (results.Length > 1)
        {
            thread[results[1]] = combine(!found, other) ? 1UL : 0;
        }

        return Flow.Next;
    }
}
