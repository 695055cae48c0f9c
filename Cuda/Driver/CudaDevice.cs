using System.Runtime.InteropServices;
using Interp.Cuda.Native;
using Interp.Engine.Common;

namespace Interp.Cuda.Driver;

/// <summary>A device as the driver describes it.</summary>
/// <param name="Ordinal">Its number.</param>
/// <param name="Name">Its name.</param>
/// <param name="Major">Compute capability, before the point.</param>
/// <param name="Minor">Compute capability, after the point.</param>
/// <param name="Multiprocessors">Number of multiprocessors.</param>
/// <param name="Memory">Bytes of memory.</param>
/// <param name="CacheBytes">Bytes of second-level cache.</param>
/// <param name="CudaVersion">The CUDA version that the driver supports, 1000·major + 10·minor.</param>
internal sealed record CudaDevice(int Ordinal, string Name, int Major, int Minor, int Multiprocessors, long Memory, int CacheBytes,
    int CudaVersion)
{
    /// <summary>The architecture as compilers call it: <c>sm_90</c>.</summary>
    internal string Architecture => $"sm_{Major}{Minor}";

    /// <summary>The first device.</summary>
    /// <exception cref="BackendException">There is no driver or no device; the message says which.</exception>
    internal static unsafe CudaDevice First(string? libraries)
    {
        LibrarySearch driver = NativeLibraries.Load(NativeLibraryFiles.Driver, libraries);
        if (!driver.Found)
        {
            throw new BackendException(
                $"CUDA is not available: the NVIDIA driver, {NativeLibraryFiles.Driver.OfThisSystem[0]}, is in none of "
                + $"{driver.Tried.Count} places; "
                + "'doctor' lists them; use option 'backend' cpu");
        }

        try
        {
            CudaError.Check(CudaDriver.cuInit(0), "cuInit");
            int count = 0, device = 0, version = 0;
            CudaError.Check(CudaDriver.cuDeviceGetCount(&count), "cuDeviceGetCount");
            if (count == 0)
            {
                throw new BackendException("CUDA is not available: the driver knows no device; use option 'backend' cpu");
            }

            CudaError.Check(CudaDriver.cuDriverGetVersion(&version), "cuDriverGetVersion");
            CudaError.Check(CudaDriver.cuDeviceGet(&device, 0), "cuDeviceGet");
            byte* name = stackalloc byte[256];
            CudaError.Check(CudaDriver.cuDeviceGetName(name, 256, device), "cuDeviceGetName");
            nuint memory = 0;
            CudaError.Check(CudaDriver.cuDeviceTotalMem_v2(&memory, device), "cuDeviceTotalMem");
            return new CudaDevice(
                device, Marshal.PtrToStringUTF8((nint)name) ?? "", Attribute(device, DeviceAttribute.ComputeCapabilityMajor),
                Attribute(device, DeviceAttribute.ComputeCapabilityMinor),
                Attribute(device, DeviceAttribute.MultiprocessorCount), checked((long)memory),
                Attribute(device, DeviceAttribute.L2CacheSize), version);
        }
        catch (CudaDriverException e)
            when (e.Status is CudaStatus.NoDevice or CudaStatus.StubLibrary or CudaStatus.SystemDriverMismatch
                or CudaStatus.DeviceUnavailable)
        {
            throw new BackendException(
                $"CUDA is not available: {driver.File} has no device to offer: {CudaError.Describe(e.Status)}; use option 'backend' cpu",
                e);
        }
        catch (EntryPointNotFoundException e)
        {
            throw new BackendException(
                $"CUDA is not available: {driver.File} is not a driver that can be used: {e.Message}; use option 'backend' cpu", e);
        }
    }

    private static unsafe int Attribute(int device, DeviceAttribute attribute)
    {
        int value = 0;
        CudaError.Check(CudaDriver.cuDeviceGetAttribute(&value, attribute, device), $"cuDeviceGetAttribute {attribute}");
        return value;
    }
}
