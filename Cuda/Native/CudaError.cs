using System.Runtime.InteropServices;
using Interp.Engine.Common;

namespace Interp.Cuda.Native;

/// <summary>Turns results of native calls that are not success into errors with a line that a user can act on.</summary>
internal static unsafe class CudaError
{
    internal static void Check(CudaStatus status, string what)
    {
        if (status != CudaStatus.Success)
        {
            throw new CudaDriverException(status, $"CUDA: {what}: {Describe(status)}");
        }
    }

    internal static void CheckBlas(int status, string what)
    {
        if (status != 0)
        {
            throw new BackendException(
                $"cuBLAS: {what}: {Text(CuBlas.cublasGetStatusString(status))} ({status}); option 'backend' cpu does without");
        }
    }

    internal static void CheckDnn(int status, string what)
    {
        if (status != 0)
        {
            throw new BackendException(
                $"cuDNN: {what}: {Text(CuDnn.cudnnGetErrorString(status))} ({status}); option 'backend' cpu does without");
        }
    }

    /// <summary>The driver's own name and text of a status, and its number.</summary>
    internal static string Describe(CudaStatus status)
    {
        byte* name = null, text = null;
        _ = CudaDriver.cuGetErrorName(status, &name);
        _ = CudaDriver.cuGetErrorString(status, &text);
        return name is null ? $"error {(int)status}" : $"{Text(text)} ({Text(name)}, {(int)status})";
    }

    private static string Text(byte* text) => Marshal.PtrToStringUTF8((nint)text) ?? "an error without a name";
}

/// <summary>A failed call of the driver. Exit code 4.</summary>
internal sealed class CudaDriverException(CudaStatus status, string message)
    : BackendException(message + "; option 'backend' cpu does without")
{
    internal CudaStatus Status => status;
}
