using Interp.Cuda.Driver;
using Interp.Cuda.Profiling;

namespace Interp.Cuda.Execution;

/// <summary>
/// Passes by name: the first time one is queued as it is, so that kernels are loaded and libraries set themselves up, the second time it is
/// recorded into a graph, and from then on
/// the graph is launched. While a profiler listens nothing is recorded, so that it sees each layer.
/// </summary>
internal sealed class RecordedPasses(CudaStream stream) : IDisposable
{
    /// <summary>The environment variable that turns graphs off when it is 0.</summary>
    internal const string GraphsVariable = "INTERP_CUDA_GRAPHS";

    private readonly Dictionary<string, CudaGraph?> _graphs = [];
    private readonly bool _record = !Nvtx.IsListening && Environment.GetEnvironmentVariable(GraphsVariable) != "0";

    internal void Run(string pass, Action queue)
    {
        using NvtxRange range = Nvtx.Range(pass);
        if (!_graphs.TryGetValue(pass, out CudaGraph? graph) || !_record)
        {
            queue();
            _graphs[pass] = null;
            return;
        }

        if (graph is null)
        {
            _graphs[pass] = graph = CudaGraph.Capture(stream, queue);
        }

        graph.Launch(stream);
    }

    public void Dispose()
    {
        foreach (CudaGraph? graph in _graphs.Values)
        {
            graph?.Dispose();
        }

        _graphs.Clear();
    }
}
