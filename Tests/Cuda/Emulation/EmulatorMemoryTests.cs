namespace Interp.Tests.Cuda.Emulation;

/// <summary>Wrong uses of contexts and of memory, each of which the emulated device refuses or reports.</summary>
[TestClass]
[DoNotParallelize]
public sealed unsafe class EmulatorMemoryTests
{
    private const int InvalidValue = 1, OutOfMemory = 2, InvalidContext = 201;

    private static RawDevice Device(bool context = true) => new(EmulatorBuild.Folder("cuda13"), context: context);

    [TestMethod]
    public void Allocate_WithoutContext_IsRefused()
    {
        using RawDevice device = Device(context: false);
        nint address = 0;

        Assert.AreEqual(InvalidContext, device.Call("cuMemAlloc_v2", (nint)(&address), 400));
        Assert.AreEqual(0, address);
    }

    [TestMethod]
    public void Allocate_OnAThreadWithoutContext_IsRefused()
    {
        using RawDevice device = Device();
        int status = 0;
        var thread = new Thread(() =>
        {
            nint address = 0;
            status = device.Call("cuMemAlloc_v2", (nint)(&address), 400);
        });
        thread.Start();
        thread.Join();

        Assert.AreEqual(InvalidContext, status);
    }

    [TestMethod]
    public void Context_Released_IsNoLongerCurrent()
    {
        using RawDevice device = Device();
        device.Done("cuDevicePrimaryCtxRelease_v2", 0);
        nint address = 0, again = device.Made("cuDevicePrimaryCtxRetain", 0);

        Assert.AreEqual(InvalidContext, device.Call("cuMemAlloc_v2", (nint)(&address), 400), "the thread's context was the one before");
        device.Done("cuCtxSetCurrent", again);
        device.Done("cuMemAlloc_v2", (nint)(&address), 400);
    }

    [TestMethod]
    public void Context_ReleasedWithThingsAlive_NamesThem()
    {
        using RawDevice device = Device();
        _ = device.Allocate(400);
        _ = device.Pinned(10);
        _ = device.Stream();
        device.Done("cuDevicePrimaryCtxRelease_v2", 0);

        Assert.Contains("alive when the context went", device.Violations);
        Assert.Contains("device memory 1", device.Violations);
        Assert.Contains("page-locked memory 1", device.Violations);
        Assert.Contains("stream 1", device.Violations);
    }

    [TestMethod]
    public void Copy_PastTheEnd_IsRefused()
    {
        using RawDevice device = Device();
        nint stream = device.Stream(), address = device.Allocate(400);
        var host = new float[101];

        Assert.AreEqual(InvalidValue, device.Copy(host, address, stream));
        Assert.AreEqual(0, device.Copy(host.AsSpan(1), address, stream));
        Assert.AreEqual(InvalidValue, device.Copy(host.AsSpan(1), address + 4, stream), "begins inside and ends outside");
        Assert.AreEqual(InvalidValue, device.Call("cuMemsetD32Async", address, 0, 101, stream));
        Assert.AreEqual(InvalidValue, device.Call("cuMemsetD32Async", address, 0, (nint.MaxValue / 2) + 1, stream), "times 4 is 0");
        Assert.AreEqual(InvalidValue, device.Call("cuMemsetD32Async", address + 2, 0, 1, stream), "not aligned");
    }

    [TestMethod]
    public void Free_Twice_IsRefused()
    {
        using RawDevice device = Device();
        nint address = device.Allocate(400);
        device.Done("cuMemFree_v2", address);

        Assert.AreEqual(InvalidValue, device.Call("cuMemFree_v2", address));
        Assert.AreEqual(InvalidValue, device.Call("cuMemFree_v2", device.Allocate(400) + 4), "not where an allocation begins");
    }

    [TestMethod]
    public void Allocate_BeyondTheLimit_IsOutOfMemory()
    {
        using RawDevice device = Device();
        device.Control.LimitMemory(1000);
        nint first = device.Allocate(600), second = 0;

        Assert.AreEqual(OutOfMemory, device.Call("cuMemAlloc_v2", (nint)(&second), 500));
        device.Done("cuMemFree_v2", first);
        device.Done("cuMemAlloc_v2", (nint)(&second), 500);
    }

    [TestMethod]
    public void Memory_NotWritten_IsNotANumber()
    {
        using RawDevice device = Device();

        CollectionAssert.AreEqual(Enumerable.Repeat(float.NaN, 100).ToArray(), device.Download(device.Stream(), device.Allocate(400), 100));
    }

    [TestMethod]
    public void Copy_OfHostMemoryGivenAsTheDevices_IsRefused()
    {
        using RawDevice device = Device();
        Span<float> pinned = device.Pinned(100);
        fixed (float* host = pinned)
        {
            Assert.AreEqual(InvalidValue, device.Call("cuMemcpyHtoDAsync_v2", (nint)host, (nint)host, 400, device.Stream()));
        }
    }

    [TestMethod]
    public void Fault_Injected_ComesAtItsCallAndOnce()
    {
        using RawDevice device = Device();
        device.Control.Fail("cuMemAlloc_v2", 2, OutOfMemory);
        device.Control.Fail("cublasCreate_v2", 1, 3);
        nint made = 0;

        int[] found = new int[3];
        for (int i = 0; i < 3; i++)
        {
            found[i] = device.Call("cuMemAlloc_v2", (nint)(&made), 400);
        }

        CollectionAssert.AreEqual(new[] { 0, OutOfMemory, 0 }, found);
        Assert.AreEqual(3, device.Call("cublasCreate_v2", (nint)(&made)));
        device.Done("cublasCreate_v2", (nint)(&made));
        Assert.AreEqual(3, device.Control.Calls()["cuMemAlloc_v2"]);
        Assert.AreEqual("device memory 2\ncuBLAS handle 1\n", device.Control.Live());
    }
}
