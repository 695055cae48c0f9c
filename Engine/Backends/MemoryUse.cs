namespace Interp.Engine.Backends;

/// <summary>How much memory a backend spends on speed.</summary>
public enum MemoryUse
{
    /// <summary>Filters are kept as the kernels want them: for Winograd's algorithm four times their size, forward and backward sets
    /// apart.</summary>
    Normal,

    /// <summary>
    /// Convolutions are direct, unless Winograd's algorithm is asked for, and on the CPU pack their filters anew for each run into memory
    /// that all layers share.
    /// </summary>
    Low,
}

/// <summary>What the use of memory means for convolutions.</summary>
internal static class MemoryUses
{
    /// <summary>The choice that is left of one.</summary>
    internal static ConvChoice Leaves(this MemoryUse memory, ConvChoice choice) =>
        memory == MemoryUse.Low && choice == ConvChoice.Auto ? ConvChoice.Direct : choice;
}
