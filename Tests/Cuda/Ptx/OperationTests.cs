using Interp.Tests.Cuda.Ptx.Operations;
using Interp.Tests.Cuda.Ptx.Parsing;

namespace Interp.Tests.Cuda.Ptx;

/// <summary>Operations against values worked out by hand from the PTX ISA's definitions; operands and results are the registers'
/// bits.</summary>
[TestClass]
public sealed class OperationTests
{
    private const ulong Minus1 = 0xFFFFFFFF;
    private const ulong NaN = Bits.CanonicalNaN;
    private const ulong Infinity = 0x7F800000;

    [TestMethod]
    [DataRow("add.s32", 0x7FFFFFFFUL, 1UL, 0x80000000UL)]
    [DataRow("add.s32", 5UL, ulong.MaxValue, 4UL, DisplayName = "constants are of 64 bits")]
    [DataRow("sub.s64", 0UL, 1UL, ulong.MaxValue)]
    [DataRow("mul.lo.s32", 0x10000UL, 0x10000UL, 0UL)]
    [DataRow("mul.hi.u32", 0xFFFFFFFFUL, 0xFFFFFFFFUL, 0xFFFFFFFEUL)]
    [DataRow("mul.hi.s32", 0xFFFFFFFFUL, 2UL, Minus1)]
    [DataRow("mul.hi.u64", ulong.MaxValue, ulong.MaxValue, ulong.MaxValue - 1)]
    [DataRow("mul.wide.u32", 0xFFFFFFFFUL, 4UL, 0x3FFFFFFFCUL)]
    [DataRow("mul.wide.s32", 0xFFFFFFFFUL, 4UL, ulong.MaxValue - 3)]
    [DataRow("mul.wide.u16", 0xFFFFUL, 0xFFFFUL, 0xFFFE0001UL)]
    [DataRow("div.s32", 0xFFFFFFF9UL, 2UL, 0xFFFFFFFDUL)]
    [DataRow("rem.s32", 0xFFFFFFF9UL, 2UL, Minus1)]
    [DataRow("rem.s32", 0x80000000UL, Minus1, 0UL)]
    [DataRow("div.u32", Minus1, Minus1, 1UL)]
    [DataRow("rem.u32", 7UL, Minus1, 7UL)]
    [DataRow("min.s32", Minus1, 1UL, Minus1)]
    [DataRow("min.u32", Minus1, 1UL, 1UL)]
    [DataRow("max.s64", ulong.MaxValue, 1UL, 1UL)]
    [DataRow("shl.b32", 1UL, 31UL, 0x80000000UL)]
    [DataRow("shl.b32", 1UL, 32UL, 0UL)]
    [DataRow("shl.b64", 1UL, 63UL, 0x8000000000000000UL)]
    [DataRow("shr.s32", 0x80000000UL, 4UL, 0xF8000000UL)]
    [DataRow("shr.s32", 0x80000000UL, 99UL, Minus1)]
    [DataRow("shr.u32", 0x80000000UL, 4UL, 0x08000000UL)]
    [DataRow("shr.u32", 0x80000000UL, 32UL, 0UL)]
    [DataRow("shr.u64", 0x8000000000000000UL, 63UL, 1UL)]
    [DataRow("xor.b32", 0xFF00FF00UL, 0x0FF00FF0UL, 0xF0F0F0F0UL)]
    [DataRow("xor.pred", 1UL, 1UL, 0UL)]
    public void Integer_TwoOperands(string name, ulong a, ulong b, ulong expected) => Check(name, expected, a, b);

    [TestMethod]
    [DataRow("mad.lo.s32", 3UL, 5UL, Minus1, 14UL)]
    [DataRow("mad.wide.s32", Minus1, 8UL, 16UL, 8UL)]
    [DataRow("mad.wide.u32", 0xFFFFFFFFUL, 4UL, 4UL, 0x400000000UL)]
    [DataRow("bfe.u32", 0x12345678UL, 8UL, 8UL, 0x56UL)]
    [DataRow("bfe.u32", 0x12345678UL, 28UL, 8UL, 0x1UL)]
    [DataRow("bfe.u32", 0x12345678UL, 32UL, 8UL, 0UL)]
    [DataRow("bfe.s32", 0x0000F000UL, 12UL, 4UL, Minus1)]
    [DataRow("bfe.s32", 0x00007000UL, 12UL, 4UL, 7UL)]
    [DataRow("bfe.s32", 0x80000000UL, 28UL, 8UL, 0xFFFFFFF8UL)]
    [DataRow("prmt.b32", 0x33221100UL, 0x77665544UL, 0x7531UL, 0x77553311UL)]
    [DataRow("prmt.b32", 0x80UL, 0x7FUL, 0xCC88UL, 0x0000FFFFUL, DisplayName = "prmt.b32 of signs")]
    [DataRow("selp.b32", 1UL, 2UL, 1UL, 1UL)]
    [DataRow("selp.f32", 1UL, 2UL, 0UL, 2UL)]
    [DataRow("shf.l.wrap.b32", 0x80000001UL, 0x00000002UL, 1UL, 0x00000005UL)]
    [DataRow("shf.r.wrap.b32", 0x80000001UL, 0x00000003UL, 1UL, 0xC0000000UL)]
    public void Integer_ThreeOperands(string name, ulong a, ulong b, ulong c, ulong expected) => Check(name, expected, a, b, c);

