namespace Interp.Tests.Cuda.Ptx.Execution;

/// <summary>A size or a place in three dimensions.</summary>
internal readonly record struct Dim3(uint X, uint Y = 1, uint Z = 1)
{
    internal long Count => (long)X * Y * Z;

    /// <summary>The place of a number, x fastest.</summary>
    internal Dim3 PlaceOf(long number) => new((uint)(number % X), (uint)(number / X % Y), (uint)(number / X / Y));

    public override string ToString() => $"({X},{Y},{Z})";
}
