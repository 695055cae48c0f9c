using System.Runtime.InteropServices;

namespace Interp.Cuda.Native;

/// <summary>The entry points of cuDNN 8 and 9 that the program uses. Status numbers differ between the two: only 0 means the same in
/// both.</summary>
internal static unsafe partial class CuDnn
{
    private const string Library = "cudnn";

    [LibraryImport(Library)]
    internal static partial nuint cudnnGetVersion();

    [LibraryImport(Library)]
    internal static partial byte* cudnnGetErrorString(int status);

    [LibraryImport(Library)]
    internal static partial int cudnnCreate(nint* handle);

    [LibraryImport(Library)]
    internal static partial int cudnnDestroy(nint handle);

    [LibraryImport(Library)]
    internal static partial int cudnnSetStream(nint handle, nint stream);

    [LibraryImport(Library)]
    internal static partial int cudnnCreateTensorDescriptor(nint* descriptor);

    [LibraryImport(Library)]
    internal static partial int cudnnSetTensor4dDescriptor(nint descriptor, CudnnFormat format, CudnnType type, int n, int c, int h, int w);

    [LibraryImport(Library)]
    internal static partial int cudnnDestroyTensorDescriptor(nint descriptor);

    [LibraryImport(Library)]
    internal static partial int cudnnCreateFilterDescriptor(nint* descriptor);

    [LibraryImport(Library)]
    internal static partial int cudnnSetFilter4dDescriptor(nint descriptor, CudnnType type, CudnnFormat format, int k, int c, int h, int w);

    [LibraryImport(Library)]
    internal static partial int cudnnDestroyFilterDescriptor(nint descriptor);

    [LibraryImport(Library)]
    internal static partial int cudnnCreateConvolutionDescriptor(nint* descriptor);

    [LibraryImport(Library)]
    internal static partial int cudnnSetConvolution2dDescriptor(
        nint descriptor, int padH, int padW, int strideH, int strideW, int dilationH, int dilationW, CudnnConvolution mode,
        CudnnType computeType);

    [LibraryImport(Library)]
    internal static partial int cudnnSetConvolutionGroupCount(nint descriptor, int groups);

    [LibraryImport(Library)]
    internal static partial int cudnnSetConvolutionMathType(nint descriptor, CudnnMath math);

    [LibraryImport(Library)]
    internal static partial int cudnnDestroyConvolutionDescriptor(nint descriptor);

    [LibraryImport(Library)]
    internal static partial int cudnnGetConvolutionForwardAlgorithm_v7(
        nint handle, nint x, nint w, nint convolution, nint y, int requested, int* returned, CudnnAlgorithm* found);

    [LibraryImport(Library)]
    internal static partial int cudnnGetConvolutionBackwardDataAlgorithm_v7(
        nint handle, nint w, nint dy, nint convolution, nint dx, int requested, int* returned, CudnnAlgorithm* found);

    [LibraryImport(Library)]
    internal static partial int cudnnConvolutionForward(
        nint handle, float* alpha, nint xDescriptor, ulong x, nint wDescriptor, ulong w, nint convolution, int algorithm, ulong workspace,
        nuint workspaceBytes,
        float* beta, nint yDescriptor, ulong y);

    [LibraryImport(Library)]
    internal static partial int cudnnConvolutionBackwardData(
        nint handle, float* alpha, nint wDescriptor, ulong w, nint dyDescriptor, ulong dy, nint convolution, int algorithm, ulong workspace,
        nuint workspaceBytes,
        float* beta, nint dxDescriptor, ulong dx);
}

/// <summary><c>cudnnConvolutionFwdAlgoPerf_t</c> and <c>cudnnConvolutionBwdDataAlgoPerf_t</c>, which are alike.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct CudnnAlgorithm
{
    public int Algorithm;
    public int Status;
    public float Time;
    public nuint Memory;
    public int Determinism;
    public CudnnMath Math;
    public fixed int Reserved[3];
}

/// <summary><c>cudnnDataType_t</c>.</summary>
internal enum CudnnType
{
    Float = 0,
}

/// <summary><c>cudnnTensorFormat_t</c>.</summary>
internal enum CudnnFormat
{
    Nchw = 0,
}

/// <summary><c>cudnnConvolutionMode_t</c>.</summary>
internal enum CudnnConvolution
{
    CrossCorrelation = 1,
}

/// <summary><c>cudnnMathType_t</c>. The default permits TF32.</summary>
internal enum CudnnMath
{
    Default = 0,
    TensorOp = 1,
    Fma = 3,
}
