namespace Interp.Tests.Cuda.Emulation;

/// <summary>Work that is read too early, changed too early, or left without an order, each of which shows on the emulated device.</summary>
[TestClass]
[DoNotParallelize]
public sealed unsafe class EmulatorStreamTests
{
    private const int NotReady = 600, InvalidHandle = 400, Blocking = 0;
    private static readonly int[] s_seeds = [.. Enumerable.Range(0, 8)];

    private static RawDevice Device(int seed = 0) => new(EmulatorBuild.Folder("cuda13"), seed);

    [TestMethod]
    public void Result_BeforeSynchronising_IsNotThere()
    {
        using RawDevice device = Device();
        nint stream = device.Stream(), values = device.Upload(stream, 1, 2, 3);
        Span<float> host = device.Pinned(3);
        Assert.AreEqual(0, device.Copy(host, values, stream));

        Assert.IsTrue(float.IsNaN(host[0]), "visible before anybody waited");
        device.Done("cuStreamSynchronize", stream);
        CollectionAssert.AreEqual(new[] { 1f, 2f, 3f }, host.ToArray());
    }

    /// <summary>What a buffer that was unpinned, or used again, before its copy was done leads to.</summary>
    [TestMethod]
    public void PinnedBuffer_ChangedBeforeItsCopy_ArrivesChanged()
    {
        using RawDevice device = Device();
        nint stream = device.Stream(), address = device.Allocate(4);
        Span<float> host = device.Pinned(1);
        host[0] = 1;
        fixed (float* from = host)
        {
            device.Done("cuMemcpyHtoDAsync_v2", address, (nint)from, 4, stream);
        }

        host[0] = 2;
        Assert.AreEqual(2, device.Download(stream, address, 1)[0]);
    }

    [TestMethod]
    public void PageableBuffer_ChangedAfterTheCall_ArrivesAsItWas()
    {
        using RawDevice device = Device();
        nint stream = device.Stream(), address = device.Allocate(4);
        float host = 1;
        device.Done("cuMemcpyHtoDAsync_v2", address, (nint)(&host), 4, stream);

        host = 2;
        Assert.AreEqual(1, device.Download(stream, address, 1)[0]);
    }

    [TestMethod]
    public void PinnedBuffer_FreedBeforeItsCopy_IsReported()
    {
        using RawDevice device = Device();
        nint stream = device.Stream(), address = device.Allocate(4);
        fixed (float* from = device.Pinned(1))
        {
            device.Done("cuMemcpyHtoDAsync_v2", address, (nint)from, 4, stream);
            device.Done("cuMemFreeHost", (nint)from);
        }

        Assert.Contains("freed while a copy that uses it waits", device.Violations);
    }

    [TestMethod]
    public void TwoStreams_WithoutAnEvent_HaveNoOrder()
    {
        float[] found = [.. s_seeds.Select(s => Handed(s, waits: false))];

        Assert.IsTrue(found.Any(float.IsNaN) && found.Any(v => v == 5), $"one order in all seeds: {string.Join(" ", found)}");
    }

    [TestMethod]
    public void TwoStreams_WithAnEvent_HaveItsOrder()
    {
        Assert.IsTrue(s_seeds.All(s => Handed(s, waits: true) == 5));
    }

    [TestMethod]
    public void LegacyStream_ComesAfterBlockingStreamsAndIsReported()
    {
        foreach (int seed in s_seeds)
        {
            using RawDevice device = Device(seed);
            nint blocking = device.Made("cuStreamCreate", Blocking), address = device.Upload(blocking, 5);

            Assert.AreEqual(5, device.Download(0, address, 1)[0]);
            Assert.Contains("legacy default stream", device.Violations);
        }
    }

    [TestMethod]
    public void LegacyStream_DoesNotWaitForOtherStreams()
    {
        float[] found = [.. s_seeds.Select(s =>
        {
            using RawDevice device = Device(s);
            return device.Download(0, device.Upload(device.Stream(), 5), 1)[0];
        })];

        Assert.IsTrue(found.Any(float.IsNaN), $"ordered in all seeds: {string.Join(" ", found)}");
    }

    [TestMethod]
    public void Stream_Destroyed_IsNoHandle()
    {
        using RawDevice device = Device();
        nint stream = device.Stream(), address = device.Allocate(4);
        device.Done("cuStreamDestroy_v2", stream);

        Assert.AreEqual(InvalidHandle, device.Call("cuMemsetD32Async", address, 0, 1, stream));
        Assert.AreEqual(InvalidHandle, device.Call("cuStreamSynchronize", stream));
        Assert.AreEqual(InvalidHandle, device.Call("cuStreamSynchronize", address), "not a stream at all");
    }

    [TestMethod]
    public void Events_AreDoneWhenTheirPlaceIsReached()
    {
        using RawDevice device = Device();
        nint stream = device.Stream(), start = device.Made("cuEventCreate", 0), end = device.Made("cuEventCreate", 0);
        nint untimed = device.Made("cuEventCreate", 2);
        float milliseconds = -1;
        device.Done("cuEventRecord", start, stream);
        device.Done("cuMemsetD32Async", device.Allocate(4), 0, 1, stream);
        device.Done("cuEventRecord", end, stream);
        device.Done("cuEventRecord", untimed, stream);

        Assert.AreEqual(NotReady, device.Call("cuEventElapsedTime", (nint)(&milliseconds), start, end));
        device.Done("cuEventSynchronize", start);
        Assert.AreEqual(NotReady, device.Call("cuEventElapsedTime", (nint)(&milliseconds), start, end));
        Assert.AreEqual(InvalidHandle, device.Call("cuEventElapsedTime", (nint)(&milliseconds), start, untimed));
        device.Done("cuStreamSynchronize", stream);
        device.Done("cuEventElapsedTime", (nint)(&milliseconds), start, end);
        Assert.IsGreaterThanOrEqualTo(0, milliseconds);
    }

    [TestMethod]
    public void Stream_AskedAgainAndAgain_IsReadyInTheEnd()
    {
        using RawDevice device = Device();
        nint stream = device.Stream(), address = device.Upload(stream, 1);
        device.Done("cuMemsetD32Async", address, 0, 1, stream);

        foreach (int status in new[] { NotReady, NotReady, 0 })
        {
            Assert.AreEqual(status, device.Call("cuStreamQuery", stream));
        }
    }

    /// <summary>A value that one stream writes and another copies to the host.</summary>
    private static float Handed(int seed, bool waits)
    {
        using RawDevice device = Device(seed);
        nint writer = device.Stream(), reader = device.Stream(), written = device.Made("cuEventCreate", 2);
        nint address = device.Upload(writer, 5);
        device.Done("cuEventRecord", written, writer);
        if (waits)
        {
            device.Done("cuStreamWaitEvent", reader, written, 0);
        }

        return device.Download(reader, address, 1)[0];
    }
}
