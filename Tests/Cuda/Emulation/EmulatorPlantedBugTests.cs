namespace Interp.Tests.Cuda.Emulation;

/// <summary>Mistakes planted on purpose, each of which the emulated device must find.</summary>
[TestClass]
[DoNotParallelize]
public sealed unsafe class EmulatorPlantedBugTests
{
    [TestMethod]
    public void Allocation_WithoutAContext_IsRefused()
    {
        using var driver = new RawDriver(context: false);
        Assert.AreEqual(RawDriver.InvalidContext, driver.Allocate(1024, out _));
    }

    [TestMethod]
    public void Copy_PastTheEnd_IsRefused()
    {
        using var driver = new RawDriver();
        byte* host = stackalloc byte[1028];
        Assert.AreEqual(RawDriver.InvalidValue, driver.CopyIn(driver.Allocate(1024), host, 1028));
    }

    [TestMethod]
    public void Free_Twice_IsRefused()
    {
        using var driver = new RawDriver();
        ulong memory = driver.Allocate(1024);
        Assert.AreEqual(RawDriver.Ok, driver.Free(memory));
        Assert.AreEqual(RawDriver.InvalidValue, driver.Free(memory));
    }

    [TestMethod]
    public void Kernel_OnFreedMemory_FailsForGood()
    {
        using var driver = new RawDriver();
        ulong memory = driver.Allocate(1024);
        Assert.AreEqual(RawDriver.Ok, driver.Free(memory));
        Assert.AreEqual(RawDriver.Ok, driver.Launch("fill", 1, memory, 256));
        Assert.AreEqual(RawDriver.IllegalAddress, driver.Synchronize());
        Assert.AreEqual(RawDriver.IllegalAddress, driver.Allocate(1024, out _), "as on a device, nothing works afterwards");
    }

    [TestMethod]
    public void Kernel_OneElementPastAWholeBlock_Fails()
    {
        using var driver = new RawDriver();
        Assert.AreEqual(RawDriver.Ok, driver.Launch("fill", 1, driver.Allocate(1024), 257));
        Assert.AreEqual(RawDriver.IllegalAddress, driver.Synchronize());
    }

    [TestMethod]
    public void Kernel_OneElementPastAnOddBlock_IsFoundBehindIt()
    {
        using var driver = new RawDriver();
        Assert.AreEqual(RawDriver.Ok, driver.Launch("fill", 1, driver.Allocate(1000), 251));
        Assert.AreEqual(RawDriver.Ok, driver.Synchronize());
        Assert.Contains("written behind the end of an allocation of 1000 bytes", driver.Violations);
    }

    [TestMethod]
    public void Kernel_ThatIsNotThere_IsNotFound()
    {
        using var driver = new RawDriver();
        Assert.AreEqual(RawDriver.NotFound, driver.Find("nothing", "", out _));
    }

    [TestMethod]
    public void Kernel_OtherParametersThanInTheSource_IsRefused()
    {
        using var driver = new RawDriver();
        Assert.AreEqual(RawDriver.InvalidPtx, driver.Find("fill", ".param .u64 a, .param .u32 b", out _));
        Assert.Contains("fill: the PTX's parameters are not the source's", driver.Violations);
    }

    [TestMethod]
    public void Launch_EmptyGrid_IsRefused()
    {
        using var driver = new RawDriver();
        Assert.AreEqual(RawDriver.InvalidValue, driver.Launch("fill", 0, driver.Allocate(1024), 256));
    }

    [TestMethod]
    public void Result_BeforeItIsWaitedFor_IsNotThere()
    {
        using var driver = new RawDriver();
        ulong memory = driver.Allocate(1024);
        float* host = driver.AllocatePinned(1024);
        Assert.AreEqual(RawDriver.Ok, driver.Launch("fill", 1, memory, 256));
        Assert.AreEqual(RawDriver.Ok, driver.CopyOut(host, memory, 1024));
        Assert.IsTrue(float.IsNaN(host[0]), "nothing has run yet");
        Assert.AreEqual(RawDriver.Ok, driver.Synchronize());
        Assert.AreEqual(1, host[255]);
    }

    [TestMethod]
    public void PinnedBuffer_UsedAgainTooSoon_Shows()
    {
        using var driver = new RawDriver();
        ulong memory = driver.Allocate(1024);
        float* host = driver.AllocatePinned(1024);
        new Span<float>(host, 256).Fill(1);
        Assert.AreEqual(RawDriver.Ok, driver.CopyIn(memory, host, 1024));
        new Span<float>(host, 256).Fill(2);
        float back = 0;
        Assert.AreEqual(RawDriver.Ok, driver.CopyOut(&back, memory, 4));
        Assert.AreEqual(2, back, "the copy had not been made when the buffer changed");
    }

    [TestMethod]
    public void Memory_NotWritten_IsNaN()
    {
        using var driver = new RawDriver();
        float back = 0;
        Assert.AreEqual(RawDriver.Ok, driver.CopyOut(&back, driver.Allocate(1024), 4));
        Assert.IsTrue(float.IsNaN(back));
    }

    [TestMethod]
    public void Barrier_ThatSomeThreadsPassBy_IsFound()
    {
        using var driver = new RawDriver();
        Assert.AreEqual(RawDriver.Ok, driver.Launch("divergent", 1, driver.Allocate(1024)));
        Assert.AreEqual(RawDriver.LaunchFailed, driver.Synchronize());
        Assert.Contains("divergent barrier: 10 threads wait, 246 have left", driver.Violations);
    }

    [TestMethod]
    public void Shuffle_OfAPartOfAWarp_IsFound()
    {
        using var driver = new RawDriver();
        Assert.AreEqual(RawDriver.Ok, driver.Launch("torn_shuffle", 1, driver.Allocate(1024)));
        Assert.AreEqual(RawDriver.LaunchFailed, driver.Synchronize());
        Assert.Contains("a shuffle that only a part of the warp reaches", driver.Violations);
    }

    [TestMethod]
    [DataRow("race", true)]
    [DataRow("no_race", false)]
    public void SharedMemory_ReadBeforeItIsWritten_ShowsInEveryBlock(string kernel, bool shows)
    {
        using var driver = new RawDriver();
        ulong memory = driver.Allocate(2048);
        Assert.AreEqual(RawDriver.Ok, driver.Launch(kernel, 2, memory));
        float[] values = new float[512];
        fixed (float* to = values)
        {
            Assert.AreEqual(RawDriver.Ok, driver.CopyOut(to, memory, 2048));
        }

        Assert.AreEqual(shows, values[..256].Any(float.IsNaN), "warps forward");
        Assert.AreEqual(shows, values[256..].Any(float.IsNaN), "warps in reverse");
    }

    [TestMethod]
    public void Allocation_WhileAGraphIsRecorded_SpoilsIt()
    {
        using var driver = new RawDriver();
        Assert.AreEqual(RawDriver.Ok, driver.BeginCapture());
        Assert.AreEqual(RawDriver.CaptureUnsupported, driver.Allocate(1024, out _));
        Assert.AreEqual(RawDriver.CaptureInvalidated, driver.EndCapture());
    }

    [TestMethod]
    public void Context_ReleasedWithThingsAlive_NamesThem()
    {
        using var driver = new RawDriver();
        _ = driver.Allocate(1024);
        Assert.AreEqual(RawDriver.Ok, driver.Release());
        Assert.Contains("alive when the context went: device memory 1\nstream 1", driver.Violations);
    }
}
