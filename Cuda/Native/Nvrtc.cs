using System.Runtime.InteropServices;

namespace Interp.Cuda.Native;

/// <summary>The entry points of NVIDIA's run-time compiler. The program carries compiled kernels and does not need it; making and checking
/// them does.</summary>
internal static unsafe partial class Nvrtc
{
    private const string Library = "nvrtc";

    [LibraryImport(Library)]
    internal static partial NvrtcResult nvrtcVersion(int* major, int* minor);

    [LibraryImport(Library)]
    internal static partial byte* nvrtcGetErrorString(NvrtcResult result);

    [LibraryImport(Library)]
    internal static partial NvrtcResult nvrtcCreateProgram(nint* program, byte* source, byte* name, int headerCount, byte** headers,
        byte** includeNames);

    [LibraryImport(Library)]
    internal static partial NvrtcResult nvrtcCompileProgram(nint program, int optionCount, byte** options);

    /// <summary>The size counts the closing zero, as those of the log do.</summary>
    [LibraryImport(Library)]
    internal static partial NvrtcResult nvrtcGetPTXSize(nint program, nuint* bytes);

    [LibraryImport(Library)]
    internal static partial NvrtcResult nvrtcGetPTX(nint program, byte* ptx);

    [LibraryImport(Library)]
    internal static partial NvrtcResult nvrtcGetProgramLogSize(nint program, nuint* bytes);

    [LibraryImport(Library)]
    internal static partial NvrtcResult nvrtcGetProgramLog(nint program, byte* log);

    [LibraryImport(Library)]
    internal static partial NvrtcResult nvrtcDestroyProgram(nint* program);
}

/// <summary><c>nvrtcResult</c>.</summary>
internal enum NvrtcResult
{
    Success = 0,
    InvalidOption = 5,
    Compilation = 6,
    BuiltinOperationFailure = 7,
}
