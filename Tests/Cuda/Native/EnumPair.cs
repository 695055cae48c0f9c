using Interp.Cuda.Native;

namespace Interp.Tests.Cuda.Native;

/// <summary>An enum of C#, the type that it stands for, and what the names of that type's constants have before and after what C# calls
/// them.</summary>
internal sealed record EnumPair(Type Type, string Name, string[] Prefixes, string Suffix = "")
{
    private static readonly EnumPair[] All =
    [
        new(typeof(CudaStatus), "CUresult", ["CUDA_ERROR_", "CUDA_"]),
        new(typeof(DeviceAttribute), "CUdevice_attribute", ["CU_DEVICE_ATTRIBUTE_"]),
        new(typeof(FunctionAttribute), "CUfunction_attribute", ["CU_FUNC_ATTRIBUTE_"]),
        new(typeof(JitOption), "CUjit_option", ["CU_JIT_"]),
        new(typeof(StreamFlags), "CUstream_flags", ["CU_STREAM_"]),
        new(typeof(EventFlags), "CUevent_flags", ["CU_EVENT_"]),
        new(typeof(CaptureMode), "CUstreamCaptureMode", ["CU_STREAM_CAPTURE_MODE_"]),
        new(typeof(CublasOperation), "cublasOperation_t", ["CUBLAS_OP_"]),
        new(typeof(CublasMath), "cublasMath_t", ["CUBLAS_"], "_MATH"),
        new(typeof(CudnnType), "cudnnDataType_t", ["CUDNN_DATA_"]),
        new(typeof(CudnnFormat), "cudnnTensorFormat_t", ["CUDNN_TENSOR_"]),
        new(typeof(CudnnConvolution), "cudnnConvolutionMode_t", ["CUDNN_"]),
        new(typeof(CudnnMath), "cudnnMathType_t", ["CUDNN_"], "_MATH"),
        new(typeof(NvrtcResult), "nvrtcResult", ["NVRTC_ERROR_", "NVRTC_"]),
    ];

    public static EnumPair? Of(Type type) => All.FirstOrDefault(p => p.Type == type);

    /// <summary>Whether a constant of the headers is what C# calls <paramref name="member"/>: NO_DEVICE is NoDevice.</summary>
    public bool Names(string constant, string member) =>
        Prefixes.Any(p => string.Equals(Bare(constant), Bare(p + member + Suffix), StringComparison.OrdinalIgnoreCase));

    private static string Bare(string name) => name.Replace("_", "", StringComparison.Ordinal);
}