    [TestMethod]
    [DataRow("bfi.b64", 0xABCDUL, 0x1111UL, 32UL, 32UL, 0x0000ABCD00001111UL)]
    [DataRow("bfi.b32", 0xFFUL, 0UL, 28UL, 8UL, 0xF0000000UL)]
    [DataRow("bfi.b32", 0xFFUL, 0x12UL, 4UL, 0UL, 0x12UL)]
    [DataRow("lop3.b32", 0xF0F0F0F0UL, 0xCCCCCCCCUL, 0xAAAAAAAAUL, 0x96UL, 0x96969696UL)]
    public void Integer_FourOperands(string name, ulong a, ulong b, ulong c, ulong d, ulong expected) => Check(name, expected, a, b, c, d);

    [TestMethod]
    [DataRow("neg.s32", 1UL, Minus1)]
    [DataRow("not.b32", 1UL, 0xFFFFFFFEUL)]
    [DataRow("not.pred", 1UL, 0UL)]
    [DataRow("abs.s32", Minus1, 1UL)]
    [DataRow("popc.b32", 0xF0F0UL, 8UL)]
    [DataRow("clz.b32", 1UL, 31UL)]
    [DataRow("mov.u32", ulong.MaxValue, Minus1)]
    [DataRow("cvt.s64.s32", Minus1, ulong.MaxValue)]
    [DataRow("cvt.u64.u32", Minus1, Minus1)]
    [DataRow("cvt.u32.u64", 0x123456789UL, 0x23456789UL)]
    [DataRow("cvt.s32.s8", 0x80UL, 0xFFFFFF80UL)]
    [DataRow("cvt.sat.u8.s32", Minus1, 0UL)]
    [DataRow("cvt.sat.u8.s32", 300UL, 255UL)]
    [DataRow("cvt.sat.s32.u32", Minus1, 0x7FFFFFFFUL)]
    public void Integer_OneOperand(string name, ulong a, ulong expected) => Check(name, expected, a);

    [TestMethod]
    [DataRow("min.f32", NaN, 0x3F800000UL, 0x3F800000UL, DisplayName = "the number of a number and a NaN")]
    [DataRow("max.f32", 0x3F800000UL, NaN, 0x3F800000UL, DisplayName = "the number of a NaN and a number")]
    [DataRow("max.f32", 0xFFC00001UL, 0xFFC00001UL, NaN, DisplayName = "one NaN of two")]
    [DataRow("max.NaN.f32", 0x3F800000UL, NaN, NaN)]
    [DataRow("max.f32", 0x80000000UL, 0UL, 0UL)]
    [DataRow("min.f32", 0UL, 0x80000000UL, 0x80000000UL)]
    [DataRow("add.rn.f32", Infinity, 0xFF800000UL, NaN)]
    [DataRow("add.rn.f32", 0x3F800000UL, 0x33800000UL, 0x3F800000UL, DisplayName = "1 + 2^-24 to even")]
    [DataRow("add.rp.f32", 0x3F800000UL, 1UL, 0x3F800001UL, DisplayName = "1 + least, up")]
    [DataRow("add.rm.f32", 0x3F800000UL, 0x80000001UL, 0x3F7FFFFFUL, DisplayName = "1 - least, down")]
    [DataRow("add.rz.f32", 0x3F800000UL, 0x80000001UL, 0x3F7FFFFFUL, DisplayName = "1 - least, to zero")]
    [DataRow("add.rz.f32", 0xBF800000UL, 1UL, 0xBF7FFFFFUL, DisplayName = "-1 + least, to zero")]
    [DataRow("add.rm.f32", 0x3F800000UL, 0xBF800000UL, 0x80000000UL, DisplayName = "1 - 1, down: -0")]
    [DataRow("mul.rm.f32", 0x7F7FFFFFUL, 0x40000000UL, 0x7F7FFFFFUL, DisplayName = "beyond the largest, down")]
    [DataRow("mul.rp.f32", 1UL, 1UL, 1UL, DisplayName = "below the least, up")]
    [DataRow("add.ftz.f32", 1UL, 0x80000001UL, 0UL)]
    [DataRow("mul.rn.ftz.f32", 0x00800000UL, 0xBF000000UL, 0x80000000UL, DisplayName = "a subnormal result to -0")]
    [DataRow("add.rn.sat.f32", 0x3F800000UL, 0x3F800000UL, 0x3F800000UL)]
    [DataRow("div.rn.f32", 0x3F800000UL, 0x40400000UL, 0x3EAAAAABUL)]
    public void Float_TwoOperands(string name, ulong a, ulong b, ulong expected) => Check(name, expected, a, b);

