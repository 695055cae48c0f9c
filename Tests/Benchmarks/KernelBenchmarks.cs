using BenchmarkDotNet.Attributes;
using Interp.Engine.Backends;
using Interp.Engine.Cpu;
using Interp.Engine.Cpu.Convolution;
using Interp.Engine.Cpu.Lanes;
using Interp.Engine.Layers;
using Interp.Engine.Rules;
using Interp.Engine.Tensors;

namespace Interp.Benchmarks;

/// <summary>Single kernels on data in cache, for each instruction set of this machine, on one thread.</summary>
public class KernelBenchmarks : IDisposable
{
    private KernelCalls _calls = null!;
    private CpuBackend _backend = null!;
    private CpuSession _linear = null!;

    /// <summary>The width of registers.</summary>
    [ParamsSource(nameof(Sets))]
    public InstructionSet Set { get; set; }

    /// <summary>Those that work here.</summary>
    public static IEnumerable<InstructionSet> Sets => Enum.GetValues<InstructionSet>().Where(InstructionSets.Supported);

    /// <summary>Makes the data.</summary>
    [GlobalSetup]
    public void SetUp()
    {
        _calls = Set switch
        {
            InstructionSet.Avx512 => new KernelCalls<Lanes512>(),
            InstructionSet.Avx2 => new KernelCalls<Lanes256>(),
            _ => new KernelCalls<Lanes128>(),
        };
        _backend = new CpuBackend(new CpuOptions { Threads = 1, InstructionSet = Set });
        var network = Networks.Single(new Linear(512, 512));
        _linear = (CpuSession)_backend.Open(network, new SessionOptions());
        float[] values = Networks.Values(512, 1);
        _linear.Forward(values);
        _linear.Backward(ReluRules.Vanilla, default, new Seed(network.Output, values));
    }

    /// <summary>The largest tile over 128 input channels: 2·128·16 operations for each of its pixels and blocks.</summary>
    [Benchmark]
    public void MicroKernel() => _calls.MicroKernel();

    /// <summary>Bᵀ d B of one tile of sixteen channels.</summary>
    [Benchmark]
    public void WinogradInput() => _calls.WinogradInput();

    /// <summary>Aᵀ m A of one tile of sixteen channels.</summary>
    [Benchmark]
    public void WinogradOutput() => _calls.WinogradOutput();

    /// <summary>512→512, weights in the second-level cache.</summary>
    [Benchmark]
    public void LinearForward() => _linear.Steps[^1].Kernel.Forward(_linear.Steps[^1].Run);

    /// <summary>Its gradient.</summary>
    [Benchmark]
    public void LinearBackward() => _linear.Steps[^1].Kernel.Backward(_linear.Steps[^1].Run, ReluRules.Vanilla);

    /// <inheritdoc/>
    [GlobalCleanup]
    public void Dispose()
    {
        _calls.Dispose();
        _linear.Dispose();
        _backend.Dispose();
        GC.SuppressFinalize(this);
    }
}

/// <summary>The kernels behind one interface, whatever their width.</summary>
internal abstract class KernelCalls : IDisposable
{
    public abstract void MicroKernel();

    public abstract void WinogradInput();

    public abstract void WinogradOutput();

    public abstract void Dispose();
}

/// <inheritdoc/>
internal sealed unsafe class KernelCalls<TLanes> : KernelCalls where TLanes : unmanaged, ILanes<TLanes>
{
    private const int Depth = 128;
    private const int Room = 64 * Depth * Blocked.Lanes;

    // The odd vector keeps the 36 points from sharing cache sets, as in the engine.
    private const int Stride = 64 * Blocked.Lanes + Blocked.Lanes;

    private readonly NativeBuffer _memory = new(4L * Room * sizeof(float));

    private float* X => (float*)_memory.Address;

    private float* Y => X + Room;

    private float* W => X + 2 * Room;

    private float* Bias => X + 3 * Room;

    public override void MicroKernel()
    {
        int tap = 0;
        for (int block = 0; block < Depth / Blocked.Lanes; block++)
        {
            FetchAhead ahead = FetchAhead.Following(W, TLanes.TileBlocks * Blocked.Lanes);
            MicroKernels<TLanes, BlockedPixels>.ForRows(TLanes.TilePixels)(X + block * Stride, &tap, 1, Blocked.Lanes, W, ahead, Bias, Y,
                Y + Stride, Blocked.Lanes);
        }
    }

    public override void WinogradInput() => WinogradTransform.Input<TLanes>(X, Stride, Blocked.Lanes, Y, Stride);

    public override void WinogradOutput() => WinogradTransform.Output<TLanes>(X, Stride, 4, Y, 4 * Blocked.Lanes, Blocked.Lanes, Bias);

    public override void Dispose() => _memory.Dispose();
}
