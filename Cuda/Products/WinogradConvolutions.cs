using Interp.Cuda.Driver;
using Interp.Engine.Backends;
using Interp.Engine.Layers;
using Interp.Engine.Tensors;

namespace Interp.Cuda.Products;

/// <summary>Makes convolutions by Winograd's algorithm.</summary>
/// <param name="backend">Where they run.</param>
/// <param name="choice">Whether it is taken where it should be faster, wherever it can, or never.</param>
internal sealed class WinogradConvolutions(CudaBackend backend, ConvChoice choice)
{
    /// <summary>Layers with fewer channels on both sides are computed directly: products so small gain nothing.</summary>
    private const int FewChannels = 32;

    private const long LeastScratch = 16 << 20;

    /// <summary>Whether some layers may be computed so.</summary>
    internal bool IsUsed => choice != ConvChoice.Direct;

    internal KernelModules Kernels => backend.Kernels;

    internal CudaStream Stream => backend.Stream;

    internal IMatrixProduct Product => backend.Product;

    /// <summary>Half of the second-level cache: the other half is for filters and images.</summary>
    internal long ScratchBytes => Math.Max(LeastScratch, backend.Context.Device.CacheBytes / 2);

    /// <summary>A convolution, or null for a layer that is for others.</summary>
    internal IConvolution? Create(in ConvolutionTask task) => Takes(task.Layer) ? new WinogradConvolution(this, task) : null;

    /// <summary>The filters of a layer, transformed for a direction.</summary>
    internal DeviceMemory Filters(Conv2d layer, Weight filters, bool gradient)
    {
        long pairs = (long)layer.OutChannels * layer.InChannels;
        return backend.Weights.Get(filters, gradient ? "winograd, turned" : "winograd", WinogradPass.Points * pairs * sizeof(float),
            (plain, made) =>
            Kernels.LaunchOver(Stream, "winograd_filters", pairs, 1, plain, made, layer.OutChannels, layer.InChannels, gradient ? 1 : 0));
    }

    private bool Takes(Conv2d layer) => IsUsed && WinogradConvolution.Can(layer)
        && (choice == ConvChoice.Winograd || Math.Max(layer.InChannels, layer.OutChannels) >= FewChannels);
}
