using Interp.Tests.Cuda.Ptx.Execution;
using Interp.Tests.Cuda.Ptx.Parsing;

namespace Interp.Tests.Cuda.Ptx.Instructions;

/// <summary>A decoded instruction.</summary>
internal abstract class Instruction
{
    internal Guard Guard { get; set; } = Guard.None;

    internal PlaceInText Place { get; set; }

    /// <summary>Whether any thread ever came to it with a guard that let it.</summary>
    internal bool Reached { get; set; }

    /// <summary>Executes it on one thread, whose guard lets it.</summary>
    internal abstract Flow Execute(PtxThread thread);
}
