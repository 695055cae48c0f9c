using Interp.Engine.Arithmetic;
using Interp.Engine.Backends;
using Interp.Engine.Common;
using Interp.Engine.Cpu.Convolution;
using Interp.Engine.Cpu.Kernels;
using Interp.Engine.Graph;

namespace Interp.Engine.Cpu;

/// <summary>
/// The default backend: managed, vectorised, on all cores. It owns its threads and the filters prepared for its sessions; close sessions
/// before it.
/// The same calls give the same bits at any number of threads and on any instruction set.
/// </summary>
public sealed class CpuBackend : IBackend
{
    private readonly CpuOptions _options;
    private readonly HostImageMath _images;

    /// <summary>Starts the threads.</summary>
    /// <exception cref="BackendException">The processor lacks the instruction set asked for.</exception>
    /// <exception cref="InputException">The number of threads is not 0 to 1024.</exception>
    public CpuBackend(CpuOptions? options = null)
    {
        options ??= new CpuOptions();
        if (options.Threads is < 0 or > 1024)
        {
            throw new InputException($"option 'threads' {options.Threads}: expected 1 to 1024, or 0 for one per core");
        }

        Kernels = KernelFactory.For(InstructionSets.Require(options.InstructionSet, options.Emulated));
        _options = options;
        Pool = new WorkerPool(options.Threads == 0 ? Environment.ProcessorCount : options.Threads);
        Info = new BackendInfo("cpu", Kernels.Name, Pool.Threads);
        _images = new HostImageMath((count, task) => Pool.Run(count, (part, _) => task(part)));
    }

    /// <inheritdoc/>
    public BackendInfo Info { get; }

    IImageMath IBackend.Images => _images;

    internal KernelFactory Kernels { get; }

    internal WorkerPool Pool { get; }

    internal FilterCache Filters { get; } = new();

    /// <inheritdoc cref="CpuOptions.Group"/>
    internal int Group => _options.Group;

    /// <summary>How a session computes its convolutions.</summary>
    internal ConvPlan Convolutions(bool backward)
    {
        bool low = _options.Memory == MemoryUse.Low;
        return new ConvPlan(_options.Memory.Leaves(_options.Convolution), low, backward, Filters);
    }

    /// <inheritdoc/>
    bool IBackend.HasFrames => true;

    /// <inheritdoc/>
    public Session Open(Network network, SessionOptions options) => new CpuSession(this, network, options);

    /// <inheritdoc/>
    void IBackend.Share(int count, Action<int> work) => Pool.Run(count, (task, _) => work(task));

    /// <inheritdoc/>
    public void Dispose()
    {
        Pool.Dispose();
        Filters.Dispose();
    }
}
