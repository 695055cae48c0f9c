namespace Interp.Tests.Cuda.Ptx.Execution;

/// <summary>The order in which blocks, the warps of a block and the lanes of a warp run, of which a kernel's results must not
/// depend.</summary>
internal abstract class Schedule
{
    /// <summary>The schedules of every test, begun anew.</summary>
    internal static IEnumerable<Schedule> All => [new Forward(), new Reverse(), new Shuffled(17)];

    /// <summary>The numbers from 0 on in the order of the schedule.</summary>
    internal abstract int[] Order(int count);

    private sealed class Forward : Schedule
    {
        internal override int[] Order(int count) => [.. Enumerable.Range(0, count)];
    }

    private sealed class Reverse : Schedule
    {
        internal override int[] Order(int count) => [.. Enumerable.Range(0, count).Reverse()];
    }

    private sealed class Shuffled(int seed) : Schedule
    {
        private readonly Random _random = new(seed);

        internal override int[] Order(int count)
        {
            int[] order = [.. Enumerable.Range(0, count)];
            _random.Shuffle(order);
            return order;
        }
    }
}
