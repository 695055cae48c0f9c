namespace Interp.Cuda.Native;

/// <summary>One of the vendor's libraries: its name in bindings, and what its files are called.</summary>
/// <param name="Name">What <c>LibraryImport</c> calls it.</param>
/// <param name="Linux">File names on Linux, wanted first.</param>
/// <param name="Windows">File names on Windows, wanted first.</param>
internal sealed record NativeLibraryFiles(string Name, string[] Linux, string[] Windows)
{
    internal static NativeLibraryFiles Driver { get; } = new("cuda", ["libcuda.so.1"], ["nvcuda.dll"]);

    /// <summary>cuBLAS for a driver of a CUDA version: a library of a later major version would not run on it.</summary>
    internal static NativeLibraryFiles CuBlas(int driverMajor) => new(
        "cublas", Versions(driverMajor, "libcublas.so.{0}"), Versions(driverMajor, "cublas64_{0}.dll"));

    /// <summary>What cuBLAS needs and finds by itself only if it is loaded already.</summary>
    internal static NativeLibraryFiles CuBlasLt(int driverMajor) => new(
        "cublasLt", Versions(driverMajor, "libcublasLt.so.{0}"), Versions(driverMajor, "cublasLt64_{0}.dll"));

    internal static NativeLibraryFiles CuDnn { get; } = new(
        "cudnn", ["libcudnn.so.9", "libcudnn.so.8"], ["cudnn64_9.dll", "cudnn64_8.dll"]);

    /// <summary>The compiler that the kernels' PTX comes from: CUDA 11.8, whose PTX all drivers since then take.</summary>
    internal static NativeLibraryFiles Nvrtc { get; } = new("nvrtc", ["libnvrtc.so.11.2"], ["nvrtc64_112_0.dll"]);

    /// <summary>What the compiler looks for under its bare name, and finds only if it is loaded already.</summary>
    internal static NativeLibraryFiles NvrtcBuiltins { get; } = new(
        "nvrtc-builtins", ["libnvrtc-builtins.so.11.8"], ["nvrtc-builtins64_118.dll"]);

    internal string[] OfThisSystem => OperatingSystem.IsWindows() ? Windows : Linux;

    private static string[] Versions(int driverMajor, string format) =>
        [.. new[] { 13, 12, 11 }.Where(v => v <= driverMajor).Select(
        v => string.Format(System.Globalization.CultureInfo.InvariantCulture, format, v))];
}
