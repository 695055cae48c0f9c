using Interp.Cuda.Driver;
using Interp.Cuda.Native;
using Interp.Engine.Layers;
using Interp.Engine.Tensors;

namespace Interp.Cuda.Products;

/// <summary>
/// A convolution by cuDNN's fixed-function interface. Its algorithm is chosen once for its shapes: deterministic ones only, with a
/// workspace of at most
/// 256 MiB; unless <c>--fast-math</c> is given, a matrix algorithm in plain float32, for cuDNN's default would permit TF32.
/// </summary>
internal sealed unsafe class CuDnnConvolution : IConvolution
{
    private const nuint WorkspaceLimit = 256 << 20;
    private const int Deterministic = 1;
    private static readonly int[] s_exactForward = [1, 0, 2]; // implicit precomputed GEMM, implicit GEMM, GEMM
    private static readonly int[] s_exactBackward = [1]; // algorithm 0 adds in no fixed order

    private readonly CuDnnConvolutions _factory;
    private readonly DeviceMemory _filters;
    private readonly nint _x;
    private readonly nint _y;
    private readonly nint _w;
    private readonly nint _convolution;
    private CudnnAlgorithm? _forward;
    private CudnnAlgorithm? _backward;

    private CuDnnConvolution(CuDnnConvolutions factory, in ConvolutionTask task)
    {
        _factory = factory;
        _filters = factory.Weights.Get(task.Filters);
        (Conv2d layer, Shape input, Shape output) = (task.Layer, task.Input, task.Output);
        try
        {
            nint x = 0, y = 0, w = 0, convolution = 0;
            CudaError.CheckDnn(CuDnn.cudnnCreateTensorDescriptor(&x), "tensor descriptor");
            _x = x;
            CudaError.CheckDnn(CuDnn.cudnnCreateTensorDescriptor(&y), "tensor descriptor");
            _y = y;
            CudaError.CheckDnn(CuDnn.cudnnCreateFilterDescriptor(&w), "filter descriptor");
            _w = w;
            CudaError.CheckDnn(CuDnn.cudnnCreateConvolutionDescriptor(&convolution), "convolution descriptor");
            _convolution = convolution;
            Window g = layer.Window;
            CudaError.CheckDnn(
                CuDnn.cudnnSetTensor4dDescriptor(x, CudnnFormat.Nchw, CudnnType.Float, input[0], input[1], input[2], input[3]),
                $"input {input}");
            CudaError.CheckDnn(
                CuDnn.cudnnSetTensor4dDescriptor(y, CudnnFormat.Nchw, CudnnType.Float, output[0], output[1], output[2], output[3]),
                $"output {output}");
            CudaError.CheckDnn(
                CuDnn.cudnnSetFilter4dDescriptor(w, CudnnType.Float, CudnnFormat.Nchw, layer.OutChannels, layer.InChannels / layer.Groups,
                g.Kernel.H, g.Kernel.W), $"filters of {layer}");
            CudaError.CheckDnn(
                CuDnn.cudnnSetConvolution2dDescriptor(
                    convolution, g.Padding.H, g.Padding.W, g.Stride.H, g.Stride.W, g.Dilation.H, g.Dilation.W,
                    CudnnConvolution.CrossCorrelation, CudnnType.Float), $"{layer}");
            CudaError.CheckDnn(CuDnn.cudnnSetConvolutionGroupCount(convolution, layer.Groups), $"{layer.Groups} groups");
            CudaError.CheckDnn(CuDnn.cudnnSetConvolutionMathType(convolution, factory.FastMath ? CudnnMath.TensorOp : CudnnMath.Fma),
                "math type");
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public long WorkspaceBytes => Math.Max((long)(_forward?.Memory ?? 0), (long)(_backward?.Memory ?? 0));

    public bool HasEpilogue => false;

    /// <summary>A convolution, or null if cuDNN has no algorithm for it that does, or it has more padding on one side than on the other,
    /// which cuDNN's descriptors cannot say.</summary>
    internal static CuDnnConvolution? TryCreate(CuDnnConvolutions factory, in ConvolutionTask task)
    {
        if (task.Layer.Window.PaddingEnd is not null)
        {
            return null;
        }

        var made = new CuDnnConvolution(factory, task);
        if (made.ChooseForward() && (!task.Backward || made.ChooseBackward()))
        {
            return made;
        }

        made.Dispose();
        return null;
    }

    public void Forward(ulong x, ulong y, ulong workspace)
    {
        float one = 1, zero = 0;
        CudnnAlgorithm algorithm = _forward!.Value;
        CudaError.CheckDnn(
            CuDnn.cudnnConvolutionForward(_factory.Handle, &one, _x, x, _w, _filters.Address, _convolution, algorithm.Algorithm, workspace,
            algorithm.Memory, &zero, _y, y), "convolution forward");
    }

    public void BackwardData(ulong upstream, ulong gradient, ulong workspace)
    {
        float one = 1, zero = 0;
        CudnnAlgorithm algorithm = _backward!.Value;
        CudaError.CheckDnn(
            CuDnn.cudnnConvolutionBackwardData(_factory.Handle, &one, _w, _filters.Address, _y, upstream, _convolution, algorithm.Algorithm,
            workspace, algorithm.Memory, &zero, _x, gradient),
            "convolution backward");
    }

    public void Dispose()
    {
        Destroy(_x, &CuDnn.cudnnDestroyTensorDescriptor);
        Destroy(_y, &CuDnn.cudnnDestroyTensorDescriptor);
        Destroy(_w, &CuDnn.cudnnDestroyFilterDescriptor);
        Destroy(_convolution, &CuDnn.cudnnDestroyConvolutionDescriptor);
    }

    private bool ChooseForward()
    {
        const int Most = 8;
        CudnnAlgorithm* found = stackalloc CudnnAlgorithm[Most];
        int count = 0;
        int status = CuDnn.cudnnGetConvolutionForwardAlgorithm_v7(_factory.Handle, _x, _w, _convolution, _y, Most, &count, found);
        _forward = status == 0 ? Choose(new ReadOnlySpan<CudnnAlgorithm>(found, count), s_exactForward) : null;
        return _forward is not null;
    }

    private bool ChooseBackward()
    {
        const int Most = 6;
        CudnnAlgorithm* found = stackalloc CudnnAlgorithm[Most];
        int count = 0;
        int status = CuDnn.cudnnGetConvolutionBackwardDataAlgorithm_v7(_factory.Handle, _w, _y, _convolution, _x, Most, &count, found);
        _backward = status == 0 ? Choose(new ReadOnlySpan<CudnnAlgorithm>(found, count), s_exactBackward) : null;
        return _backward is not null;
    }

    /// <summary>The first, which cuDNN expects to be the fastest, of those that do.</summary>
    private CudnnAlgorithm? Choose(ReadOnlySpan<CudnnAlgorithm> found, int[] exact)
    {
        foreach (CudnnAlgorithm algorithm in found)
        {
            bool does = algorithm.Status == 0 && algorithm.Determinism == Deterministic && algorithm.Memory <= WorkspaceLimit;
            if (does && (_factory.FastMath || exact.Contains(algorithm.Algorithm)))
            {
                return algorithm;
            }
        }

        return null;
    }

    private static void Destroy(nint descriptor, delegate*<nint, int> destroy)
    {
        if (descriptor != 0)
        {
            _ = destroy(descriptor);
        }
    }
}
