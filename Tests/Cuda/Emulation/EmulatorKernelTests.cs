namespace Interp.Tests.Cuda.Emulation;

/// <summary>Wrong launches and kernels with faults, each of which the emulated device refuses or reports.</summary>
[TestClass]
[DoNotParallelize]
public sealed unsafe class EmulatorKernelTests
{
    private const int InvalidValue = 1, InvalidImage = 200, InvalidPtx = 218, UnsupportedVersion = 222, InvalidHandle = 400, NotFound = 500;
    private const int IllegalAddress = 700, OutOfResources = 701, LaunchFailed = 719;

    /// <summary>Values of a buffer that ends where its pages end.</summary>
    private const int Full = 256;

    private const int Blocks = 4;

    private static RawDevice Device() => new(EmulatorBuild.Folder("planted", "cuda13", EmulatorBuild.PlantedKernels));

    [TestMethod]
    public void Kernel_OnFreedMemory_IsAnErrorThatStays()
    {
        using RawDevice device = Device();
        nint stream = device.Stream(), kernel = device.Kernel("reversed", "u64", "u64"), other = 0;
        nint x = device.Upload(stream, new float[Full]), y = device.Allocate(4 * Full);
        device.Done("cuMemFree_v2", x);
        Assert.AreEqual(0, device.Launch(stream, kernel, 1, x, y), "the launch itself cannot know");

        Assert.AreEqual(IllegalAddress, device.Call("cuStreamSynchronize", stream));
        Assert.Contains("1024 bytes that is freed", device.Violations);
        Assert.AreEqual(IllegalAddress, device.Call("cuMemAlloc_v2", (nint)(&other), 400));
        Assert.AreEqual(IllegalAddress, device.Call("cuMemFree_v2", y));
        Assert.AreEqual(IllegalAddress, device.Call("cuStreamSynchronize", stream));
        Assert.AreEqual(13, device.Call("cublasCreate_v2", (nint)(&other)), "in the library's own numbers");
        Assert.AreEqual(5000, device.Call("cudnnCreate", (nint)(&other)));
    }

    [TestMethod]
    public void Error_ThatStays_GoesWithTheContext()
    {
        using RawDevice device = Device();
        Assert.AreEqual(0, device.Launch(device.Stream(), device.Kernel("divergent", "u64"), 1, 0x10));
        Assert.AreNotEqual(0, device.Call("cuCtxSynchronize"));

        device.Done("cuDevicePrimaryCtxRelease_v2", 0);
        nint again = device.Made("cuDevicePrimaryCtxRetain", 0);
        device.Done("cuCtxSetCurrent", again);
        _ = device.Allocate(400);
        Assert.DoesNotContain("alive", device.Violations, "nothing could be freed");
    }

    [TestMethod]
    public void Kernel_ReadingOneBehindTheEnd_IsIllegal()
    {
        using RawDevice device = Device();
        nint stream = device.Stream(), kernel = device.Kernel("behind", "u64", "u64", "u64");
        nint x = device.Upload(stream, new float[Full]), y = device.Allocate(4 * Full);
        Assert.AreEqual(0, device.Launch(stream, kernel, 1, x, y, Full));

        Assert.AreEqual(IllegalAddress, device.Call("cuStreamSynchronize", stream));
        Assert.Contains("byte 1024 of an allocation of 1024 bytes", device.Violations);
    }

    /// <summary>A buffer that does not fill its 256 bytes has a gap behind it, which no page guards.</summary>
    [TestMethod]
    [DataRow(Full, IllegalAddress, "byte 1024 of an allocation of 1024 bytes")]
    [DataRow(Full - 1, 0, "behind the end of an allocation of 1020 bytes")]
    public void Kernel_WritingOneBehindTheEnd_IsFound(int count, int status, string finding)
    {
        using RawDevice device = Device();
        nint stream = device.Stream(), kernel = device.Kernel("beyond", "u64", "u64"), y = device.Allocate(4 * count);
        Assert.AreEqual(0, device.Launch(stream, kernel, 1, y, count));

        Assert.AreEqual(status, device.Call("cuStreamSynchronize", stream));
        Assert.Contains(finding, device.Violations);
    }

