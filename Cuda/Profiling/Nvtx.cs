namespace Interp.Cuda.Profiling;

/// <summary>
/// Named ranges for profilers, nested on each thread: NVTX version 3 without a library. A tool such as <c>nsys</c> names its library in the
/// environment
/// variable <c>NVTX_INJECTION64_PATH</c>; where it is not set, or names nothing that can be loaded, ranges do nothing.
/// </summary>
internal static class Nvtx
{
    private static readonly Lazy<NvtxTool?> s_tool = new(() => NvtxTool.Attach(Environment.GetEnvironmentVariable(NvtxTool.PathVariable)));

    /// <summary>Whether a tool is attached.</summary>
    internal static bool IsListening => s_tool.Value is not null;

    /// <summary>Begins a range that ends when the result is disposed, on the same thread.</summary>
    internal static NvtxRange Range(string name) => new(s_tool.Value, name);
}

/// <summary>A range that lasts until it is disposed.</summary>
internal readonly ref struct NvtxRange
{
    private readonly NvtxTool? _tool;

    internal NvtxRange(NvtxTool? tool, string name)
    {
        _tool = tool;
        tool?.Push(name);
    }

    public void Dispose() => _tool?.Pop();
}
