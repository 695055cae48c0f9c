using Interp.Tests.Support;

namespace Interp.Tests.Cuda.Emulation;

/// <summary>A convolution of [1,3,9,8] with 5 filters of 3x2, padded by 1 and 0, of stride 2 and 1, by cuDNN: result [1,5,5,7].</summary>
internal sealed unsafe class RawConvolution : IDisposable
{
    private const int Channels = 3, Height = 9, Width = 8, Filters = 5, KernelHeight = 3, KernelWidth = 2;
    private const int Pad = 1, Stride = 2, OutHeight = 5, OutWidth = 7;
    private const int Most = 8, PerfBytes = 48, StatusAt = 4, DeterminismAt = 24;

    private static readonly float[] s_x = new Gaussian(1).Values(Channels * Height * Width);
    private static readonly float[] s_w = new Gaussian(2).Values(Filters * Channels * KernelHeight * KernelWidth);
    private static readonly float[] s_dy = new Gaussian(3).Values(Filters * OutHeight * OutWidth);

    private readonly RawDevice _device;
    private readonly nint _handle;
    private readonly nint _stream;
    private readonly nint _w;
    private readonly nint _dy;
    private readonly nint _y;
    private readonly nint _dx;
    private readonly nint _wDescriptor;
    private readonly nint _yDescriptor;
    private readonly nint _convolution;

    internal RawConvolution(RawDevice device, int math)
    {
        _device = device;
        _stream = device.Stream();
        _handle = device.Made("cudnnCreate");
        device.Done("cudnnSetStream", _handle, _stream);
        XDescriptor = device.Made("cudnnCreateTensorDescriptor");
        device.Done("cudnnSetTensor4dDescriptor", XDescriptor, 0, 0, 1, Channels, Height, Width);
        _yDescriptor = device.Made("cudnnCreateTensorDescriptor");
        device.Done("cudnnSetTensor4dDescriptor", _yDescriptor, 0, 0, 1, Filters, OutHeight, OutWidth);
        _wDescriptor = device.Made("cudnnCreateFilterDescriptor");
        device.Done("cudnnSetFilter4dDescriptor", _wDescriptor, 0, 0, Filters, Channels, KernelHeight, KernelWidth);
        _convolution = device.Made("cudnnCreateConvolutionDescriptor");
        device.Done("cudnnSetConvolution2dDescriptor", _convolution, Pad, 0, Stride, 1, 1, 1, 1, 0);
        device.Done("cudnnSetConvolutionMathType", _convolution, math);
        X = device.Upload(_stream, s_x);
        _w = device.Upload(_stream, s_w);
        _dy = device.Upload(_stream, s_dy);
        _y = device.Allocate(4 * s_dy.Length);
        _dx = device.Allocate(4 * s_x.Length);
    }

    internal nint X { get; }

    internal nint XDescriptor { get; }

    internal long WorkspaceBytes(bool backward, int algorithm)
    {
        long bytes = -1;
        if (backward)
        {
            _device.Done(
                "cudnnGetConvolutionBackwardDataWorkspaceSize", _handle, _wDescriptor, _yDescriptor, _convolution, XDescriptor, algorithm,
                (nint)(&bytes));
        }
        else
        {
            _device.Done(
                "cudnnGetConvolutionForwardWorkspaceSize", _handle, XDescriptor, _wDescriptor, _convolution, _yDescriptor, algorithm,
                (nint)(&bytes));
        }

        return bytes;
    }

    /// <summary>Runs with a workspace of so many bytes, and for forward with another input.</summary>
    internal int Run(bool backward, int algorithm, long workspaceBytes, nint? x = null)
    {
        float alpha = 1, beta = 0;
        nint workspace = _device.Allocate((int)Math.Max(1, workspaceBytes));
        return backward
            ? _device.Call(
                "cudnnConvolutionBackwardData", _handle, (nint)(&alpha), _wDescriptor, _w, _yDescriptor, _dy, _convolution, algorithm,
                workspace, (nint)workspaceBytes, (nint)(&beta), XDescriptor, _dx)
            : _device.Call(
                "cudnnConvolutionForward", _handle, (nint)(&alpha), XDescriptor, x ?? X, _wDescriptor, _w, _convolution, algorithm,
                workspace, (nint)workspaceBytes, (nint)(&beta), _yDescriptor, _y);
    }

    internal float[] Result(bool backward) => _device.Download(_stream, backward ? _dx : _y, backward ? s_x.Length : s_dy.Length);

    internal (int Algorithm, int Status, bool Deterministic)[] Algorithms()
    {
        int count = 0;
        byte* found = stackalloc byte[Most * PerfBytes];
        _device.Done(
            "cudnnGetConvolutionBackwardDataAlgorithm_v7", _handle, _wDescriptor, _yDescriptor, _convolution, XDescriptor, Most,
            (nint)(&count), (nint)found);
        var all = new (int, int, bool)[count];
        for (int i = 0; i < count; i++)
        {
            byte* one = found + (i * PerfBytes);
            all[i] = (*(int*)one, *(int*)(one + StatusAt), *(int*)(one + DeterminismAt) == 1);
        }

        return all;
    }

    internal static float[] Expected()
    {
        var y = new double[s_dy.Length];
        Each((at, to, weight) => y[to] += (double)s_x[at] * s_w[weight]);
        return Array.ConvertAll(y, v => (float)v);
    }

    internal static float[] ExpectedGradient()
    {
        var dx = new double[s_x.Length];
        Each((at, to, weight) => dx[at] += (double)s_dy[to] * s_w[weight]);
        return Array.ConvertAll(dx, v => (float)v);
    }

    public void Dispose() => _device.Call("cudnnDestroy", _handle);

    /// <summary>Every product of a convolution: the place in the input, in the result, and in the filters.</summary>
    private static void Each(Action<int, int, int> visit)
    {
        for (int to = 0; to < s_dy.Length; to++)
        {
            int filter = to / (OutHeight * OutWidth), i = to / OutWidth % OutHeight, j = to % OutWidth;
            for (int tap = 0; tap < Channels * KernelHeight * KernelWidth; tap++)
            {
                int channel = tap / (KernelHeight * KernelWidth);
                int row = (i * Stride) - Pad + (tap / KernelWidth % KernelHeight), column = j + (tap % KernelWidth);
                if (row >= 0 && row < Height)
                {
                    visit((((channel * Height) + row) * Width) + column, to, (filter * Channels * KernelHeight * KernelWidth) + tap);
                }
            }
        }
    }
}
