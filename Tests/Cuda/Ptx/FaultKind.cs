namespace Interp.Tests.Cuda.Ptx;

/// <summary>The kinds of <see cref="PtxFault"/>.</summary>
internal enum FaultKind
{
    /// <summary>The text is no PTX, or PTX that the interpreter does not know.</summary>
    Syntax,

    /// <summary>The launch's arguments or sizes are not those that the kernel declares.</summary>
    Launch,

    /// <summary>An address in no memory, or beyond the end of one.</summary>
    OutOfBounds,

    /// <summary>An address that is no multiple of the access's size.</summary>
    Misaligned,

    /// <summary>An access that names another state space than the address lies in.</summary>
    WrongSpace,

    /// <summary>A register is read before it was written.</summary>
    UninitializedRegister,

    /// <summary>A byte of memory is read before it was written.</summary>
    UninitializedMemory,

    /// <summary>Threads use the same shared memory, one of them writing, with no barrier between.</summary>
    SharedRace,

    /// <summary>Threads use the same global memory in one launch, one of them writing, with no barrier between.</summary>
    GlobalRace,

    /// <summary>An address read through the non-coherent cache (<c>ld.global.nc</c>) is written in the same launch.</summary>
    NonCoherentRead,

    /// <summary>Only a part of a block's threads comes to a barrier.</summary>
    DivergentBarrier,

    /// <summary>Only a part of the lanes named comes to a shuffle, a vote or a warp's barrier, or one takes a value from a lane that gives
    /// none.</summary>
    DivergentWarp,

    /// <summary>A division by zero, or one whose quotient has no place in the type.</summary>
    Division,

    /// <summary>A thread executes more instructions than any kernel of a test needs.</summary>
    Endless,

    /// <summary>A <c>trap</c> instruction.</summary>
    Trap,
}
