using Interp.Tests.Cuda.Ptx.Execution;

namespace Interp.Tests.Cuda.Ptx.Instructions;

/// <summary><c>vote.sync</c>: what the lanes' predicates are together; the bit of a lane is set where its predicate holds.</summary>
internal sealed class VoteInstruction(Func<uint, uint, ulong> count, int result, int predicate, int mask) : WarpInstruction(mask)
{
    internal override void ExecuteTogether(PtxThread?[] lanes)
    {
        uint present = 0, holds = 0;
        for (int lane = 0; lane < lanes.Length; lane++)
        {
            present |= lanes[lane] is null ? 0 : 1u << lane;
            holds |= lanes[lane] is { } thread && thread[predicate] != 0 ? 1u << lane : 0;
        }

        foreach (PtxThread thread in lanes.OfType<PtxThread>())
        {
            thread[result] = count(holds, present);
        }
    }
}
