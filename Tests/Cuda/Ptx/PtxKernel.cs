using Interp.Tests.Cuda.Ptx.Instructions;
using Interp.Tests.Cuda.Ptx.Parsing;

namespace Interp.Tests.Cuda.Ptx;

/// <summary>An entry of a module, ready to run.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Parameters">The slot and the size in bytes of each parameter.</param>
/// <param name="Slots">What its threads hold.</param>
/// <param name="Variables">Its shared and local variables.</param>
/// <param name="Instructions">What it does; control flow has been resolved to indices.</param>
/// <param name="MostThreads">The largest block allowed (<c>.maxntid</c>), 1024 if none is stated.</param>
internal sealed record PtxKernel(
    string Name, IReadOnlyList<(int Slot, int Bytes)> Parameters, SlotTable Slots, IReadOnlyList<Variable> Variables,
    Instruction[] Instructions, int MostThreads);
