namespace Interp.Tests.Cuda.Ptx;

/// <summary>What the interpreter refuses: a program that it cannot read, or something that a GPU punishes or leaves undefined.</summary>
internal sealed class PtxFault(FaultKind kind, string what) : Exception(what)
{
    internal FaultKind Kind { get; } = kind;

    /// <summary>The same fault, with the place at which it happened before it.</summary>
    internal PtxFault At(string place) => new(Kind, $"{place}: {Message}");
}
