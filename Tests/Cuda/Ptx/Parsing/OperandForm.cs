namespace Interp.Tests.Cuda.Ptx.Parsing;

/// <summary>What an operand is.</summary>
internal enum OperandForm
{
    /// <summary>A register or a constant.</summary>
    Value,

    /// <summary>Two registers, <c>a|b</c>.</summary>
    Pair,

    /// <summary>Several registers in braces.</summary>
    Vector,

    /// <summary>An address in brackets.</summary>
    Address,

    /// <summary>The name of a label.</summary>
    Label,
}
