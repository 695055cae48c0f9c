using Interp.Tests.Cuda.Ptx.Execution;

namespace Interp.Tests.Cuda.Ptx.Storage;

/// <summary>One thread, or several, and when: a thread's number in the grid and its block's, counted from 1, and how many barriers the
/// block had passed.</summary>
internal readonly record struct Accessor(int Thread, int Block, int Barriers)
{
    /// <summary>In place of a number: more than one.</summary>
    internal const int Several = -1;

    internal static Accessor Of(PtxThread thread) => new(thread.Number + 1, thread.Block.Number + 1, thread.Block.Barriers);

    internal bool IsNone => Thread == 0;

    /// <summary>Whether everything that was done here came before what a thread does now: the same thread, or a barrier of the block
    /// between.</summary>
    internal bool IsBefore(Accessor now) => IsNone || Thread == now.Thread || (Block == now.Block && Barriers < now.Barriers);

    /// <summary>With a later access; earlier ones that a barrier orders before it need not be remembered.</summary>
    internal Accessor With(Accessor now) =>
        IsBefore(now) ? now : new(Several, Block == now.Block ? Block : Several, now.Barriers);
}
