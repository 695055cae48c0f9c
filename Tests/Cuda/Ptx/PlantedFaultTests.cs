using Interp.Cuda.Driver;
using Interp.Tests.Cuda.Ptx.Execution;

namespace Interp.Tests.Cuda.Ptx;

/// <summary>Every checker of the interpreter finds the fault that it is there for, in every schedule, and lets pass what is
/// right.</summary>
[TestClass]
public sealed class PlantedFaultTests
{
    private const string Store = "st.global.u32 [%rd4], %r1;\n";
    private const string Shared =
        ".shared .align 4 .b8 s[256]; mov.u64 %rd5, s; mad.wide.u32 %rd6, %r1, 4, %rd5; st.shared.u32 [%rd6], %r1;\n";
    private const string Neighbour =
        "xor.b32 %r2, %r1, 32; mad.wide.u32 %rd6, %r2, 4, %rd5; ld.shared.u32 %r3, [%rd6]; st.global.u32 [%rd4], %r3;\n";

    [TestMethod]
    public void Access_BeyondTheEndByOne_IsOutOfBounds() =>
        Fails(FaultKind.OutOfBounds, "4 bytes at byte 256 of 'a', which has 256", "ld.global.u32 %r2, [%rd3+4];", threads: 64);

    [TestMethod]
    public void Access_BeforeTheStart_IsOutOfBounds() =>
        Fails(FaultKind.OutOfBounds, "4 bytes at byte -4 of 'b'", "st.global.u32 [%rd4+-4], %r1;", threads: 1);

    [TestMethod]
    public void Access_Nowhere_IsOutOfBounds() =>
        Fails(FaultKind.OutOfBounds, "address 0x8 lies in no memory", "mov.u64 %rd5, 8; ld.global.u32 %r2, [%rd5];");

    [TestMethod]
    public void Access_OddAddress_IsMisaligned() => Fails(FaultKind.Misaligned, "no multiple of 4", "ld.global.u32 %r2, [%rd1+2];");

    [TestMethod]
    public void Access_VectorOfFourAtAnElement_IsMisaligned() =>
        Fails(FaultKind.Misaligned, "no multiple of 16", "ld.global.v4.f32 {%f1, %f2, %f3, %f4}, [%rd1+4];");

    [TestMethod]
    public void Access_OtherSpace_IsRefused() =>
        Fails(FaultKind.WrongSpace, "'a' lies in Global memory, not in Shared", "ld.shared.u32 %r2, [%rd1];");

    [TestMethod]
    public void Register_ReadBeforeWritten_IsFound() => Fails(FaultKind.UninitializedRegister, "%r7", "add.s32 %r2, %r7, 1;");

    [TestMethod]
    public void Register_WrittenUnderAFalsePredicate_StaysUnwritten() => Fails(
        FaultKind.UninitializedRegister, "%r7", "setp.eq.s32 %p1, %r1, 3;\n@!%p1 mov.u32 %r7, 5;\nadd.s32 %r2, %r7, 1;", threads: 32);

    [TestMethod]
    public void Memory_ReadBeforeWritten_IsFound() =>
        Fails(FaultKind.UninitializedMemory, "byte 0 of 'b' was never written", "ld.global.u32 %r2, [%rd4];", threads: 1);

    [TestMethod]
    public void SharedMemory_KeptFromTheBlockBefore_IsUnwritten() => Fails(
        FaultKind.UninitializedMemory, "of 's' was never written",
        ".shared .b32 s; mov.u32 %r2, %ctaid.x; setp.eq.u32 %p1, %r2, 0;\n@%p1 st.shared.u32 [s], %r1;\nld.shared.u32 %r3, [s];",
        threads: 1, blocks: 2);

    [TestMethod]
    public void LocalMemory_ReadBeforeWritten_IsFound() =>
        Fails(FaultKind.UninitializedMemory, "byte 4 of 'l'", ".local .align 4 .b8 l[8]; st.local.u32 [l], %r1; ld.local.u32 %r2, [l+4];");

    [TestMethod]
    public void Result_NotWrittenEverywhere_IsFound() => Fails(FaultKind.UninitializedMemory, "byte 124 of 'b'", Store, threads: 31);

