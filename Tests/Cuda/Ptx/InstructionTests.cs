using Interp.Tests.Cuda.Ptx.Execution;

namespace Interp.Tests.Cuda.Ptx;

/// <summary>Instructions that are more than a result from operands, in small kernels of one warp, in every schedule.</summary>
[TestClass]
public sealed class InstructionTests
{
    [TestMethod]
    [DataRow("up", 1, 0, new uint[] { 0, 0, 1, 2 }, new uint[] { 0, 1, 1, 1 })]
    [DataRow("down", 1, 31, new uint[] { 1, 2, 3, 4 }, new uint[] { 1, 1, 1, 1 })]
    [DataRow("down", 2, 0x1C03, new uint[] { 2, 3, 2, 3 }, new uint[] { 1, 1, 0, 0 }, DisplayName = "down in segments of 4 lanes")]
    [DataRow("bfly", 2, 31, new uint[] { 2, 3, 0, 1 }, new uint[] { 1, 1, 1, 1 })]
    [DataRow("idx", 5, 31, new uint[] { 5, 5, 5, 5 }, new uint[] { 1, 1, 1, 1 })]
    public void Shuffle_FirstLanes_TakeTheirSources(string mode, int distance, int clamp, uint[] values, uint[] inside)
    {
        string shuffle = $"shfl.sync.{mode}.b32 %r2|%p1, %r1, {distance}, {clamp}, -1;\n";
        CollectionAssert.AreEqual(values, Run(shuffle + "st.global.u32 [%rd4], %r2;")[..4]);
        CollectionAssert.AreEqual(inside, Run(shuffle + "selp.u32 %r3, 1, 0, %p1;\nst.global.u32 [%rd4], %r3;")[..4]);
    }

    [TestMethod]
    public void Shuffle_UpAtTheFirstLane_IsItsOwnValue() =>
        Assert.AreEqual(31u, Run("sub.s32 %r3, 31, %r1;\nshfl.sync.up.b32 %r2|%p1, %r3, 1, 0, -1;\nst.global.u32 [%rd4], %r2;")[0]);

    [TestMethod]
    public void Shuffle_TwoHalvesWithTheirOwnMasks_NeedNotWaitForEachOther()
    {
        uint[] found = Run("""
            setp.lt.u32 %p1, %r1, 16;
            @%p1 bra $low;
            shfl.sync.bfly.b32 %r2|%p2, %r1, 1, 31, 0xFFFF0000;
            bra $end;
            $low:
            shfl.sync.bfly.b32 %r2|%p2, %r1, 2, 31, 0xFFFF;
            $end:
            st.global.u32 [%rd4], %r2;
            """);
        Assert.AreEqual(2u, found[0]);
        Assert.AreEqual(17u, found[16]);
    }

    [TestMethod]
    [DataRow("vote.sync.ballot.b32 %r2, %p1, -1;", 0b111u)]
    [DataRow("vote.sync.any.pred %p2, %p1, -1;\nselp.u32 %r2, 1, 0, %p2;", 1u)]
    [DataRow("vote.sync.all.pred %p2, %p1, -1;\nselp.u32 %r2, 1, 0, %p2;", 0u)]
    [DataRow("vote.sync.uni.pred %p2, %p1, -1;\nselp.u32 %r2, 1, 0, %p2;", 0u)]
    public void Vote_ThreeLanesHold(string vote, uint expected) =>
        Assert.IsTrue(Array.TrueForAll(Run($"setp.lt.u32 %p1, %r1, 3;\n{vote}\nst.global.u32 [%rd4], %r2;"), v => v == expected));

    [TestMethod]
    public void Compare_BothResultsAndACombination_AreSet()
    {
        uint[] found = Run("""
            setp.lt.u32 %p1|%p2, %r1, 2;
            setp.gt.or.u32 %p3, %r1, 29, %p1;
            selp.u32 %r2, 1, 0, %p2;
            selp.u32 %r3, 2, 0, %p3;
            add.u32 %r2, %r2, %r3;
            st.global.u32 [%rd4], %r2;
            """);
        CollectionAssert.AreEqual((uint[])[2, 2, 1, 1], found[..4]);
        CollectionAssert.AreEqual((uint[])[1, 3, 3], found[^3..]);
    }

    [TestMethod]
    public void Move_PartsOfARegister_AreTakenApartAndPutTogether() => Assert.AreEqual(
        0x22221111u,
        Run("mov.b32 %r2, 0x11112222;\n{ .reg .b16 %h<2>; mov.b32 {%h0, %h1}, %r2; mov.b32 %r3, {%h1, %h0}; }\nst.global.u32 [%rd4], %r3;")[
        0]);

    [TestMethod]
    public void Access_Vectors_GoThroughAllElements()
    {
        uint[] found = Run("""
            mul.wide.u32 %rd5, %r1, 16;
            setp.ge.u32 %p1, %r1, 8;
            @%p1 ret;
            add.s64 %rd6, %rd1, %rd5;
            add.s64 %rd7, %rd2, %rd5;
            ld.global.v4.u32 {%r2, %r3, %r4, %r5}, [%rd6];
            st.global.v2.u32 [%rd7], {%r5, %r4};
            st.global.v2.u32 [%rd7+8], {%r3, %r2};
            """);
        CollectionAssert.AreEqual((uint[])[103, 102, 101, 100, 107], found[..5]);
    }

    [TestMethod]
    public void Load_Bytes_FillTheRegisterByTheirSign() => Assert.AreEqual(
        0xFFFFFF90u,
        Run("""
            mov.u32 %r2, 0x190;
            st.global.u8 [%rd4], %r2;
            st.global.u8 [%rd4+1], 0;
            st.global.u16 [%rd4+2], 0;
            ld.global.s8 %r3, [%rd4];
            st.global.u32 [%rd4], %r3;
            """)[0]);

    [TestMethod]
    public void LocalMemory_EachThread_HasItsOwn() => CollectionAssert.AreEqual(
        Enumerable.Range(0, 32).Select(i => (uint)i).ToArray(),
        Run(".local .align 8 .b8 l[16]; mov.u64 %rd5, l; cvta.local.u64 %rd6, %rd5; st.local.u32 [%rd5+4], %r1; ld.u32 %r2, [%rd6+4]; "
        + "st.global.u32 [%rd4], %r2;"));

    /// <summary>What 32 threads leave in b; a holds 100, 101, ...</summary>
    private static uint[] Run(string body)
    {
        uint[] a = [.. Enumerable.Range(100, 32).Select(i => (uint)i)];
        uint[][] found = [.. Schedule.All.Select(s => SmallKernel.Run(body, 1, 32, a, 32, s))];
        Assert.IsTrue(Array.TrueForAll(found, f => f.AsSpan().SequenceEqual(found[0])), "schedules differ");
        return found[0];
    }
}
