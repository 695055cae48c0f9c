using Interp.Engine.Cpu;

namespace Interp.Benchmarks;

/// <summary>What is measured on.</summary>
internal static class Machine
{
    /// <summary>Ours, chosen to match what libtorch may use: AVX2 if the environment limits libtorch to that.</summary>
    public static InstructionSet InstructionSet { get; } =
        Environment.GetEnvironmentVariable("ATEN_CPU_CAPABILITY") == "avx2" ? InstructionSet.Avx2 : InstructionSets.Best;

    /// <summary>All numbers of threads that are measured: one, and one per core.</summary>
    public static int[] Threads { get; } = Environment.ProcessorCount == 1 ? [1] : [1, Environment.ProcessorCount];
}