    [TestMethod]
    public void SharedMemory_WrittenByTwoWithoutABarrier_IsARaceInEveryOrder() => Fails(
        FaultKind.SharedRace, "'s'", Shared + "xor.b32 %r2, %r1, 32; mad.wide.u32 %rd6, %r2, 4, %rd5; st.shared.u32 [%rd6], %r1;",
        threads: 64);

    [TestMethod]
    public void SharedMemory_WithABarrier_IsNoRace() => CollectionAssert.AreEqual(
        Enumerable.Range(0, 64).Select(i => (uint)i ^ 32).ToArray(),
        SmallKernel.Run(Shared + "bar.sync 0;\n" + Neighbour, 1, 64, [0], 64, Schedule.All.First()));

    [TestMethod]
    public void SharedMemory_WrittenAgainBeforeAllHaveRead_IsARaceInEveryOrder() =>
        Fails(FaultKind.SharedRace, "'s'",
        $"{Shared}bar.sync 0;\n{Neighbour}mad.wide.u32 %rd6, %r1, 4, %rd5; not.b32 %r3, %r1; st.shared.u32 [%rd6], %r3;", threads: 64);

    [TestMethod]
    public void Barrier_NotReachedByAll_IsDivergent() =>
        Fails(
            FaultKind.DivergentBarrier, $"small.ptx:{SmallKernel.BodyLine + 2}, block (0,0,0): 10 waiting, 54 exited",
            "setp.ge.u32 %p1, %r1, 10;\n@%p1 ret;\nbar.sync 0;\n", threads: 64);

    [TestMethod]
    public void Barrier_AnotherForEachBranch_IsDivergent() =>
        Fails(FaultKind.DivergentBarrier, "waiting, others at",
        "setp.ge.u32 %p1, %r1, 10;\n@%p1 bra $L;\nbar.sync 0;\nret;\n$L:\nbar.sync 0;\n", threads: 64);

    [TestMethod]
    public void NonCoherentLoad_OfWhatIsWritten_IsFound() =>
        Fails(FaultKind.NonCoherentRead, "'a'", "ld.global.nc.u32 %r2, [%rd3];\nst.global.u32 [%rd3], %r2;");

    [TestMethod]
    public void NonCoherentLoad_OfWhatWasWrittenBefore_IsFound() =>
        Fails(FaultKind.NonCoherentRead, "'b'", Store + "ld.global.nc.u32 %r2, [%rd4];");

    [TestMethod]
    public void GlobalMemory_TwoThreadsWriteOtherValues_IsARace() =>
        Fails(FaultKind.GlobalRace, "word 0 of 'b'", "st.global.u32 [%rd2], %r1;", threads: 2);

    [TestMethod]
    public void GlobalMemory_TwoBlocksWriteOtherValues_IsARace() =>
        Fails(FaultKind.GlobalRace, "word 0 of 'b'", "mov.u32 %r2, %ctaid.x; st.global.u32 [%rd2], %r2;", threads: 1, blocks: 2);

    [TestMethod]
    public void GlobalMemory_ReadByOneAndWrittenByAnother_IsARaceInEveryOrder() => Fails(
        FaultKind.GlobalRace, "'a'",
        "xor.b32 %r2, %r1, 1; mad.wide.u32 %rd5, %r2, 4, %rd1; ld.global.u32 %r3, [%rd5]; st.global.u32 [%rd3], %r1;", threads: 2);

    [TestMethod]
    public void GlobalMemory_TheSameValueFromAll_IsNoRace() =>
        CollectionAssert.AreEqual((uint[])[7], SmallKernel.Run("st.global.u32 [%rd2], 7;", 2, 64, [0], 1, Schedule.All.First()));

    [TestMethod]
    public void Shuffle_ValueOfALaneThatHasEnded_IsDivergent() => Fails(
        FaultKind.DivergentWarp, "takes no part in the shuffle",
        "setp.ge.u32 %p1, %r1, 10;\n@%p1 ret;\nshfl.sync.bfly.b32 %r2|%p2, %r1, 16, 31, -1;", threads: 32);

