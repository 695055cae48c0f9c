namespace Interp.Tests.Cuda.Ptx.Operations;

/// <summary><c>mov</c>, <c>selp</c> and the logic of predicates: bits unchanged.</summary>
internal static class MoveOperations
{
    private static readonly (string Types, ulong Mask)[] Sizes =
        [("b16 u16 s16", ushort.MaxValue), ("b32 u32 s32 f32", uint.MaxValue), ("b64 u64 s64 f64", ulong.MaxValue)];

    internal static void AddTo(OperationTable table)
    {
        foreach ((string types, ulong mask) in Sizes)
        {
            foreach (string type in types.Split(' '))
            {
                table.Add($"mov.{type}", (a, _, _, _) => a & mask);
                table.Add($"selp.{type}", (a, b, p, _) => (p != 0 ? a : b) & mask);
            }
        }

        table.Add("mov.pred", (a, _, _, _) => a != 0 ? 1UL : 0);
        table.Add("not.pred", (a, _, _, _) => a != 0 ? 0 : 1UL);
        table.Add("and.pred", (a, b, _, _) => a & b);
        table.Add("or.pred", (a, b, _, _) => a | b);
        table.Add("xor.pred", (a, b, _, _) => a ^ b);
    }
}
