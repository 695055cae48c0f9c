using Interp.Cuda.Native;

namespace Interp.Cuda.Driver;

/// <summary>Times work in a stream by two events on the device.</summary>
internal sealed unsafe class CudaTimer : IDisposable
{
    private readonly CudaStream _stream;
    private readonly nint _start = Create();
    private readonly nint _end = Create();

    internal CudaTimer(CudaStream stream) => _stream = stream;

    /// <summary>Milliseconds that the device takes for what <paramref name="work"/> queues.</summary>
    internal double Measure(Action work)
    {
        CudaError.Check(CudaDriver.cuEventRecord(_start, _stream.Handle), "cuEventRecord");
        work();
        CudaError.Check(CudaDriver.cuEventRecord(_end, _stream.Handle), "cuEventRecord");
        CudaError.Check(CudaDriver.cuEventSynchronize(_end), "cuEventSynchronize");
        float milliseconds = 0;
        CudaError.Check(CudaDriver.cuEventElapsedTime(&milliseconds, _start, _end), "cuEventElapsedTime");
        return milliseconds;
    }

    public void Dispose()
    {
        _ = CudaDriver.cuEventDestroy_v2(_start);
        _ = CudaDriver.cuEventDestroy_v2(_end);
    }

    private static nint Create()
    {
        nint made = 0;
        CudaError.Check(CudaDriver.cuEventCreate(&made, EventFlags.Default), "cuEventCreate");
        return made;
    }
}
