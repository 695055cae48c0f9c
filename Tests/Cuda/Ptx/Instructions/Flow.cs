namespace Interp.Tests.Cuda.Ptx.Instructions;

/// <summary>What a thread does after an instruction.</summary>
internal enum Flow
{
    /// <summary>It goes on with the next one.</summary>
    Next,

    /// <summary>It goes on where the instruction said.</summary>
    Jump,

    /// <summary>It waits for others, or has ended.</summary>
    Stop,
}
