using Interp.Cuda.Driver;
using Interp.Cuda.Native;

namespace Interp.Cuda.Products;

/// <summary>Makes convolutions by cuDNN.</summary>
internal sealed unsafe class CuDnnConvolutions : IDisposable
{
    internal CuDnnConvolutions(CudaStream stream, WeightStore weights, bool fastMath)
    {
        (Weights, FastMath) = (weights, fastMath);
        nuint version = CuDnn.cudnnGetVersion();
        Name = version >= 90000 ? $"cuDNN {version / 10000}.{version / 100 % 100}" : $"cuDNN {version / 1000}.{version / 100 % 10}";
        nint handle = 0;
        CudaError.CheckDnn(CuDnn.cudnnCreate(&handle), "cudnnCreate");
        Handle = handle;
        int status = CuDnn.cudnnSetStream(handle, stream.Handle);
        if (status != 0)
        {
            Dispose();
            CudaError.CheckDnn(status, "cudnnSetStream");
        }
    }

    internal string Name { get; }

    internal nint Handle { get; private set; }

    internal WeightStore Weights { get; }

    internal bool FastMath { get; }

    /// <summary>A convolution, or null if cuDNN has no algorithm for it that does.</summary>
    internal IConvolution? Create(in ConvolutionTask task) => CuDnnConvolution.TryCreate(this, task);

    public void Dispose()
    {
        if (Handle != 0)
        {
            _ = CuDnn.cudnnDestroy(Handle);
            Handle = 0;
        }
    }
}
