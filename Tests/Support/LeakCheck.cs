using Interp.Engine.Tensors;

namespace Interp.Tests.Support;

/// <summary>Checks that native memory is given back. Its tests must be marked [DoNotParallelize]: the counter is the process's.</summary>
internal static class LeakCheck
{
    /// <summary>Fails if more native memory is held after the action than before.</summary>
    public static void Run(Action action)
    {
        Collect();
        long before = NativeBuffer.LiveBytes;
        action();
        Collect();
        Assert.AreEqual(before, NativeBuffer.LiveBytes, "native bytes held after the action");
    }

    /// <summary>The most that the action could have left to the garbage collector: runs all pending finalizers.</summary>
    private static void Collect()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
    }
}
