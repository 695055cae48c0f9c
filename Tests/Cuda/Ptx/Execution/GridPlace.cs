namespace Interp.Tests.Cuda.Ptx.Execution;

/// <summary>Where a thread stands: its place in the block, the block's in the grid, and the sizes of both.</summary>
internal readonly record struct GridPlace(Dim3 Thread, Dim3 Block, Dim3 Threads, Dim3 Blocks)
{
    internal uint Lane => (Thread.X + (Threads.X * (Thread.Y + (Threads.Y * Thread.Z)))) % Warp.Lanes;

    public override string ToString() => $"block {Block}, thread {Thread}";
}
