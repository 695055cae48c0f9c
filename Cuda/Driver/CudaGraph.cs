using Interp.Cuda.Native;

namespace Interp.Cuda.Driver;

/// <summary>Work recorded from a stream once, to be launched as one.</summary>
internal sealed unsafe class CudaGraph : IDisposable
{
    private readonly nint _executable;
    private bool _disposed;

    private CudaGraph(nint executable) => _executable = executable;

    /// <summary>Records what <paramref name="work"/> puts into the stream; nothing of it runs yet.</summary>
    internal static CudaGraph Capture(CudaStream stream, Action work)
    {
        nint graph = 0, executable = 0;
        CudaError.Check(CudaDriver.cuStreamBeginCapture_v2(stream.Handle, CaptureMode.ThreadLocal), "cuStreamBeginCapture");
        try
        {
            work();
        }
        catch
        {
            _ = CudaDriver.cuStreamEndCapture(stream.Handle, &graph);
            Destroy(graph);
            throw;
        }

        CudaError.Check(CudaDriver.cuStreamEndCapture(stream.Handle, &graph), "cuStreamEndCapture");
        try
        {
            CudaError.Check(CudaDriver.cuGraphInstantiateWithFlags(&executable, graph, 0), "cuGraphInstantiate");
        }
        finally
        {
            Destroy(graph);
        }

        var captured = new CudaGraph(executable);
        CudaStatus status = CudaDriver.cuGraphUpload(executable, stream.Handle);
        if (status != CudaStatus.Success)
        {
            captured.Dispose();
            CudaError.Check(status, "cuGraphUpload");
        }

        return captured;
    }

    internal void Launch(CudaStream stream) => CudaError.Check(CudaDriver.cuGraphLaunch(_executable, stream.Handle), "cuGraphLaunch");

    public void Dispose()
    {
        if (!_disposed)
        {
            _disposed = true;
            _ = CudaDriver.cuGraphExecDestroy(_executable);
        }
    }

    private static void Destroy(nint graph)
    {
        if (graph != 0)
        {
            _ = CudaDriver.cuGraphDestroy(graph);
        }
    }
}
