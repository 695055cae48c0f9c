namespace Interp.Tests.Cuda.Emulation;

/// <summary>Recording and launching graphs, and what a recording forbids.</summary>
[TestClass]
[DoNotParallelize]
public sealed unsafe class EmulatorGraphTests
{
    private const int Unsupported = 900, Invalidated = 901, Unmatched = 903, Isolation = 905;
    private const int Implicit = 906, CapturedEvent = 907, WrongThread = 908;
    private const int IllegalAddress = 700;
    private const int Global = 0, ThreadLocal = 1;
    private const int Count = 256;
    private const string Ptx = ".version 7.0\n.target sm_70\n.visible .entry beyond(.param .u64 a, .param .u64 b)\n{ ret; }\n";

    private static RawDevice Device() => new(EmulatorBuild.Folder("planted", "cuda13", EmulatorBuild.PlantedKernels));

    [TestMethod]
    public void Graph_LaunchedAgain_UsesTheRecordedArgumentsAndTodaysValues()
    {
        using RawDevice device = Device();
        nint stream = device.Stream(), kernel = device.Kernel("reversed", "u64", "u64"), x = device.Upload(stream, Ramp(0));
        nint y = device.Allocate(4 * Count);
        device.Done("cuStreamSynchronize", stream);
        device.Done("cuStreamBeginCapture_v2", stream, ThreadLocal);
        Assert.AreEqual(0, device.Launch(stream, kernel, 1, x, y));
        nint graph = End(device, stream), executable = device.Made("cuGraphInstantiateWithFlags", graph, 0);
        Assert.IsTrue(device.Download(stream, y, Count).All(float.IsNaN), "recording runs nothing");

        foreach (int first in new[] { 0, 1000 })
        {
            Fill(device, stream, x, Ramp(first));
            device.Done("cuGraphLaunch", executable, stream);
            CollectionAssert.AreEqual(Ramp(first).Reverse().ToArray(), device.Download(stream, y, Count));
        }
    }

    [TestMethod]
    public void Allocation_WhileRecording_SpoilsIt()
    {
        using RawDevice device = Device();
        nint stream = device.Stream(), address = 0, graph = 1;
        device.Done("cuStreamBeginCapture_v2", stream, ThreadLocal);

        Assert.AreEqual(Unsupported, device.Call("cuMemAlloc_v2", (nint)(&address), 400));
        Assert.AreEqual(Invalidated, device.Call("cuStreamEndCapture", stream, (nint)(&graph)));
        Assert.AreEqual(0, graph);
    }

    [TestMethod]
    [DataRow("cuStreamSynchronize")]
    [DataRow("cuStreamQuery")]
    public void Waiting_WhileRecording_SpoilsIt(string call)
    {
        using RawDevice device = Device();
        nint stream = device.Stream(), address = device.Allocate(4), graph = 0;
        device.Done("cuStreamBeginCapture_v2", stream, ThreadLocal);

        Assert.AreEqual(Unsupported, device.Call(call, stream));
        Assert.AreEqual(Invalidated, device.Call("cuMemsetD32Async", address, 0, 1, stream), "later work is refused, too");
        Assert.AreEqual(Invalidated, device.Call("cuStreamEndCapture", stream, (nint)(&graph)));
    }

    [TestMethod]
    [DataRow(Global, Unsupported)]
    [DataRow(ThreadLocal, 0)]
    public void Allocation_OnAnotherThread_SpoilsAGlobalRecordingOnly(int mode, int expected)
    {
        using RawDevice device = Device();
        nint stream = device.Stream();
        device.Done("cuStreamBeginCapture_v2", stream, mode);
        int status = OnAnotherThread(device, () =>
        {
            nint address = 0;
            return device.Call("cuMemAlloc_v2", (nint)(&address), 400);
        });

        Assert.AreEqual(expected, status);
        nint graph = 0;
        Assert.AreEqual(expected == 0 ? 0 : Invalidated, device.Call("cuStreamEndCapture", stream, (nint)(&graph)));
    }

    [TestMethod]
    public void Recording_EndedElsewhere_IsRefused()
    {
        using RawDevice device = Device();
        nint stream = device.Stream(), other = device.Stream(), graph = 0;
        device.Done("cuStreamBeginCapture_v2", stream, ThreadLocal);

        Assert.AreEqual(Unmatched, device.Call("cuStreamEndCapture", other, (nint)(&graph)));
        Assert.AreEqual(WrongThread, OnAnotherThread(device, () =>
        {
            nint made = 0;
            return device.Call("cuStreamEndCapture", stream, (nint)(&made));
        }));
        Assert.AreEqual(0, device.Call("cuStreamEndCapture", stream, (nint)(&graph)));
    }

    [TestMethod]
    public void LegacyStream_WhileABlockingStreamIsRecorded_SpoilsIt()
    {
        using RawDevice device = Device();
        nint stream = device.Made("cuStreamCreate", 0), address = device.Allocate(4), graph = 0;
        device.Done("cuStreamBeginCapture_v2", stream, ThreadLocal);

        Assert.AreEqual(Implicit, device.Call("cuMemsetD32Async", address, 0, 1, 0));
        Assert.AreEqual(Invalidated, device.Call("cuStreamEndCapture", stream, (nint)(&graph)));
        Assert.AreEqual(Unsupported, device.Call("cuStreamBeginCapture_v2", 0, ThreadLocal), "the legacy stream itself cannot be recorded");
    }

