using Interp.Cuda.Driver;
using Interp.Engine.Layers;
using Interp.Engine.Tensors;

namespace Interp.Cuda.Products;

/// <summary>
/// Convolution as a matrix product: every window's values become a column (im2col), as many images at a time as fit into the workspace. Any
/// kernel, stride,
/// padding, dilation and groups. K. Chellapilla, S. Puri, P. Simard, "High performance convolutional neural networks for document
/// processing", 2006.
/// </summary>
internal sealed class ColumnConvolution : IConvolution
{
    private const long WorkspaceLimit = 256 << 20;
    private readonly ColumnConvolutions _factory;
    private readonly Conv2d _layer;
    private readonly Shape _input;
    private readonly Shape _output;
    private readonly DeviceMemory _filters;
    private readonly long _columnsPerImage;
    private readonly int _images;

    internal ColumnConvolution(ColumnConvolutions factory, in ConvolutionTask task)
    {
        (_factory, _layer, _input, _output) = (factory, task.Layer, task.Input, task.Output);
        _filters = factory.Weights.Get(task.Filters);
        Window window = _layer.Window;
        IsPlain = window.Kernel == Size2.Square(1) && window.Stride == Size2.Square(1) && window.Padding == Size2.Square(0)
            && window.PaddingEnd is null;
        _columnsPerImage = (long)_layer.InChannels * window.Kernel.H * window.Kernel.W * OutputPlane;
        _images = _layer.Groups > 1 ? 1 : (int)Math.Clamp(WorkspaceLimit / (4 * Math.Max(1, _columnsPerImage)), 1, Math.Max(1, _input[0]));
    }

    public long WorkspaceBytes => IsPlain ? 0 : 4 * _columnsPerImage * _images;

    public bool HasEpilogue => false;

    /// <summary>Whether the image is its own columns.</summary>
    private bool IsPlain { get; }

    private int OutputPlane => _output[2] * _output[3];

    private int Taps => _layer.Window.Kernel.H * _layer.Window.Kernel.W;

    private long InputStride => (long)_input[1] * _input[2] * _input[3];

    private long OutputStride => (long)_output[1] * OutputPlane;

    public void Forward(ulong x, ulong y, ulong workspace)
    {
        for (int first = 0; first < _input[0]; first += _images)
        {
            int count = Math.Min(_images, _input[0] - first);
            ulong from = x + (4 * (ulong)(first * InputStride)), to = y + (4 * (ulong)(first * OutputStride));
            if (!IsPlain)
            {
                Rearrange("im2col", from, workspace, (long)_input[1] * Taps, OutputPlane, count);
            }

            _factory.Product.Multiply(Sizes(_layer.OutChannels / _layer.Groups, Depth, OutputPlane, count, toOutput: true),
                _filters.Address, IsPlain ? from : workspace, to);
        }
    }

    public void BackwardData(ulong upstream, ulong gradient, ulong workspace)
    {
        for (int first = 0; first < _input[0]; first += _images)
        {
            int count = Math.Min(_images, _input[0] - first);
            ulong from = upstream + (4 * (ulong)(first * OutputStride)), to = gradient + (4 * (ulong)(first * InputStride));
            ulong columns = IsPlain ? to : workspace;
            _factory.Product.Multiply(Sizes(Depth, _layer.OutChannels / _layer.Groups, OutputPlane, count, toOutput: false),
                _filters.Address, from, columns);
            if (!IsPlain)
            {
                Rearrange("col2im", workspace, to, _input[1], _input[2] * _input[3], count);
            }
        }
    }

    /// <summary>Does nothing: the workspace belongs to the session.</summary>
    public void Dispose()
    {
    }

    /// <summary>Rows of a group's columns.</summary>
    private int Depth => _layer.InChannels / _layer.Groups * Taps;

    /// <summary>One product an image, or, of an image with groups, one a group: the filters, plain or transposed, times columns or
    /// gradients.</summary>
    private Product Sizes(int rows, int inner, int columns, int images, bool toOutput)
    {
        bool grouped = _layer.Groups > 1;
        return new Product(rows, columns, inner)
        {
            TransposedA = !toOutput,
            Batch = grouped ? _layer.Groups : images,
            StrideA = grouped ? (long)rows * inner : 0,
            StrideB = grouped ? (long)inner * columns : toOutput ? (IsPlain ? InputStride : _columnsPerImage) : OutputStride,
            StrideC = grouped ? (long)rows * columns : toOutput ? OutputStride : IsPlain ? InputStride : _columnsPerImage,
        };
    }

    private void Rearrange(string kernel, ulong from, ulong to, long planes, int length, int images)
    {
        Window g = _layer.Window;
        _factory.Kernels.LaunchPlanes(
            _factory.Stream, kernel, planes, length, images, from, to, InputStride, _columnsPerImage, _input[2], _input[3], _output[2],
            _output[3], g.Kernel.H, g.Kernel.W,
            g.Stride.H, g.Stride.W, g.Padding.H, g.Padding.W, g.Dilation.H, g.Dilation.W);
    }
}

/// <summary>Makes convolutions by matrix products.</summary>
internal sealed class ColumnConvolutions(CudaBackend backend)
{
    internal string Name => $"im2col, {Product.Name}";

    internal KernelModules Kernels => backend.Kernels;

    internal CudaStream Stream => backend.Stream;

    internal IMatrixProduct Product => backend.Product;

    internal WeightStore Weights => backend.Weights;

    internal IConvolution Create(in ConvolutionTask task) => new ColumnConvolution(this, task);
}
