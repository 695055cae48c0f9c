using Interp.Tests.Cuda.Ptx.Execution;

namespace Interp.Tests.Cuda.Ptx.Instructions;

/// <summary>An instruction that the lanes of a warp execute together: each lane waits until all that its mask names have come to
/// it.</summary>
internal abstract class WarpInstruction(int mask) : Instruction
{
    internal sealed override Flow Execute(PtxThread thread)
    {
        thread.Phase = ThreadPhase.AtWarpInstruction;
        return Flow.Stop;
    }

    /// <summary>The lanes that a lane names.</summary>
    internal uint Mask(PtxThread thread) => (uint)thread[mask];

    /// <summary>Executes it on lanes that are all there; null for lanes that take no part.</summary>
    internal abstract void ExecuteTogether(PtxThread?[] lanes);
}
