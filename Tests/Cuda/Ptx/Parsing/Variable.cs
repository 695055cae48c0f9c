namespace Interp.Tests.Cuda.Ptx.Parsing;

/// <summary>A declared variable in memory.</summary>
/// <param name="Name">The symbol.</param>
/// <param name="Space">Its state space.</param>
/// <param name="Address">Where it lies; variables of the blocks' and of the threads' own memory have the same address in all of
/// them.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Initial">What it holds at first; null for nothing.</param>
internal sealed record Variable(string Name, StateSpace Space, ulong Address, int Bytes, byte[]? Initial);