    [TestMethod]
    public void Events_OfARecording_CannotBeWaitedFor()
    {
        using RawDevice device = Device();
        nint stream = device.Stream(), other = device.Stream(), recorded = device.Made("cuEventCreate", 0);
        nint outside = device.Made("cuEventCreate", 0);
        device.Done("cuEventRecord", outside, other);
        device.Done("cuStreamBeginCapture_v2", stream, ThreadLocal);
        device.Done("cuEventRecord", recorded, stream);

        Assert.AreEqual(CapturedEvent, device.Call("cuEventSynchronize", recorded));
        Assert.AreEqual(Isolation, device.Call("cuStreamWaitEvent", stream, outside, 0));
    }

    [TestMethod]
    public void Graph_LaunchedWithFreedMemory_IsIllegal()
    {
        using RawDevice device = Device();
        nint stream = device.Stream(), address = device.Allocate(400);
        nint executable = Recorded(device, stream, () => device.Call("cuMemsetD32Async", address, 0, 100, stream));
        device.Done("cuMemFree_v2", address);
        device.Done("cuGraphLaunch", executable, stream);

        Assert.AreEqual(IllegalAddress, device.Call("cuStreamSynchronize", stream));
        Assert.Contains("a copy used: an allocation of 400 bytes that is freed", device.Violations);
    }

    [TestMethod]
    public void Graph_LaunchedWithoutItsModule_IsReported()
    {
        using RawDevice device = Device();
        nint stream = device.Stream(), y = device.Allocate(4 * Count), module = 0, function = 0;
        Assert.AreEqual(0, device.Load(&module, Ptx));
        fixed (byte* name = "beyond\0"u8)
        {
            device.Done("cuModuleGetFunction", (nint)(&function), module, (nint)name);
        }

        nint kernel = function, executable = Recorded(device, stream, () => device.Launch(stream, kernel, 1, y, 0));
        device.Done("cuModuleUnload", module);
        device.Done("cuGraphLaunch", executable, stream);

        Assert.AreNotEqual(0, device.Call("cuStreamSynchronize", stream));
        Assert.Contains("after its module was unloaded", device.Violations);
    }

    [TestMethod]
    public void Graph_Destroyed_IsNoHandle()
    {
        using RawDevice device = Device();
        nint stream = device.Stream(), address = device.Allocate(4), other = 0;
        nint executable = Recorded(device, stream, () => device.Call("cuMemsetD32Async", address, 7, 1, stream));
        device.Done("cuGraphLaunch", executable, stream);
        device.Done("cuGraphExecDestroy", executable);

        Assert.AreNotEqual(0, device.Call("cuGraphLaunch", executable, stream));
        Assert.AreNotEqual(0, device.Call("cuGraphExecDestroy", executable));
        Assert.AreNotEqual(0, device.Call("cuGraphInstantiateWithFlags", (nint)(&other), executable, 0));
        Assert.AreEqual(7, BitConverter.SingleToInt32Bits(device.Download(stream, address, 1)[0]), "what was launched before runs");
    }

    [TestMethod]
    public void CopyOfPageableMemory_Recorded_IsReported()
    {
        using RawDevice device = Device();
        nint stream = device.Stream(), address = device.Allocate(4);
        device.Done("cuStreamBeginCapture_v2", stream, ThreadLocal);
        float host = 1;
        device.Done("cuMemcpyHtoDAsync_v2", address, (nint)(&host), 4, stream);

        Assert.Contains("a copy from pageable memory is recorded", device.Violations);
    }

    private static float[] Ramp(int first) => [.. Enumerable.Range(first, Count).Select(i => (float)i)];

    private static void Fill(RawDevice device, nint stream, nint address, float[] values)
    {
        fixed (float* from = values)
        {
            device.Done("cuMemcpyHtoDAsync_v2", address, (nint)from, 4 * values.Length, stream);
        }
    }

    private static nint End(RawDevice device, nint stream)
    {
        nint graph = 0;
        device.Done("cuStreamEndCapture", stream, (nint)(&graph));
        return graph;
    }

    /// <summary>A graph of one call, which must succeed.</summary>
    private static nint Recorded(RawDevice device, nint stream, Func<int> call)
    {
        device.Done("cuStreamBeginCapture_v2", stream, ThreadLocal);
        Assert.AreEqual(0, call());
        nint graph = End(device, stream), executable = device.Made("cuGraphInstantiateWithFlags", graph, 0);
        device.Done("cuGraphDestroy", graph);
        return executable;
    }

    /// <summary>Runs a call on a thread of its own that has the context.</summary>
    private static int OnAnotherThread(RawDevice device, Func<int> call)
    {
        nint context = device.Made("cuCtxGetCurrent");
        int status = 0;
        var thread = new Thread(() =>
        {
            device.Done("cuCtxSetCurrent", context);
            status = call();
        });
        thread.Start();
        thread.Join();
        return status;
    }
}