    [TestMethod]
    public void Kernel_OnHostMemory_IsIllegal()
    {
        using RawDevice device = Device();
        nint stream = device.Stream(), kernel = device.Kernel("beyond", "u64", "u64");
        fixed (float* host = device.Pinned(100))
        {
            Assert.AreEqual(0, device.Launch(stream, kernel, 1, (nint)host, 10));
            Assert.AreEqual(IllegalAddress, device.Call("cuStreamSynchronize", stream));
        }

        Assert.Contains("parameter 0 is an address that is not the device's", device.Violations);
    }

    [TestMethod]
    public void Kernel_OnNull_IsIllegal()
    {
        using RawDevice device = Device();
        nint stream = device.Stream(), kernel = device.Kernel("beyond", "u64", "u64");
        Assert.AreEqual(0, device.Launch(stream, kernel, 1, 0, 10));

        Assert.AreEqual(IllegalAddress, device.Call("cuStreamSynchronize", stream));
        Assert.Contains("a null pointer", device.Violations);
    }

    [TestMethod]
    public void Fault_OfThisProgramAfterOneOfTheDevice_IsThisPrograms()
    {
        using RawDevice device = Device();
        nint stream = device.Stream();
        Assert.AreEqual(0, device.Launch(stream, device.Kernel("beyond", "u64", "u64"), 1, 0, 10));
        Assert.AreEqual(IllegalAddress, device.Call("cuStreamSynchronize", stream));

        string? nothing = Environment.GetEnvironmentVariable("INTERP_NO_SUCH_VARIABLE");
        Assert.ThrowsExactly<NullReferenceException>(() => nothing!.Length.ToString());
    }

    [TestMethod]
    public void Kernel_NotInTheModule_IsNotFound()
    {
        using RawDevice device = Device();
        nint module = 0, function = 0;
        Assert.AreEqual(0, device.Load(&module, ".version 7.0\n.target sm_70\n.visible .entry beyond(.param .u64 a)\n{ ret; }\n"));
        fixed (byte* name = "other\0"u8)
        {
            Assert.AreEqual(NotFound, device.Call("cuModuleGetFunction", (nint)(&function), module, (nint)name));
        }
    }

    [TestMethod]
    public void Kernel_WithOtherParametersThanItsSource_IsRefused()
    {
        using RawDevice device = Device();

        Assert.AreEqual(InvalidPtx, device.Find("quotients", "u64", "u64", "u64"));
        Assert.AreEqual(InvalidPtx, device.Find("quotients", "u64", "u32"));
        Assert.Contains("quotients: the PTX's parameters are not the source's", device.Violations);
        Assert.AreEqual(0, device.Find("quotients", "u64 .ptr .global .align 4", "u32", "u64"));
    }

    [TestMethod]
    [DataRow("no PTX", InvalidPtx)]
    [DataRow("\u007fELF", InvalidImage)]
    [DataRow(".version 9.9\n.target sm_70\n", UnsupportedVersion)]
    [DataRow(".version 7.0\n.target sm_90\n", InvalidPtx)]
    [DataRow(".version 7.0\n.target sm_70\n.visible .entry a(.param .u64", InvalidPtx)]
    [DataRow(".version 7.0\n.target sm_70\n.visible .entry a(.reg .u64 b)", InvalidPtx)]
    public void Module_ThatIsNoPtxForTheDevice_IsRefused(string ptx, int status)
    {
        using RawDevice device = Device();
        nint module = 0;

        Assert.AreEqual(status, device.Load(&module, ptx));
    }

