using Interp.Tests.Cuda.Ptx.Execution;

namespace Interp.Tests.Cuda.Ptx.Instructions;

/// <summary><c>trap</c>.</summary>
internal sealed class TrapInstruction : Instruction
{
    internal override Flow Execute(PtxThread thread) => throw new PtxFault(FaultKind.Trap, "trap");
}
