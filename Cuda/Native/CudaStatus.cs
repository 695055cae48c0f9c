namespace Interp.Cuda.Native;

/// <summary>Results of the driver interface (<c>CUresult</c>) that the program tells apart.</summary>
internal enum CudaStatus
{
    Success = 0,
    InvalidValue = 1,
    OutOfMemory = 2,
    NotInitialized = 3,
    StubLibrary = 34,
    DeviceUnavailable = 46,
    NoDevice = 100,
    InvalidDevice = 101,
    InvalidPtx = 218,
    UnsupportedPtxVersion = 222,
    NotFound = 500,
    SystemDriverMismatch = 803,
}

/// <summary><c>CUdevice_attribute</c>.</summary>
internal enum DeviceAttribute
{
    MaxThreadsPerBlock = 1,
    ClockRate = 13,
    MultiprocessorCount = 16,
    MemoryClockRate = 36,
    GlobalMemoryBusWidth = 37,
    L2CacheSize = 38,
    ComputeCapabilityMajor = 75,
    ComputeCapabilityMinor = 76,
}

/// <summary><c>CUfunction_attribute</c>.</summary>
internal enum FunctionAttribute
{
    MaxThreadsPerBlock = 0,
    SharedSizeBytes = 1,
    LocalSizeBytes = 3,
    NumRegs = 4,
}

/// <summary><c>CUjit_option</c>.</summary>
internal enum JitOption
{
    ErrorLogBuffer = 5,
    ErrorLogBufferSizeBytes = 6,
}

/// <summary><c>CUstream_flags</c>.</summary>
internal enum StreamFlags : uint
{
    NonBlocking = 1,
}

/// <summary><c>CUevent_flags</c>.</summary>
internal enum EventFlags : uint
{
    Default = 0,
    DisableTiming = 2,
}

/// <summary><c>CUstreamCaptureMode</c>.</summary>
internal enum CaptureMode
{
    Global = 0,
    ThreadLocal = 1,
    Relaxed = 2,
}
