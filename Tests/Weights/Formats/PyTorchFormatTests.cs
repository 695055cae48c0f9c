using Interp.Engine.Common;
using Interp.Weights.Formats;
using Interp.Weights.Formats.Pickle;

namespace Interp.Tests.Weights.Formats;

/// <summary>What PyTorch's forms allow beyond the fixtures, and files whose numbers lie.</summary>
[TestClass]
public class PyTorchFormatTests
{
    private static readonly float[] Values = [0, 1, 2, 3, 4, 5, 6, 7];

    [TestMethod]
    public void StorageView_OfTheLegacyForm_IsReadFromItsPart()
    {
        byte[] content = PickleWriter.Legacy(
            w => w.DictOf(d => d.Tensor(
                s => s.Storage("s", 8, v => v.Op(Opcode.MARK).Text("v").Long(2).Long(5).Op(Opcode.TUPLE)), 1, [2, 2], [2, 1])),
            ("s", Values));
        CollectionAssert.AreEqual(new double[] { 3, 4, 5, 6 }, ReadOnly(content));
    }

    [TestMethod]
    [DataRow(4, 5)]
    [DataRow(-1, 2)]
    [DataRow(2, -1)]
    [DataRow(long.MaxValue, long.MaxValue)]
    public void StorageView_OutsideItsStorage_IsRefused(long first, long length) => ScratchFile.Refuses(
        PickleWriter.Legacy(
            w => w.Storage("s", 8, v => v.Op(Opcode.MARK).Text("v").Long(first).Long(length).Op(Opcode.TUPLE)),
            ("s", Values)),
        "view of storage 's'");

    [TestMethod]
    public void Python2Pickle_WithByteStringsAndPairs_IsRead()
    {
        byte[] content = PickleWriter.Legacy(
            w =>
            {
                w.Global("collections", "OrderedDict").Op(Opcode.EMPTY_LIST).Op(Opcode.EMPTY_LIST);
                w.Op(Opcode.SHORT_BINSTRING, [8, .. "conv.0.b"u8]).Op(Opcode.APPEND);
                w.Tensor(s => s.Storage("s", 8), 0, [8], [1]).Op(Opcode.APPEND).Op(Opcode.APPEND).Op(Opcode.TUPLE1).Op(Opcode.REDUCE);
            },
            ("s", Values));
        using var file = new ScratchFile(content);
        using WeightSource source = WeightFormats.Open(file.Path);
        Assert.AreEqual("conv.0.b", source.Entries.Single().Name);
        CollectionAssert.AreEqual(Values.Select(v => (double)v).ToArray(), source.Read(source.Entries[0]));
    }

    [TestMethod]
    public void TensorV3_WithItsOwnType_IsReadFromUntypedBytes()
    {
        byte[] content = PickleWriter.Legacy(
            w => w.DictOf(d =>
            {
                d.Global("torch._utils", "_rebuild_tensor_v3").Op(Opcode.MARK);
                d.Op(Opcode.MARK).Text("storage").Global("torch.storage", "UntypedStorage").Text("s").Text("cpu").Long(4).Op(Opcode.NONE);
                d.Op(Opcode.TUPLE).Op(Opcode.BINPERSID).Long(1).Numbers(1).Numbers(1).Op(Opcode.NEWFALSE).Op(Opcode.NONE);
                d.Global("torch", "uint16").Op(Opcode.TUPLE).Op(Opcode.REDUCE);
            }),
            ("s", [1f]));
        BitConverter.GetBytes(4L).CopyTo(content, content.Length - 12); // The storage counts bytes.
        CollectionAssert.AreEqual(new double[] { 0x3F80 }, ReadOnly(content)); // The upper half of 1.0f.
    }

    [TestMethod]
    public void TensorWithAttributes_IsTheTensor()
    {
        byte[] content = PickleWriter.Legacy(
            w => w.DictOf(d =>
            {
                d.Global("torch._tensor", "_rebuild_from_type_v2").Op(Opcode.MARK);
                d.Global("torch._utils", "_rebuild_tensor").Global("torch", "Tensor");
                d.Op(Opcode.MARK).Storage("s", 8).Long(2).Numbers(3).Numbers(2).Op(Opcode.TUPLE);
                d.Op(Opcode.EMPTY_DICT).Op(Opcode.TUPLE).Op(Opcode.REDUCE);
            }),
            ("s", Values));
        CollectionAssert.AreEqual(new double[] { 2, 4, 6 }, ReadOnly(content));
    }

    [TestMethod]
    public void Tensor_WithNumbersThatLie_IsRefused()
    {
        (long Offset, long[] Size, long[] Stride)[] lies =
        [
            (0, [9], [1]), (1, [8], [1]), (8, [1], [1]), (-1, [1], [1]), (0, [2, 2], [1]), (0, [-1], [1]), (0, [2], [-1]),
            (long.MaxValue, [2], [1]),
            (0, [2], [long.MaxValue]), (0, [long.MaxValue, long.MaxValue], [0, 0]), (0, [1L << 62, 2], [0, 0]), (0, [3, 3, 3], [9, 3, 1]),
            (long.MaxValue, [2, 2], [long.MaxValue, long.MaxValue]), (0, new long[17], new long[17]),
        ];
        foreach ((long offset, long[] size, long[] stride) in lies)
        {
            ScratchFile.Refuses(
                PickleWriter.Legacy(w => w.DictOf(d => d.Tensor(s => s.Storage("s", 8), offset, size, stride)), ("s", Values)),
                "'w'");
        }
    }

