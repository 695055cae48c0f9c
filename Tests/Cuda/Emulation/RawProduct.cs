using Interp.Tests.Support;

namespace Interp.Tests.Cuda.Emulation;

/// <summary>A product of column-major matrices C [m,n] = A [m,k] B [k,n] by cuBLAS, with a stream and a workspace of its own.</summary>
internal sealed unsafe class RawProduct : IDisposable
{
    private const int WorkspaceBytes = 4096;

    private readonly RawDevice _device;
    private readonly (int M, int N, int K) _sizes;
    private readonly float[] _a;
    private readonly float[] _b;

    internal RawProduct(RawDevice device, int m, int n, int k)
    {
        _device = device;
        _sizes = (m, n, k);
        _a = new Gaussian(1).Values(m * k);
        _b = new Gaussian(2).Values(k * n);
        Stream = device.Stream();
        A = device.Upload(Stream, _a);
        B = device.Upload(Stream, _b);
        C = device.Allocate(4 * m * n);
        Handle = device.Made("cublasCreate_v2");
        device.Done("cublasSetStream_v2", Handle, Stream);
        device.Done("cublasSetWorkspace_v2", Handle, device.Allocate(WorkspaceBytes), WorkspaceBytes);
    }

    internal nint Handle { get; }

    internal nint Stream { get; }

    internal nint A { get; }

    internal nint B { get; }

    internal nint C { get; }

    /// <summary>Calls cuBLAS with all arguments right but those given; <paramref name="shift"/> moves the result by bytes.</summary>
    internal int Run(
        nint handle = 0, int operation = 0, int? m = null, int? k = null, float? alpha = 1, int? lda = null, int? ldc = null,
        int shift = 0, nint into = 0)
    {
        float scale = alpha ?? 0, keep = 0;
        nint result = (into == 0 ? C : into) + shift;
        int status = _device.Call(
            "cublasSgemm_v2", handle == 0 ? Handle : handle, operation, 0, m ?? _sizes.M, _sizes.N, k ?? _sizes.K,
            alpha is null ? 0 : (nint)(&scale), A, lda ?? _sizes.M, B, k ?? _sizes.K, (nint)(&keep), result, ldc ?? _sizes.M);
        scale = keep = float.NaN; // They were read.
        return status;
    }

    internal float[] Result() => _device.Download(Stream, C, _sizes.M * _sizes.N);

    internal float[] Expected(double alpha)
    {
        var sums = new float[_sizes.M * _sizes.N];
        for (int i = 0; i < sums.Length; i++)
        {
            double sum = 0;
            for (int p = 0; p < _sizes.K; p++)
            {
                sum += (double)_a[(p * _sizes.M) + (i % _sizes.M)] * _b[(i / _sizes.M * _sizes.K) + p];
            }

            sums[i] = (float)(alpha * sum);
        }

        return sums;
    }

    public void Dispose() => _device.Call("cublasDestroy_v2", Handle);
}
