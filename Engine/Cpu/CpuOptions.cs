using Interp.Engine.Backends;

namespace Interp.Engine.Cpu;

/// <summary>How the CPU backend runs.</summary>
public sealed record CpuOptions
{
    /// <summary>Number of threads, the caller's included; 0 for one per core. Results are the same bits for any number.</summary>
    public int Threads { get; init; }

    /// <summary>The instruction set, or null for the widest that the machine has.</summary>
    public InstructionSet? InstructionSet { get; init; }

    /// <summary>Whether an instruction set that the processor lacks may be made up for in software where that is possible.</summary>
    internal bool Emulated { get; init; }

    /// <summary>How many images of a batch run together at most; 0 where <see cref="ImageGroups"/> chooses.</summary>
    internal int Group { get; init; }

    /// <summary>How convolutions are computed.</summary>
    public ConvChoice Convolution { get; init; }

    /// <summary>How much memory may be spent on speed.</summary>
    public MemoryUse Memory { get; init; }
}
