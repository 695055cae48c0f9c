using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using Interp.Engine.Cpu;

namespace Interp.Cli;

/// <summary>
/// The native build is compiled ahead of time, when it is not known which vector instructions there will be. It therefore comes as several
/// programs in one folder: one for every processor of its kind, and <c>NAME.x86-64-v3</c> and <c>NAME.x86-64-v4</c> for those with AVX2 and
/// AVX-512. The first hands over to the best of them.
/// </summary>
/// <remarks>
/// Which one that is, the processor says (CPUID), asked what the runtime of those programs asks when it starts. Only whether the wider
/// registers may be used is read from the kernel's list: it leaves out instructions that are there, as some virtual machines do with lzcnt.
/// </remarks>
internal static partial class NativeVariant
{
    private const int Fma = 1 << 12, Movbe = 1 << 22, Osxsave = 1 << 27, Avx = 1 << 28, F16c = 1 << 29; // Leaf 1, ECX.
    private const int Lzcnt = 1 << 5; // Leaf 0x80000001, ECX.
    private const int Bmi1 = 1 << 3, Avx2 = 1 << 5, Bmi2 = 1 << 8; // Leaf 7, EBX, as are the next.
    private const int Avx512F = 1 << 16, Avx512Dq = 1 << 17, Avx512Cd = 1 << 28, Avx512Bw = 1 << 30, Avx512Vl = 1 << 31;

    /// <summary>Replaces this process by the variant that suits the processor. Returns if this is it already, if there is no better one, or
    /// if it cannot be started.</summary>
    internal static void HandOver()
    {
        if (RuntimeFeature.IsDynamicCodeSupported || !OperatingSystem.IsLinux() || !X86Base.X64.IsSupported
            || Environment.ProcessPath is not { } program)
        {
            return;
        }

        for (InstructionSet set = Best(X86Base.CpuId, KernelFlags()); !InstructionSets.Supported(set); set--)
        {
            string variant = program + (set == InstructionSet.Avx512 ? ".x86-64-v4" : ".x86-64-v3");
            if (File.Exists(variant))
            {
                string?[] arguments = [.. Environment.GetCommandLineArgs(), null];
                _ = Execute(variant, arguments); // Returns only if it fails, and then a lower variant or this one goes on.
            }
        }
    }

    /// <summary>The widest set of a processor whose variant starts on it.</summary>
    /// <param name="cpuid">The registers EAX, EBX, ECX and EDX for a leaf and its part.</param>
    /// <param name="kernelFlags">What the kernel lists; of it, <c>avx2</c> and <c>avx512f</c> count: that it saves those registers.</param>
    internal static InstructionSet Best(Func<int, int, (int Eax, int Ebx, int Ecx, int Edx)> cpuid, IReadOnlyCollection<string> kernelFlags)
    {
        const int Extended = unchecked((int)0x80000000);
        if (cpuid(0, 0).Eax < 7 || (uint)cpuid(Extended, 0).Eax <= unchecked((uint)Extended))
        {
            return InstructionSet.Vector128;
        }

        int features = cpuid(7, 0).Ebx;
        bool avx2 = Has(cpuid(1, 0).Ecx, Fma | Movbe | Osxsave | Avx | F16c) && Has(cpuid(Extended + 1, 0).Ecx, Lzcnt)
            && Has(features, Bmi1 | Avx2 | Bmi2) && kernelFlags.Contains("avx2");
        bool avx512 = avx2 && Has(features, Avx512F | Avx512Dq | Avx512Cd | Avx512Bw | Avx512Vl) && kernelFlags.Contains("avx512f");
        return avx512 ? InstructionSet.Avx512 : avx2 ? InstructionSet.Avx2 : InstructionSet.Vector128;
    }

    /// <summary>What the kernel lists of the processor, by its names; nothing where there is no such list.</summary>
    internal static string[] KernelFlags()
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

    private static bool Has(int register, int bits) => (register & bits) == bits;

    [LibraryImport("libc", EntryPoint = "execv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Execute(string path, string?[] arguments);
}