    [TestMethod]
    public void Tensor_ExpandedFarBeyondTheFile_IsRefused() => ScratchFile.Refuses(
        PickleWriter.Legacy(w => w.DictOf(d => d.Tensor(s => s.Storage("s", 8), 0, [1L << 40], [0])), ("s", Values)),
        "too many for a file of",
        "contiguous");

    [TestMethod]
    public void Storage_WithCountsThatLie_IsRefused()
    {
        ScratchFile.Refuses(PickleWriter.Legacy(w => w.Storage("s", 1L << 60), ("s", Values)), "1152921504606846976 elements");
        ScratchFile.Refuses(PickleWriter.Legacy(w => w.Storage("s", -1), ("s", Values)), "-1 elements");
        ScratchFile.Refuses(PickleWriter.Legacy(w => w.Storage("s", 7), ("s", Values)), "has 8 elements, its description says 7");
        ScratchFile.Refuses(PickleWriter.Legacy(w => w.Storage("t", 8), ("s", Values)), "'s'");
        ScratchFile.Refuses(PickleWriter.Legacy(w => w.Storage("s", 8)), "'s' is referred to but not in the file");
        ScratchFile.Refuses(PickleWriter.Legacy(w => w.Storage("s", 8), ("s", Values), ("s", Values)), "twice");
        ScratchFile.Refuses(PickleWriter.Legacy(w => w.Storage("s", 8).Storage("s", 7), ("s", Values)), "32 and 28 bytes");
        ScratchFile.Refuses(PickleWriter.Legacy(w => w.Storage("s", 8), ("s", Values))[..^1], "truncated");
    }

    [TestMethod]
    public void StateDict_WithANameTwice_IsRefused() => ScratchFile.Refuses(
        PickleWriter.Legacy(
            w =>
            {
                w.DictOf(d => d.Tensor(s => s.Storage("s", 8), 0, [1], [1]));
                w.Text("w").Tensor(s => s.Storage("s", 8), 0, [1], [1]).Op(Opcode.SETITEM);
            },
            ("s", Values)),
        "'w' twice");

    [TestMethod]
    public void Content_OtherThanAStateDict_IsDescribed()
    {
        ScratchFile.Refuses(PickleWriter.Legacy(w => w.Tensor(s => s.Storage("s", 8), 0, [8], [1]), ("s", Values)), "a single tensor");
        ScratchFile.Refuses(PickleWriter.Legacy(w => w.Op(Opcode.EMPTY_LIST)), "a list");
        byte[] noTensors = PickleWriter.Legacy(w => w.Op(Opcode.EMPTY_DICT).Text("epoch").Int(3).Op(Opcode.SETITEM));
        ScratchFile.Refuses(noTensors, "keys: 'epoch'", "state_dict");
    }

    [TestMethod]
    public void Legacy_OfABigEndianMachine_IsRefused()
    {
        byte[] content = PickleWriter.Legacy(w => w.Op(Opcode.EMPTY_DICT));
        content[Array.IndexOf(content, (byte)Opcode.NEWTRUE)] = (byte)Opcode.NEWFALSE;
        ScratchFile.Refuses(content, "big-endian");
    }

    [TestMethod]
    public void Checkpoint_WithSeveralStateDicts_GivesAllUnderTheirPaths()
    {
        byte[] content = PickleWriter.Legacy(
            w =>
            {
                w.Op(Opcode.EMPTY_DICT).Text("ema").DictOf(d => d.Tensor(s => s.Storage("s", 8), 0, [2], [1])).Op(Opcode.SETITEM);
                w.Text("model").Op(Opcode.EMPTY_DICT).Text("state").DictOf(d => d.Tensor(s => s.Storage("s", 8), 2, [2], [1]))
                    .Op(Opcode.SETITEM);
                w.Op(Opcode.SETITEM).Text("epoch").Int(3).Op(Opcode.SETITEM);
            },
            ("s", Values));
        using var file = new ScratchFile(content);
        using WeightSource source = WeightFormats.Open(file.Path);
        CollectionAssert.AreEqual((string[])["ema.w", "model.state.w"], source.Entries.Select(e => e.Name).ToArray());
        CollectionAssert.AreEqual(new double[] { 2, 3 }, source.Read(source.Entries[1]));
    }

    [TestMethod]
    [DataRow("torch._utils", "_rebuild_qtensor", "dequantize")]
    [DataRow("torch._utils", "_rebuild_sparse_tensor", "to_dense")]
    [DataRow("torch._utils", "_rebuild_meta_tensor_no_storage", "without values")]
    [DataRow("torch._utils", "_rebuild_wrapper_subclass", "of a kind that cannot be read; save plain float32 tensors")]
    public void Tensor_OfAKindThatCannotBeRead_SaysWhatToDo(string module, string name, string step) =>
        ScratchFile.Refuses(PickleWriter.Legacy(w => w.Global(module, name)), $"{module}.{name}", step);

    private static double[] ReadOnly(byte[] content)
    {
        using var file = new ScratchFile(content);
        using WeightSource source = WeightFormats.Open(file.Path);
        return source.Read(source.Entries.Single());
    }
}
