using Interp.Cuda;

namespace Interp.Tests.Cuda.Emulation;

/// <summary>The emulated device under this process's CUDA backend: libraries of <see cref="EmulatorBuild"/>.</summary>
internal static class EmulatedDevice
{
    /// <summary>Names the flavour that this process uses; others are for processes of their own.</summary>
    internal const string Flavour = "cuda13";

    private static readonly Lazy<EmulatorControl> s_control =
        new(() => new EmulatorControl(Folder(Flavour)), LazyThreadSafetyMode.PublicationOnly);

    /// <summary>Options that make the backend use the emulated libraries, with everything that went before forgotten.</summary>
    internal static CudaOptions Fresh(int seed = 0)
    {
        if (CudaBackend.HasDriver)
        {
            Assert.Inconclusive("there is an NVIDIA driver: the same tests run on it");
        }

        s_control.Value.Reset(seed);
        return new CudaOptions { LibraryFolder = Folder(Flavour) };
    }

    /// <summary>The folder with a flavour's libraries, built if sources are newer.</summary>
    internal static string Folder(string flavour) => EmulatorBuild.Folder(flavour);

    /// <inheritdoc cref="EmulatorControl.Fail"/>
    internal static void Fail(string entryPoint, int nth, int status) => s_control.Value.Fail(entryPoint, nth, status);

    /// <inheritdoc cref="EmulatorControl.LimitMemory"/>
    internal static void LimitMemory(long bytes) => s_control.Value.LimitMemory(bytes);

    /// <inheritdoc cref="EmulatorControl.Calls"/>
    internal static Dictionary<string, int> Calls() => s_control.Value.Calls();

    /// <inheritdoc cref="EmulatorControl.Launches"/>
    internal static string[] Launches() => s_control.Value.Launches();

    /// <inheritdoc cref="EmulatorControl.Violations"/>
    internal static string Violations() => s_control.Value.Violations();

    /// <summary>Fails if anything was found that no status says, or anything is still alive.</summary>
    internal static void AssertClean(string when = "")
    {
        Assert.AreEqual("", Violations(), when);
        Assert.AreEqual("", s_control.Value.Live(), "handles or memory that were not freed");
    }
}
