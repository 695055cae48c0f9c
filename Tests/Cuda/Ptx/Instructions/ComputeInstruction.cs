using Interp.Tests.Cuda.Ptx.Execution;
using Interp.Tests.Cuda.Ptx.Operations;

namespace Interp.Tests.Cuda.Ptx.Instructions;

/// <summary>A register from others. Operands that the operation does not have are slots of a constant.</summary>
internal sealed class ComputeInstruction(Operation operation, int result, int a, int b, int c, int d) : Instruction
{
    internal override Flow Execute(PtxThread thread)
    {
        thread[result] = operation(thread[a], thread[b], thread[c], thread[d]);
        return Flow.Next;
    }
}
