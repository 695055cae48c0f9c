namespace Interp.Engine.Cpu;

/// <summary>How the CPU backend runs.</summary>
public sealed record CpuOptions
{
    /// <summary>Number of threads, the caller's included; 0 for one per core. Results are the same bits for any number.</summary>
    public int Threads { get; init; }

    /// <summary>The instruction set, or null for the widest that the machine has.</summary>
    public InstructionSet? InstructionSet { get; init; }

    /// <summary>How convolutions are computed.</summary>
    public ConvChoice Convolution { get; init; }
}
