using Interp.Tests.Cuda.Ptx.Execution;

namespace Interp.Tests.Cuda.Ptx.Instructions;

/// <summary><c>bra</c>.</summary>
internal sealed class BranchInstruction(string label) : Instruction
{
    internal string Label => label;

    /// <summary>The index of the instruction behind the label.</summary>
    internal int Target { get; set; }

    internal override Flow Execute(PtxThread thread)
    {
        thread.Next = Target;
        return Flow.Jump;
    }
}