    [TestMethod]
    public void Shuffle_AnotherForEachBranch_IsDivergent() => Fails(
        FaultKind.DivergentWarp, "wait for lanes of their mask",
        "setp.ge.u32 %p1, %r1, 10;\n@%p1 bra $L;\nshfl.sync.bfly.b32 %r2|%p2, %r1, 1, 31, -1;\nret;\n$L:\nshfl.sync.bfly.b32 %r2|%p2, "
        + "%r1, 1, 31, -1;", threads: 32);

    [TestMethod]
    public void Shuffle_OutsideItsOwnMask_IsDivergent() =>
        Fails(FaultKind.DivergentWarp, "is not in its own mask 0x0000FFFF", "shfl.sync.bfly.b32 %r2|%p2, %r1, 1, 31, 65535;", threads: 32);

    [TestMethod]
    public void Division_ByZero_IsFound() => Fails(FaultKind.Division, "division by zero", "div.u32 %r2, %r1, %r1;", threads: 1);

    [TestMethod]
    public void Loop_WithoutEnd_IsFound() => Fails(FaultKind.Endless, "no end", "$L:\nbra.uni $L;", threads: 1);

    [TestMethod]
    public void Trap_IsFound() => Fails(FaultKind.Trap, "trap", "trap;", threads: 1);

    [TestMethod]
    [DataRow("frob.s32 %r2, %r1;", "instruction 'frob.s32' is not supported")]
    [DataRow("add.rn.s32 %r2, %r1, 1;", "instruction 'add.rn.s32' is not supported")]
    [DataRow("add.s32 %r2, %r10, 1;", "there is no register or variable '%r10'")]
    [DataRow("bra $nowhere;", "there is no label '$nowhere'")]
    [DataRow("add.s32 %r2, %r1, ~1;", "'~' is no PTX")]
    public void Text_NotUnderstood_NamesTheLine(string line, string what) =>
        Fails(FaultKind.Syntax, $"small.ptx:{SmallKernel.BodyLine + 1}: {what}", $"add.s32 %r3, %r1, 1;\n{line}");

    [TestMethod]
    public void Launch_OtherArguments_IsRefused()
    {
        var machine = new Machine(PtxModule.Parse(SmallKernel.Text(""), "small.ptx"), Schedule.All.First());
        Assert.AreEqual(
            "small: argument 1 has 4 bytes; the parameters have 8,8",
            Assert.ThrowsExactly<PtxFault>(() =>
            machine.Launch("small", new Dim3(1), new Dim3(1), null, [(KernelArgument)0UL, 0])).Message);
        Assert.AreEqual(
            "small: 1 arguments for 2 parameters",
            Assert.ThrowsExactly<PtxFault>(() => machine.Launch("small", new Dim3(1), new Dim3(1), null, [(KernelArgument)0UL])).Message);
    }

    [TestMethod]
    public void Launch_LargerBlockThanTheKernelAllows_IsRefused()
    {
        var machine = new Machine(PtxModule.Parse(".entry k()\n.maxntid 256, 1, 1\n{ ret; }", "k.ptx"), Schedule.All.First());
        Assert.AreEqual(FaultKind.Launch, Assert.ThrowsExactly<PtxFault>(() => machine.Launch("k", new Dim3(1), new Dim3(257), null)).Kind);
        machine.Launch("k", new Dim3(1), new Dim3(256), null);
    }

    /// <summary>The body fails in every schedule with a message that has the words; a holds a number for each of 64 threads, b has room for
    /// as many.</summary>
    private static void Fails(FaultKind kind, string words, string body, int threads = 32, int blocks = 1)
    {
        foreach (Schedule schedule in Schedule.All)
        {
            uint[] a = [.. Enumerable.Range(0, 64).Select(i => (uint)i)];
            PtxFault fault = Assert.ThrowsExactly<PtxFault>(() => SmallKernel.Run(body, blocks, threads, a, 64, schedule));
            Assert.AreEqual(kind, fault.Kind, fault.Message);
            Assert.Contains(words, fault.Message);
        }
    }
}
