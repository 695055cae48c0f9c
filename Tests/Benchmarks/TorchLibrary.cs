using System.Runtime.InteropServices;

namespace Interp.Benchmarks;

/// <summary>Loading libtorch, on Linux distributions older than TorchSharp's build machine too.</summary>
internal static class TorchLibrary
{
    /// <summary>libtorch's version and the settings that its speed depends on.</summary>
    public static string Description => $"libtorch {TorchSharp.torch.__version__}, "
        + (Environment.GetEnvironmentVariable("GLIBC_TUNABLES") is null ? "malloc not tuned, " : "malloc tuned, ")
        + $"OMP_WAIT_POLICY {Environment.GetEnvironmentVariable("OMP_WAIT_POLICY")?.ToLowerInvariant() ?? "default"}";

    /// <summary>
    /// TorchSharp's wrapper names version GLIBCXX_3.4.32 of libstdc++ for one symbol that it never calls (GCC 13's marker that iostream was
    /// included), so
    /// on a system that lacks that version the loader refuses it for nothing. There, the version is marked as weak in the copy beside this
    /// program, which
    /// the loader then passes over. libtorch itself, which does the arithmetic, is left as it is.
    /// </summary>
    public static void Load()
    {
        string path = Path.Combine(AppContext.BaseDirectory, "runtimes", "linux-x64", "native", "libLibTorchSharp.so");
        try
        {
            NativeLibrary.Load(path);
        }
        catch (DllNotFoundException e) when (e.Message.Contains("GLIBCXX_3.4.32", StringComparison.Ordinal))
        {
            byte[] library = File.ReadAllBytes(path);
            ElfVersions.Weaken(library, "GLIBCXX_3.4.32");
            // A new file under the old name: the build's copy may be a hard link into the package cache, which must stay as it is.
            File.WriteAllBytes(path + ".weakened", library);
            File.Move(path + ".weakened", path, overwrite: true);
            NativeLibrary.Load(path);
        }
    }
}
