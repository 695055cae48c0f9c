using System.Runtime.InteropServices;

namespace Interp.Cuda.Native;

/// <summary>
/// The driver's entry points, under the names that the library exports: where the vendor's header maps a plain name to a suffixed one, the
/// plain
/// export is an older interface, so the suffix stands here. Handles are <c>nint</c>, device addresses <c>ulong</c>, sizes <c>nuint</c>.
/// </summary>
internal static unsafe partial class CudaDriver
{
    private const string Library = "cuda";

    [LibraryImport(Library)]
    internal static partial CudaStatus cuInit(uint flags);

    [LibraryImport(Library)]
    internal static partial CudaStatus cuDriverGetVersion(int* version);

    [LibraryImport(Library)]
    internal static partial CudaStatus cuGetErrorName(CudaStatus error, byte** name);

    [LibraryImport(Library)]
    internal static partial CudaStatus cuGetErrorString(CudaStatus error, byte** text);

    [LibraryImport(Library)]
    internal static partial CudaStatus cuDeviceGetCount(int* count);

    [LibraryImport(Library)]
    internal static partial CudaStatus cuDeviceGet(int* device, int ordinal);

    [LibraryImport(Library)]
    internal static partial CudaStatus cuDeviceGetName(byte* name, int length, int device);

    [LibraryImport(Library)]
    internal static partial CudaStatus cuDeviceGetAttribute(int* value, DeviceAttribute attribute, int device);

    [LibraryImport(Library)]
    internal static partial CudaStatus cuDeviceTotalMem_v2(nuint* bytes, int device);

    [LibraryImport(Library)]
    internal static partial CudaStatus cuDevicePrimaryCtxRetain(nint* context, int device);

    [LibraryImport(Library)]
    internal static partial CudaStatus cuDevicePrimaryCtxRelease_v2(int device);

    [LibraryImport(Library)]
    internal static partial CudaStatus cuCtxSetCurrent(nint context);

    [LibraryImport(Library)]
    internal static partial CudaStatus cuMemGetInfo_v2(nuint* free, nuint* total);

    [LibraryImport(Library)]
    internal static partial CudaStatus cuMemAlloc_v2(ulong* address, nuint bytes);

    [LibraryImport(Library)]
    internal static partial CudaStatus cuMemFree_v2(ulong address);

    [LibraryImport(Library)]
    internal static partial CudaStatus cuMemHostAlloc(void** address, nuint bytes, uint flags);

    [LibraryImport(Library)]
    internal static partial CudaStatus cuMemFreeHost(void* address);

    [LibraryImport(Library)]
    internal static partial CudaStatus cuMemcpyHtoDAsync_v2(ulong destination, void* source, nuint bytes, nint stream);

    [LibraryImport(Library)]
    internal static partial CudaStatus cuMemcpyDtoHAsync_v2(void* destination, ulong source, nuint bytes, nint stream);

    [LibraryImport(Library)]
    internal static partial CudaStatus cuMemcpyDtoDAsync_v2(ulong destination, ulong source, nuint bytes, nint stream);

    [LibraryImport(Library)]
    internal static partial CudaStatus cuMemsetD32Async(ulong destination, uint value, nuint count, nint stream);

    [LibraryImport(Library)]
    internal static partial CudaStatus cuModuleLoadDataEx(nint* module, void* image, uint optionCount, JitOption* options, void** values);

    [LibraryImport(Library)]
    internal static partial CudaStatus cuModuleUnload(nint module);

    [LibraryImport(Library)]
    internal static partial CudaStatus cuModuleGetFunction(nint* function, nint module, byte* name);

    [LibraryImport(Library)]
    internal static partial CudaStatus cuFuncGetAttribute(int* value, FunctionAttribute attribute, nint function);

    [LibraryImport(Library)]
    internal static partial CudaStatus cuLaunchKernel(
        nint function, uint gridX, uint gridY, uint gridZ, uint blockX, uint blockY, uint blockZ, uint sharedBytes, nint stream,
        void** parameters, void** extra);

    [LibraryImport(Library)]
    internal static partial CudaStatus cuStreamCreate(nint* stream, StreamFlags flags);

    [LibraryImport(Library)]
    internal static partial CudaStatus cuStreamDestroy_v2(nint stream);

    [LibraryImport(Library)]
    internal static partial CudaStatus cuStreamSynchronize(nint stream);

    [LibraryImport(Library)]
    internal static partial CudaStatus cuStreamBeginCapture_v2(nint stream, CaptureMode mode);

    [LibraryImport(Library)]
    internal static partial CudaStatus cuStreamEndCapture(nint stream, nint* graph);

    [LibraryImport(Library)]
    internal static partial CudaStatus cuGraphInstantiateWithFlags(nint* executable, nint graph, ulong flags);

    [LibraryImport(Library)]
    internal static partial CudaStatus cuGraphUpload(nint executable, nint stream);

    [LibraryImport(Library)]
    internal static partial CudaStatus cuGraphLaunch(nint executable, nint stream);

    [LibraryImport(Library)]
    internal static partial CudaStatus cuGraphExecDestroy(nint executable);

    [LibraryImport(Library)]
    internal static partial CudaStatus cuGraphDestroy(nint graph);

    [LibraryImport(Library)]
    internal static partial CudaStatus cuEventCreate(nint* created, EventFlags flags);

    [LibraryImport(Library)]
    internal static partial CudaStatus cuEventRecord(nint recorded, nint stream);

    [LibraryImport(Library)]
    internal static partial CudaStatus cuEventSynchronize(nint recorded);

    [LibraryImport(Library)]
    internal static partial CudaStatus cuEventElapsedTime(float* milliseconds, nint start, nint end);

    [LibraryImport(Library)]
    internal static partial CudaStatus cuEventDestroy_v2(nint destroyed);
}
