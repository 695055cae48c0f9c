namespace Interp.Tests.Cuda.Ptx.Parsing;

/// <summary>A fundamental type of PTX: its kind, b(its), u(nsigned), s(igned), f(loat) or p(redicate), and its size.</summary>
internal readonly record struct PtxType(char Kind, int Bytes)
{
    private static readonly Dictionary<string, PtxType> Names = new()
    {
        ["pred"] = new('p', 1), ["b8"] = new('b', 1), ["b16"] = new('b', 2), ["b32"] = new('b', 4), ["b64"] = new('b', 8),
        ["u8"] = new('u', 1), ["u16"] = new('u', 2), ["u32"] = new('u', 4), ["u64"] = new('u', 8),
        ["s8"] = new('s', 1), ["s16"] = new('s', 2), ["s32"] = new('s', 4), ["s64"] = new('s', 8), ["f32"] = new('f', 4),
        ["f64"] = new('f', 8),
    };

    /// <summary>The bits of a register that hold a value of the type.</summary>
    internal ulong Mask => Bytes == 8 ? ulong.MaxValue : (1UL << (8 * Bytes)) - 1;

    internal bool IsFloat => Kind == 'f';

    internal bool IsSigned => Kind == 's';

    /// <summary>Whether a part of an instruction's name is a type.</summary>
    internal static bool TryParse(string name, out PtxType type) => Names.TryGetValue(name, out type);
}
