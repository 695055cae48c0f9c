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
        long after = NativeBuffer.LiveBytes;
        Assert.IsTrue(after <= before, $"{after - before} native bytes were not given back");
    }

    /// <summary>Runs the finalizers of everything unreachable, so that buffers forgotten by earlier tests do not count.</summary>
    public static void Collect()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
    }
}
