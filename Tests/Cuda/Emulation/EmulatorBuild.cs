using System.ComponentModel;
using System.Diagnostics;
using Interp.Tests.Support;

namespace Interp.Tests.Cuda.Emulation;

/// <summary>Builds the emulated libraries, with g++ and from the kernels' own sources, when a test asks and sources are newer.</summary>
internal static class EmulatorBuild
{
    private static readonly Lock s_lock = new();
    private static readonly Dictionary<string, string> s_built = [];

    /// <summary>Kernels with faults, and the same without.</summary>
    internal static string PlantedKernels => Repository.PathOf("Tests", "Cuda", "Emulator", "planted");

    /// <summary>The folder with the libraries of <c>cuda11</c>, 11.8 with cuDNN 8, or of <c>cuda13</c>, 13 with cuDNN 9.</summary>
    internal static string Folder(string flavour) => Folder(flavour, flavour, Repository.PathOf("Cuda", "Kernels"));

    /// <summary>The folder of a name with libraries that run the kernels of another folder.</summary>
    internal static string Folder(string name, string flavour, string kernels)
    {
        lock (s_lock)
        {
            if (!s_built.TryGetValue(name, out string? folder))
            {
                s_built[name] = folder = Build(Repository.PathOf("artifacts", "emulator", name), flavour, kernels);
            }

            return folder;
        }
    }

    /// <summary>Makes a test inconclusive where g++ is missing.</summary>
    internal static void RequireCompiler()
    {
        try
        {
            using Process compiler = Process.Start(new ProcessStartInfo("g++", "--version") { RedirectStandardOutput = true })!;
            compiler.WaitForExit();
        }
        catch (Win32Exception)
        {
            Assert.Inconclusive("g++ is missing: nothing can be emulated");
        }
    }

    private static string Build(string folder, string flavour, string kernels)
    {
        string sources = Repository.PathOf("Tests", "Cuda", "Emulator"), driver = Path.Combine(folder, "libcuda.so.1");
        Directory.CreateDirectory(folder);
        using FileStream alone = Alone(Path.Combine(folder, "lock"));
        DateTime newest = Directory.GetFiles(sources).Concat(Directory.GetFiles(kernels, "*.cu*")).Max(File.GetLastWriteTimeUtc);
        if (File.Exists(driver) && File.GetLastWriteTimeUtc(driver) > newest)
        {
            return folder;
        }

        RequireCompiler();
        (int code, _, string said) = Shell.Run($"'{Path.Combine(sources, "build")}' '{folder}' {flavour} '{kernels}'");
        Assert.AreEqual(0, code, said);
        return folder;
    }

    /// <summary>Waits until no other process builds there.</summary>
    private static FileStream Alone(string path)
    {
        while (true)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (File.Exists(path))
            {
                Thread.Sleep(100);
            }
        }
    }
}
