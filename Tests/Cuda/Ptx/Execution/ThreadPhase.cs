namespace Interp.Tests.Cuda.Ptx.Execution;

/// <summary>What a thread is doing.</summary>
internal enum ThreadPhase
{
    /// <summary>It can go on.</summary>
    Running,

    /// <summary>It waits for its warp.</summary>
    AtWarpInstruction,

    /// <summary>It waits for its block.</summary>
    AtBarrier,

    /// <summary>It has ended.</summary>
    Exited,
}
