using System.Text;
using System.Text.RegularExpressions;
using Interp.Cuda.Native;
using Interp.Engine.Common;

namespace Interp.Cuda.Driver;

/// <summary>
/// The program's own kernels: PTX from NVIDIA's compiler, embedded, which the driver compiles for its device when a module's first kernel
/// is asked for.
/// Each launch's arguments are checked against the parameters that the PTX declares.
/// </summary>
internal sealed unsafe partial class KernelModules : IDisposable
{
    /// <summary>Threads of a block, in all kernels.</summary>
    internal const int BlockThreads = 256;

    /// <summary>Values of a plane that one block works on: PART in <c>common.cuh</c>.</summary>
    private const int PlanePart = 2048;

    private readonly Dictionary<string, PtxEntry> _entries = [];
    private readonly Dictionary<string, nint> _modules = [];
    private readonly Dictionary<string, nint> _functions = [];

    internal KernelModules()
    {
        foreach (string resource in ResourceNames)
        {
            string ptx = ReadText(resource);
            foreach (Match entry in Entry().Matches(ptx))
            {
                string name = entry.Groups["name"].Value;
                int[] sizes = [
                    .. Parameter().Matches(entry.Groups["parameters"].Value).Select(p => int.Parse(p.Groups["bits"].ValueSpan) / 8)];
                _entries.Add(name, new PtxEntry(resource, sizes));
            }
        }
    }

    /// <summary>The modules' names.</summary>
    internal static IEnumerable<string> ResourceNames =>
        typeof(KernelModules).Assembly.GetManifestResourceNames().Where(n => n.EndsWith(".ptx", StringComparison.Ordinal)).Order(
        StringComparer.Ordinal);

    /// <summary>All kernels.</summary>
    internal IEnumerable<string> Names => _entries.Keys;

    internal bool Contains(string kernel) => _entries.ContainsKey(kernel);

    /// <summary>Launches a kernel whose threads loop over <paramref name="count"/> elements; <paramref name="images"/> is the grid's second
    /// size.</summary>
    internal void LaunchOver(CudaStream stream, string kernel, long count, int images, params ReadOnlySpan<KernelArgument> arguments) =>
        Launch(stream, kernel, ((uint)Math.Clamp((count + BlockThreads - 1) / BlockThreads, 1, 1 << 20), (uint)images, 1), arguments);

    /// <summary>Launches a kernel that works on planes of <paramref name="length"/> values.</summary>
    internal void LaunchPlanes(CudaStream stream, string kernel, long planes, int length, int images,
        params ReadOnlySpan<KernelArgument> arguments) =>
        Launch(stream, kernel, (checked((uint)(planes * ((length + PlanePart - 1) / PlanePart))), (uint)images, 1), arguments);

    /// <summary>Launches a kernel on a grid of blocks.</summary>
    /// <exception cref="ArgumentException">There is no such kernel, or its parameters are others.</exception>
    internal void Launch(CudaStream stream, string kernel, (uint X, uint Y, uint Z) grid, params ReadOnlySpan<KernelArgument> arguments)
    {
        nint function = Function(kernel);
        int[] sizes = _entries[kernel].ParameterBytes;
        ulong* values = stackalloc ulong[arguments.Length];
        void** pointers = stackalloc void*[arguments.Length];
        bool fits = arguments.Length == sizes.Length;
        for (int i = 0; i < arguments.Length; i++)
        {
            fits = fits && arguments[i].Bytes == sizes[i];
            values[i] = arguments[i].Bits;
            pointers[i] = values + i;
        }

        if (!fits)
        {
            throw new ArgumentException($"kernel {kernel} has parameters of {string.Join(",", sizes)} bytes; the arguments are others",
                nameof(arguments));
        }

        CudaError.Check(
            CudaDriver.cuLaunchKernel(function, grid.X, grid.Y, grid.Z, BlockThreads, 1, 1, 0, stream.Handle, pointers, null),
            $"launch of kernel {kernel}");
    }

    /// <summary>Loads the kernel's module if it is not loaded yet: not possible while a graph is recorded.</summary>
    internal nint Function(string kernel)
    {
        if (_functions.TryGetValue(kernel, out nint known))
        {
            return known;
        }

        if (!_entries.TryGetValue(kernel, out PtxEntry? entry))
        {
            throw new BackendException($"CUDA: there is no kernel '{kernel}'; use option 'backend' cpu");
        }

        nint function = 0;
        fixed (byte* name = Encoding.ASCII.GetBytes(kernel + "\0"))
        {
            CudaError.Check(CudaDriver.cuModuleGetFunction(&function, Module(entry.Resource), name), $"kernel {kernel}");
        }

        return _functions[kernel] = function;
    }

    /// <summary>What the driver made of a kernel.</summary>
    internal int Attribute(string kernel, FunctionAttribute attribute)
    {
        int value = 0;
        CudaError.Check(CudaDriver.cuFuncGetAttribute(&value, attribute, Function(kernel)), $"{attribute} of kernel {kernel}");
        return value;
    }

    public void Dispose()
    {
        foreach (nint module in _modules.Values)
        {
            _ = CudaDriver.cuModuleUnload(module);
        }

        _modules.Clear();
        _functions.Clear();
    }

    internal static string ReadText(string resource)
    {
        using Stream stream = typeof(KernelModules).Assembly.GetManifestResourceStream(resource)!;
        using var reader = new StreamReader(stream, Encoding.ASCII);
        return reader.ReadToEnd();
    }

    private nint Module(string resource)
    {
        if (_modules.TryGetValue(resource, out nint known))
        {
            return known;
        }

        const int LogBytes = 4096;
        byte* log = stackalloc byte[LogBytes];
        log[0] = 0;
        JitOption* options = stackalloc[] { JitOption.ErrorLogBuffer, JitOption.ErrorLogBufferSizeBytes };
        void** values = stackalloc void*[2];
        values[0] = log;
        values[1] = (void*)LogBytes;
        nint module = 0;
        fixed (byte* image = Encoding.ASCII.GetBytes(ReadText(resource) + "\0"))
        {
            CudaStatus status = CudaDriver.cuModuleLoadDataEx(&module, image, 2, options, values);
            if (status != CudaStatus.Success)
            {
                string? said = System.Runtime.InteropServices.Marshal.PtrToStringUTF8((nint)log)?.ReplaceLineEndings(" ").Trim();
                CudaError.Check(status, $"loading {resource}{(string.IsNullOrEmpty(said) ? "" : $" ({said})")}");
            }
        }

        return _modules[resource] = module;
    }

    [GeneratedRegex(@"\.visible \.entry (?<name>\w+)\((?<parameters>[^)]*)\)")]
    private static partial Regex Entry();

    [GeneratedRegex(@"\.param \.[a-z](?<bits>\d+)")]
    private static partial Regex Parameter();

    private sealed record PtxEntry(string Resource, int[] ParameterBytes);
}
