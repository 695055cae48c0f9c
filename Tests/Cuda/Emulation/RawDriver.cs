using System.Runtime.InteropServices;
using System.Text;

namespace Interp.Tests.Cuda.Emulation;

/// <summary>The emulated driver with planted kernels, through function pointers of its own, apart from the program's bindings.</summary>
internal sealed unsafe class RawDriver : IDisposable
{
    internal const int Ok = 0, InvalidValue = 1, InvalidContext = 201, InvalidPtx = 218, NotFound = 500, IllegalAddress = 700, LaunchFailed = 719, CaptureUnsupported = 900, CaptureInvalidated = 901;

    private readonly nint _library;

    internal RawDriver(bool context = true)
    {
        _library = NativeLibrary.Load(Path.Combine(EmulatorBuild.Folder("planted", EmulatedDevice.Flavour, EmulatorBuild.PlantedKernels), "libcuda.so.1"));
        ((delegate* unmanaged<uint, void>)Export("emu_reset"))(0);
        Assert.AreEqual(Ok, ((delegate* unmanaged<uint, int>)Export("cuInit"))(0));
        nint made = 0;
        Assert.AreEqual(Ok, ((delegate* unmanaged<nint*, int, int>)Export("cuDevicePrimaryCtxRetain"))(&made, 0));
        Assert.AreEqual(Ok, ((delegate* unmanaged<nint, int>)Export("cuCtxSetCurrent"))(context ? made : 0));
        nint stream = 0;
        int created = ((delegate* unmanaged<nint*, uint, int>)Export("cuStreamCreate"))(&stream, 1);
        Assert.AreEqual(context ? Ok : InvalidContext, created);
        Stream = stream;
    }

    internal nint Stream { get; }

    /// <summary>What was found that no status says.</summary>
    internal string Violations
    {
        get
        {
            byte[] text = new byte[4096];
            fixed (byte* to = text)
            {
                ((delegate* unmanaged<byte*, int, int>)Export("emu_violations"))(to, text.Length);
            }

            return Encoding.ASCII.GetString(text).TrimEnd('\0');
        }
    }

    internal int Allocate(long bytes, out ulong address)
    {
        ulong made = 0;
        int status = ((delegate* unmanaged<ulong*, nuint, int>)Export("cuMemAlloc_v2"))(&made, (nuint)bytes);
        address = made;
        return status;
    }

    internal ulong Allocate(long bytes)
    {
        Assert.AreEqual(Ok, Allocate(bytes, out ulong address));
        return address;
    }

    internal int Free(ulong address) => ((delegate* unmanaged<ulong, int>)Export("cuMemFree_v2"))(address);

    internal float* AllocatePinned(long bytes)
    {
        void* address = null;
        Assert.AreEqual(Ok, ((delegate* unmanaged<void**, nuint, uint, int>)Export("cuMemHostAlloc"))(&address, (nuint)bytes, 0));
        return (float*)address;
    }

    internal int CopyIn(ulong to, void* from, long bytes) => ((delegate* unmanaged<ulong, void*, nuint, nint, int>)Export("cuMemcpyHtoDAsync_v2"))(to, from, (nuint)bytes, Stream);

    internal int CopyOut(void* to, ulong from, long bytes) => ((delegate* unmanaged<void*, ulong, nuint, nint, int>)Export("cuMemcpyDtoHAsync_v2"))(to, from, (nuint)bytes, Stream);

    internal int Synchronize() => ((delegate* unmanaged<nint, int>)Export("cuStreamSynchronize"))(Stream);

    internal int BeginCapture() => ((delegate* unmanaged<nint, int, int>)Export("cuStreamBeginCapture_v2"))(Stream, 1);

    internal int EndCapture()
    {
        nint graph = 0;
        return ((delegate* unmanaged<nint, nint*, int>)Export("cuStreamEndCapture"))(Stream, &graph);
    }

    internal int Release() => ((delegate* unmanaged<int, int>)Export("cuDevicePrimaryCtxRelease_v2"))(0);

    /// <summary>Looks a kernel up in a module of PTX that declares it with these parameters.</summary>
    internal int Find(string kernel, string parameters, out nint function)
    {
        (nint module, nint found) = (0, 0);
        using var strings = new Compiler.NativeStrings();
        string ptx = $".version 7.8\n.target sm_70\n.visible .entry {kernel}({parameters})\n{{\nret;\n}}\n";
        Assert.AreEqual(Ok, ((delegate* unmanaged<nint*, byte*, uint, void*, void*, int>)Export("cuModuleLoadDataEx"))(&module, strings.Add(ptx), 0, null, null));
        int status = ((delegate* unmanaged<nint*, nint, byte*, int>)Export("cuModuleGetFunction"))(&found, module, strings.Add(kernel));
        function = found;
        return status;
    }

    /// <summary>Launches a kernel of an address and, if not negative, a count.</summary>
    internal int Launch(string kernel, uint blocks, ulong address, long count = -1)
    {
        Assert.AreEqual(Ok, Find(kernel, count < 0 ? ".param .u64 a" : ".param .u64 a, .param .u64 b", out nint function));
        void** parameters = stackalloc void*[] { &address, &count };
        return ((delegate* unmanaged<nint, uint, uint, uint, uint, uint, uint, uint, nint, void**, void**, int>)Export("cuLaunchKernel"))(
            function, blocks, 1, 1, 256, 1, 1, 0, Stream, parameters, null);
    }

    public void Dispose() => ((delegate* unmanaged<uint, void>)Export("emu_reset"))(0);

    private nint Export(string name) => NativeLibrary.GetExport(_library, name);
}
