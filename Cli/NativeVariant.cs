using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Interp.Engine.Cpu;

namespace Interp.Cli;

/// <summary>
/// The native build is compiled ahead of time, when it is not known which vector instructions there will be. It therefore comes as several
/// programs in
/// one folder: one for every processor of its kind, and <c>NAME.x86-64-v3</c> and <c>NAME.x86-64-v4</c> for those with AVX2 and AVX-512.
/// The first
/// hands over to the best of them.
/// </summary>
internal static partial class NativeVariant
{
    private static readonly (string Suffix, InstructionSet Set, string[] Flags)[] s_variants =
    [
        (".x86-64-v4", InstructionSet.Avx512,
        ["avx2", "bmi2", "fma", "f16c", "movbe", "abm", "avx512f", "avx512bw", "avx512cd", "avx512dq", "avx512vl"]),
        (".x86-64-v3", InstructionSet.Avx2, ["avx2", "bmi2", "fma", "f16c", "movbe", "abm"]),
    ];

    /// <summary>
    /// Replaces this process by the variant that suits the processor. Returns if this is it already, if there is no other one, or if it
    /// cannot be started.
    /// </summary>
    internal static void HandOver()
    {
        if (RuntimeFeature.IsDynamicCodeSupported || !OperatingSystem.IsLinux() || Environment.ProcessPath is not { } program)
        {
            return;
        }

        foreach ((string suffix, InstructionSet set, string[] needed) in s_variants)
        {
            if (InstructionSets.Supported(set))
            {
                return;
            }

            if (File.Exists(program + suffix) && needed.All(ProcessorFlags().Contains))
            {
                string?[] arguments = [.. Environment.GetCommandLineArgs(), null];
                _ = Execute(program + suffix, arguments); // Returns only if it fails, and then this variant goes on.
            }
        }
    }

    /// <summary>What the processor can do and the kernel allows, by the kernel's names.</summary>
    private static string[] ProcessorFlags()
    {
        try
        {
            return File.ReadLines("/proc/cpuinfo").FirstOrDefault(l => l.StartsWith("flags", StringComparison.Ordinal))?.Split(' ') ?? [];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    [LibraryImport("libc", EntryPoint = "execv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Execute(string path, string?[] arguments);
}