    [TestMethod]
    public void Launch_OfWrongSizes_IsRefused()
    {
        using RawDevice device = Device();
        nint stream = device.Stream(), kernel = device.Kernel("beyond", "u64", "u64"), y = device.Allocate(400);

        Assert.AreEqual(InvalidValue, device.Launch(stream, kernel, 0, y, 10));
        Assert.AreEqual(InvalidValue, device.Launch(stream, kernel, (1, 65536, 1), (256, 1, 1), y, 10));
        Assert.AreEqual(InvalidValue, device.Launch(stream, kernel, (1, 1, 1), (0, 1, 1), y, 10));
        Assert.AreEqual(InvalidValue, device.Launch(stream, kernel, (1, 1, 1), (1025, 1, 1), y, 10));
        Assert.AreEqual(OutOfResources, device.Launch(stream, kernel, (1, 1, 1), (257, 1, 1), y, 10));
        Assert.AreEqual(InvalidHandle, device.Launch(stream, y, 1, y, 10));
        Assert.IsEmpty(device.Control.Launches());
    }

    [TestMethod]
    public void Kernel_WithItsBarrier_IsRight() => CollectionAssert.AreEqual(Reversed(), Run("reversed"));

    [TestMethod]
    [DataRow("reversed_early")]
    [DataRow("reversed_twice")]
    public void Kernel_WithARaceInSharedMemory_IsWrongInEveryBlock(string kernel)
    {
        float[] found = Run(kernel);

        Assert.AreEqual(Blocks, found.Chunk(Full).Zip(Reversed().Chunk(Full)).Count(b => !b.First.SequenceEqual(b.Second)));
    }

    [TestMethod]
    [DataRow("divergent", "divergent barrier: 10 threads wait, 246 have left")]
    [DataRow("torn_shuffle", "a shuffle that only a part of the warp reaches")]
    [DataRow("unsaid", "threads meet in a kernel that is not a BARRIER_KERNEL")]
    public void Kernel_WhoseThreadsDoNotMeet_IsReported(string kernel, string finding)
    {
        using RawDevice device = Device();
        nint stream = device.Stream(), y = device.Upload(stream, new float[Full]);
        Assert.AreEqual(0, device.Launch(stream, device.Kernel(kernel, "u64"), 1, y));

        Assert.AreEqual(LaunchFailed, device.Call("cuStreamSynchronize", stream));
        Assert.Contains($"{kernel}: {finding}", device.Violations);
    }

    [TestMethod]
    public void Kernel_DividingByZero_IsReported()
    {
        using RawDevice device = Device();
        nint stream = device.Stream(), y = device.Upload(stream, new float[Full]);
        Assert.AreEqual(0, device.Launch(stream, device.Kernel("quotients", "u64", "u32", "u64"), 1, y, 0, Full));

        Assert.AreEqual(LaunchFailed, device.Call("cuStreamSynchronize", stream));
        Assert.Contains("divided by zero", device.Violations);
    }

    /// <summary>The same in every block, so that what the block before left would make a wrong kernel right.</summary>
    private static float[] Values() => [.. Enumerable.Range(0, Blocks * Full).Select(i => (float)(i % Full))];

    private static float[] Reversed() => [.. Values().Chunk(Full).SelectMany(b => b.Reverse())];

    private static float[] Run(string kernel)
    {
        using RawDevice device = Device();
        nint stream = device.Stream(), x = device.Upload(stream, Values()), y = device.Allocate(4 * Blocks * Full);
        Assert.AreEqual(0, device.Launch(stream, device.Kernel("reversed", "u64", "u64"), Blocks, x, y));
        Assert.AreEqual(0, device.Launch(stream, device.Kernel(kernel, "u64", "u64"), Blocks, x, y));
        float[] found = device.Download(stream, y, Blocks * Full);
        CollectionAssert.AreEqual(new[] { "reversed", kernel }, device.Control.Launches());
        Assert.AreEqual("", device.Violations);
        return found;
    }
}
