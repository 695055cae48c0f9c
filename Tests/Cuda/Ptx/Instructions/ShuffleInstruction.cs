using Interp.Tests.Cuda.Ptx.Execution;

namespace Interp.Tests.Cuda.Ptx.Instructions;

/// <summary><c>shfl.sync</c>: each lane takes another's value; the rules of source lanes are those of the PTX ISA, section
/// "shfl.sync".</summary>
internal sealed class ShuffleInstruction(ShuffleMode mode, int[] results, int value, int distance, int clamp, int mask)
    : WarpInstruction(mask)
{
    internal override void ExecuteTogether(PtxThread?[] lanes)
    {
        ulong?[] given = [.. lanes.Select(l => l is null ? (ulong?)null : l[value])];
        for (int lane = 0; lane < lanes.Length; lane++)
        {
            if (lanes[lane] is not { } thread)
            {
                continue;
            }

            (int source, bool inside) = Source(lane, (int)thread[distance] & 31, (int)thread[clamp]);
            thread[results[0]] = given[source]
                ?? throw new PtxFault(FaultKind.DivergentWarp,
                $"lane {lane} takes the value of lane {source}, which takes no part in the shuffle");
            if (results.Length > 1)
            {
                thread[results[1]] = inside ? 1UL : 0;
            }
        }
    }

    private (int Lane, bool Inside) Source(int lane, int b, int c)
    {
        int segments = (c >> 8) & 31, least = lane & segments, most = least | (c & 31 & ~segments);
        int source = mode switch
        {
            ShuffleMode.Up => lane - b,
            ShuffleMode.Down => lane + b,
            ShuffleMode.Butterfly => lane ^ b,
            _ => least | (b & ~segments),
        };
        bool inside = mode == ShuffleMode.Up ? source >= most : source <= most;
        return (inside ? source : lane, inside);
    }
}
