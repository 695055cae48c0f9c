using Interp.Cuda.Driver;
using Interp.Engine.Layers;
using Interp.Engine.Tensors;

namespace Interp.Cuda.Products;

/// <summary>
/// One direction of a convolution by Winograd's algorithm: the gradient is a convolution too, by the filters turned by half a turn. Tiles
/// are taken as many at a
/// time as the second-level cache holds, since what passes through memory between the transforms is 4.5 times the tensors.
/// </summary>
internal sealed class WinogradPass
{
    /// <summary>Products of a tile.</summary>
    internal const int Points = 36;

    private const int Outputs = 4; // of a tile, along one axis
    private const int TileMultiple = 128; // columns that kernels of products take at a time
    private const int LeastTiles = 256;
    private readonly WinogradConvolutions _factory;
    private readonly Shape _input;
    private readonly Shape _output;
    private readonly Size2 _padding;
    private readonly DeviceMemory _filters;
    private readonly Epilogue _epilogue;
    private readonly Size2 _tiles; // of an image
    private readonly int _all;
    private readonly int _atOnce;

    internal WinogradPass(WinogradConvolutions factory, in ConvolutionTask task, Shape input, Shape output, Size2 padding, bool gradient)
    {
        (_factory, _input, _output, _padding) = (factory, input, output, padding);
        _filters = factory.Filters(task.Layer, task.Filters, gradient);
        _epilogue = gradient ? default : task.Epilogue;
        _tiles = new Size2(Ceiling(output[2], Outputs), Ceiling(output[3], Outputs));
        _all = checked(output[0] * _tiles.H * _tiles.W);
        int fit = (int)Math.Clamp(factory.ScratchBytes / BytesOfTile / TileMultiple * TileMultiple, LeastTiles,
            int.MaxValue / Math.Max(input[1], output[1]));

        // Launches of about the same size, which the products' kernels divide evenly; a short row of tiles is as long as vectors of four
        // want.
        int even = Ceiling(_all, Ceiling(_all, fit));
        _atOnce = even < TileMultiple ? Ceiling(even, Outputs) * Outputs : Ceiling(even, TileMultiple) * TileMultiple;
    }

    internal long WorkspaceBytes => _atOnce * BytesOfTile;

    private long BytesOfTile => (long)Points * (_input[1] + _output[1]) * sizeof(float);

    internal void Run(ulong x, ulong y, ulong workspace)
    {
        ulong products = workspace + (ulong)((long)Points * _input[1] * _atOnce * sizeof(float));
        for (int first = 0; first < _all; first += _atOnce)
        {
            _factory.Kernels.LaunchOver(
                _factory.Stream, "winograd_inputs", (long)_input[1] * _atOnce, 1, x, workspace, _input[1], _input[2], _input[3], _padding.H,
                _padding.W,
                _tiles.H, _tiles.W, first, _atOnce, _all);
            var product = new Product(_output[1], _atOnce, _input[1])
            {
                Batch = Points, StrideA = (long)_output[1] * _input[1], StrideB = (long)_input[1] * _atOnce,
                    StrideC = (long)_output[1] * _atOnce,
            };
            _factory.Product.Multiply(product, _filters.Address, workspace, products);
            Finish(products, y, first);
        }
    }

    private void Finish(ulong products, ulong y, int first)
    {
        KernelArgument[] rest = [y, _output[1], _output[2], _output[3], _tiles.H, _tiles.W, first, _atOnce, _all];
        string kernel = _epilogue.Bias == 0 ? "winograd_outputs" : _epilogue.Rectifies ? "winograd_outputs_bias_relu"
            : "winograd_outputs_bias";
        _factory.Kernels.LaunchOver(_factory.Stream, kernel, (long)_output[1] * _atOnce, 1, _epilogue.Bias == 0 ? [products, .. rest]
            : [products, _epilogue.Bias, .. rest]);
    }

    private static int Ceiling(int value, int step) => (value + step - 1) / step;
}