    [TestMethod]
    [DataRow("fma.rn.f32", 0x3F800001UL, 0x3F800001UL, 0xBF800002UL, 0x28800000UL, DisplayName = "(1+e)^2 - (1+2e) = e^2")]
    [DataRow("fma.rm.f32", 0x3F000000UL, 0x437C0000UL, 0x4B400001UL, 0x4B40007FUL, DisplayName = "rounded down to a whole number")]
    [DataRow("fma.rm.f32", 0x3EFFFFFFUL, 0x437C0000UL, 0x4B400001UL, 0x4B40007EUL, DisplayName = "a bit less: the whole number before")]
    public void Float_ThreeOperands(string name, ulong a, ulong b, ulong c, ulong expected) => Check(name, expected, a, b, c);

    [TestMethod]
    [DataRow("neg.f32", 0UL, 0x80000000UL)]
    [DataRow("sqrt.rn.f32", 0x40000000UL, 0x3FB504F3UL)]
    [DataRow("rcp.rn.f32", 0x40400000UL, 0x3EAAAAABUL)]
    [DataRow("rcp.rn.f32", 0x80000000UL, 0xFF800000UL)]
    [DataRow("ex2.approx.ftz.f32", 0x40400000UL, 0x41000000UL)]
    [DataRow("rcp.approx.ftz.f64", 0x4008000000000000UL, 0x3FD5555500000000UL)]
    [DataRow("cvt.sat.f32.f32", NaN, 0UL)]
    [DataRow("cvt.sat.f32.f32", 0x40000000UL, 0x3F800000UL)]
    [DataRow("cvt.rni.s32.f32", 0x40200000UL, 2UL, DisplayName = "2.5 to even")]
    [DataRow("cvt.rni.s32.f32", 0x40600000UL, 4UL, DisplayName = "3.5 to even")]
    [DataRow("cvt.rzi.s32.f32", 0xC0200000UL, 0xFFFFFFFEUL)]
    [DataRow("cvt.rmi.s32.f32", 0xC0200000UL, 0xFFFFFFFDUL)]
    [DataRow("cvt.rpi.s32.f32", 0x40200000UL, 3UL)]
    [DataRow("cvt.rzi.s32.f32", Infinity, 0x7FFFFFFFUL)]
    [DataRow("cvt.rzi.u32.f32", 0xBF800000UL, 0UL)]
    [DataRow("cvt.rzi.s32.f32", NaN, 0UL)]
    [DataRow("cvt.rmi.f64.f64", 0xBFE0000000000000UL, 0xBFF0000000000000UL)]
    [DataRow("cvt.rni.f64.f64", 0xBFE0000000000000UL, 0x8000000000000000UL)]
    [DataRow("cvt.rn.f32.s32", Minus1, 0xBF800000UL)]
    [DataRow("cvt.rn.f32.u32", Minus1, 0x4F800000UL)]
    [DataRow("cvt.rz.f32.u32", Minus1, 0x4F7FFFFFUL)]
    [DataRow("cvt.rn.f64.u64", ulong.MaxValue, 0x43F0000000000000UL)]
    [DataRow("cvt.rn.f32.f64", 0x3FF0000010000000UL, 0x3F800000UL)]
    [DataRow("cvt.rp.f32.f64", 0x3FF0000000000001UL, 0x3F800001UL)]
    [DataRow("cvt.f64.f32", 0x3F800000UL, 0x3FF0000000000000UL)]
    [DataRow("cvt.ftz.f64.f32", 1UL, 0UL)]
    public void Float_OneOperand(string name, ulong a, ulong expected) => Check(name, expected, a);

    [TestMethod]
    [DataRow("setp.lt.s32", Minus1, 0UL, true)]
    [DataRow("setp.lt.u32", Minus1, 0UL, false)]
    [DataRow("setp.lo.u32", 0UL, Minus1, true)]
    [DataRow("setp.eq.s64", 0x100000000UL, 0UL, false)]
    [DataRow("setp.eq.s32", 0x100000000UL, 0UL, true)]
    [DataRow("setp.eq.f32", 0UL, 0x80000000UL, true)]
    [DataRow("setp.eq.f32", NaN, NaN, false)]
    [DataRow("setp.ne.f32", NaN, 0UL, false)]
    [DataRow("setp.neu.f32", NaN, 0UL, true)]
    [DataRow("setp.ge.f32", NaN, 0UL, false)]
    [DataRow("setp.ltu.f32", NaN, 0UL, true)]
    [DataRow("setp.equ.f32", 0x3F800000UL, 0x40000000UL, false)]
    [DataRow("setp.nan.f32", 0UL, NaN, true)]
    [DataRow("setp.num.f32", 0UL, NaN, false)]
    [DataRow("setp.gt.ftz.f32", 1UL, 0UL, false)]
    [DataRow("setp.gt.f64", 0x3FF0000000000000UL, 0UL, true)]
    public void Comparison_TwoOperands(string name, ulong a, ulong b, bool expected) =>
        Assert.AreEqual(expected, Comparisons.Find(new Opcode(name))!(a, b), name);

    private static void Check(string name, ulong expected, ulong a, ulong b = 0, ulong c = 0, ulong d = 0)
    {
        ulong found = OperationTable.Find(new Opcode(name))!(a, b, c, d);
        Assert.AreEqual($"{expected:X16}", $"{found:X16}", name);
    }
}
