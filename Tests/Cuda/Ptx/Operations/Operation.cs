namespace Interp.Tests.Cuda.Ptx.Operations;

/// <summary>A result's bits from its operands' bits; operands may have more bits than their type.</summary>
internal delegate ulong Operation(ulong a, ulong b, ulong c, ulong d);
