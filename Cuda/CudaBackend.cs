using Interp.Cuda.Driver;
using Interp.Cuda.Execution;
using Interp.Cuda.Images;
using Interp.Cuda.Native;
using Interp.Cuda.Products;
using Interp.Engine.Arithmetic;
using Interp.Engine.Backends;
using Interp.Engine.Common;
using Interp.Engine.Graph;

namespace Interp.Cuda;

/// <summary>
/// Networks on an NVIDIA GPU: convolutions of 3×3 with stride 1 by Winograd's algorithm, others by cuDNN, matrix products by cuBLAS, all
/// else, and whatever
/// of the two is missing, by own kernels. It needs the driver alone. Float32 throughout, deterministic algorithms only, one stream: the
/// same calls give the
/// same bits on the same device with the same libraries; they agree with the CPU backend within rounding. Its tests pass on an H100 SXM,
/// where the kernels of
/// a forward and a backward pass of VGG16 at 224×224 take 0.91 and 1.04 ms. On paper both take at least 0.24 ms for 16.3 GFLOP of products
/// at 67 TFLOP/s and
/// 0.44 ms for 1.5 GB of weights, transformed ones among them, at 3.35 TB/s.
/// </summary>
public sealed class CudaBackend : IBackend
{
    private readonly List<IDisposable> _parts = [];
    private readonly CuDnnConvolutions? _cuDnn;
    private readonly WinogradConvolutions _winograd;
    private readonly ColumnConvolutions _columns;
    private readonly long _free; // what sessions may take of what was free at first, the rest being for weights
    private bool _disposed;

    private CudaBackend(CudaDevice device, CudaOptions options)
    {
        Info = new BackendInfo("cuda", device.Architecture, 1);
        Context = Own(new CudaContext(device));
        try
        {
            Context.MakeCurrent();
            _free = CudaContext.FreeBytes() / 4 * 3;
            Stream = Own(new CudaStream());
            Kernels = Own(new KernelModules());
            Weights = Own(new WeightStore(Stream));
            Product = Own(CreateProduct(device, options));
            Images = Own(new CudaImageMath(this));
            _winograd = new WinogradConvolutions(this, options.Memory.Leaves(options.Convolution));
            _columns = new ColumnConvolutions(this);
            _cuDnn = options.UseCuDnn && NativeLibraries.Load(NativeLibraryFiles.CuDnn, options.LibraryFolder).Found
                ? Own(new CuDnnConvolutions(Stream, Weights, options.FastMath == FastMath.Tf32)) : null;
        }
        catch (EntryPointNotFoundException e)
        {
            Dispose();
            throw new BackendException($"CUDA: a library lacks what is needed: {e.Message}; 'doctor' says which were loaded", e);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public BackendInfo Info { get; }

    /// <summary>The device's name, and what computes convolutions and products.</summary>
    public string Description =>
        $"{Context.Device.Name}, {Info.InstructionSet}, convolutions by "
        + $"{(_winograd.IsUsed ? "Winograd's algorithm and " : "")}{_cuDnn?.Name ?? _columns.Name}, products by {Product.Name}";

    /// <summary>Held while the device works: one call at a time.</summary>
    internal Lock Gate { get; } = new();

    internal CudaContext Context { get; }

    internal CudaStream Stream { get; }

    internal KernelModules Kernels { get; }

    internal WeightStore Weights { get; }

    internal IMatrixProduct Product { get; }

    IImageMath IBackend.Images => Images;

    Traffic IBackend.Traffic => Stream.Copied;

    int IBackend.PreferredBatch => 50;

    long IBackend.FreeBytes => _free;

    private CudaImageMath Images { get; }

    /// <summary>Whether there is a driver to ask; without one nothing is said about a device that is not used.</summary>
    public static bool HasDriver => NativeLibraries.Load(NativeLibraryFiles.Driver, null).Found;

    /// <summary>Opens the first device, and has a small network computed there before it is trusted.</summary>
    /// <exception cref="BackendException">There is no driver or no device, a library cannot be used, or results are wrong; one line says
    /// why.</exception>
    public static CudaBackend OpenChecked(CudaOptions? options = null)
    {
        CudaBackend backend = Open(options);
        try
        {
            double error = options is { FastMath: FastMath.Tf32 } ? 0 : SelfCheck.Run(backend);
            return error <= SelfCheck.Tolerance ? backend : throw new BackendException(CudaReport.SelfCheckProblem(error));
        }
        catch
        {
            backend.Dispose();
            throw;
        }
    }

    /// <summary>Opens the first device.</summary>
    /// <exception cref="BackendException">There is no driver or no device, or a library cannot be used; one line says why.</exception>
    public static CudaBackend Open(CudaOptions? options = null) =>
        new(CudaDevice.First(options?.LibraryFolder), options ?? new CudaOptions());

    /// <inheritdoc/>
    public Session Open(Network network, SessionOptions options)
    {
        lock (Gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            Context.MakeCurrent();
            Weights.Trim();
            return new CudaSession(this, network, options);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        Context.MakeCurrentToClean();
        for (int i = _parts.Count - 1; i >= 0; i--)
        {
            _parts[i].Dispose();
        }
    }

    /// <summary>A convolution by Winograd's algorithm, else by cuDNN, or where that is missing or has no fitting algorithm, by matrix
    /// products.</summary>
    internal IConvolution CreateConvolution(in ConvolutionTask task) =>
        _winograd.Create(task) ?? _cuDnn?.Create(task) ?? _columns.Create(task);

    private IMatrixProduct CreateProduct(CudaDevice device, CudaOptions options)
    {
        int major = device.CudaVersion / 1000;
        if (options.UseCuBlas)
        {
            _ = NativeLibraries.Load(NativeLibraryFiles.CuBlasLt(major), options.LibraryFolder);
            if (NativeLibraries.Load(NativeLibraryFiles.CuBlas(major), options.LibraryFolder).Found)
            {
                var products = new CuBlasProduct(Stream, options.FastMath == FastMath.Tf32);
                return options.FastMath == FastMath.Tf32x3 ? new ThreefoldProduct(products, Kernels, Stream) : products;
            }
        }

        return new KernelProduct(Kernels, Stream, device.Multiprocessors);
    }

    private T Own<T>(T part) where T : IDisposable
    {
        _parts.Add(part);
        return part;
    }
}
