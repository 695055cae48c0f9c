namespace Interp.Tests.Cuda.Ptx.Parsing;

/// <summary>An operand of an instruction.</summary>
/// <param name="Form">What it is.</param>
/// <param name="Slots">The slots in it: one, two of a pair <c>a|b</c>, or those of a vector.</param>
/// <param name="Offset">What is added to an address.</param>
/// <param name="Label">The name of a label.</param>
internal sealed record Operand(OperandForm Form, int[] Slots, long Offset = 0, string Label = "")
{
    /// <summary>The only slot, or the first of several.</summary>
    internal int Slot => Slots[0];
}
