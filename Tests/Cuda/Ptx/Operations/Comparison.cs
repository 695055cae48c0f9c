namespace Interp.Tests.Cuda.Ptx.Operations;

/// <summary>Whether something holds between two operands, given as bits.</summary>
internal delegate bool Comparison(ulong a, ulong b);
