using Interp.Tests.Cuda.Ptx.Execution;

namespace Interp.Tests.Cuda.Ptx.Instructions;

/// <summary><c>ret</c>, <c>exit</c>, and <c>bar.sync</c>, at which the threads of a block wait for one another.</summary>
internal sealed class StopInstruction(ThreadPhase phase) : Instruction
{
    internal override Flow Execute(PtxThread thread)
    {
        thread.Phase = phase;
        return Flow.Stop;
    }
}
