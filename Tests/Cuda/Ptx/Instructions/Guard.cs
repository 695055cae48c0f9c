namespace Interp.Tests.Cuda.Ptx.Instructions;

/// <summary>The predicate of an instruction, <c>@p</c> or <c>@!p</c>.</summary>
internal readonly record struct Guard(int Slot, bool Negated)
{
    /// <summary>No predicate: always executed.</summary>
    internal static Guard None => new(-1, false);
}
