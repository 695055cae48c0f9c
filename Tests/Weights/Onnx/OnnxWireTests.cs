using Interp.Tests.Weights.Formats;
using Interp.Weights.Graphs;
using Interp.Weights.Onnx;

namespace Interp.Tests.Weights.Onnx;

/// <summary>Protobuf's own rules, and files that break them.</summary>
[TestClass]
public class OnnxWireTests
{
    private static readonly Proto[] Parts =
    [
        Model.Input("x", 1, 0, 3, 8, 8), Model.Initializer(Model.Floats("w", [2], 1, 2)), Model.Node("Add", "x w", "y"), Model.Output("y"),
    ];

    [TestMethod]
    public void Open_FieldsInAnyOrder_UnknownOnesBetween_Reads()
    {
        Proto graph = new Proto().Varint(1999, -1).With(Parts[3]).With(Parts[2]).Fixed64(77, 1)
            .With(Parts[1]).Fixed32(78, 1).With(Parts[0]);
        Proto model = new Proto().Blob(99, "unknown"u8).Message(7, graph).Varint(1, 9).Varint(1, 8).Message(8, Model.Opset("", 17));
        Assert.AreEqual("Add x,w y", Model.Open(model, Described));
    }

    [TestMethod]
    public void Open_MessagesInParts_AreOne()
    {
        // A graph in two parts, an attribute's tensor in two parts, a dimension list half packed.
        Proto first = new Proto().Varint(2, 1).Packed(1, 2).Blob(4, Proto.Floats(1, 2, 3));
        Proto second = new Proto().Varint(1, 2).Fixed32(4, 4).Text(8, "t");
        Proto node = Model.Node("Constant", "", "w", new Proto().Message(
            5, new Proto().Text(1, "value").Message(5, first).Varint(20, 4).Message(5, second)));
        Proto model = new Proto().Varint(1, 8).Message(8, Model.Opset("ai.onnx", 17))
            .Message(7, Parts[0].With(Parts[3])).Message(7, node.With(Parts[2]));
        CollectionAssert.AreEqual(new double[] { 1, 2, 3, 4 }, Model.Open(model, g => g.Constants["w"].Read()));
        CollectionAssert.AreEqual(new long[] { 2, 2 }, Model.Open(model, g => g.Constants["w"].Shape.ToArray()));
    }

    [TestMethod]
    public void Open_CutAnywhere_SaysSo()
    {
        byte[] content = Model.Of(17, Parts).Bytes;
        using var scratch = new ScratchFile(content, "model.onnx");
        for (int length = 1; length < content.Length; length++)
        {
            scratch.Write(content.AsSpan(0, length));
            string message = Errors.Of<Interp.Engine.Common.ModelException>(() => new OnnxFormat().Open(scratch.Path)).Message;
            Assert.StartsWith(scratch.Path + ": ", message);
            Assert.IsTrue(message.Contains("truncated", StringComparison.Ordinal) || message.Contains("no graph", StringComparison.Ordinal),
                $"{length}: {message}");
        }
    }

    [TestMethod]
    public void Open_WhatIsNoProtobuf_IsRefused()
    {
        Model.Refuses([8, 8, 0x3B], "kind (3)");
        Model.Refuses([8, 8, 0], "no protobuf field at byte 2");
        Model.Refuses([8, 8, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 1], "no number");
        Model.Refuses(new Proto().Varint(1, 8).Raw(0x3A, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F), "truncated");
        Model.Refuses(new Proto().Varint(1, 8).Message(7, new Proto().Raw(0x0A, 0x7F)).Varint(5, 1), "127 bytes", "0 are left");
        Model.Refuses(new Proto().Text(1, "8").Message(7, new Proto()), "expected Varint");
        Model.Refuses(Model.Of(17, new Proto().Varint(1, 3)), "expected Bytes");
        Model.Refuses(Model.Of(17, new Proto().Message(1, new Proto().Blob(1, [0xFF, 0xFE]))), "no UTF-8");
        Model.Refuses(Model.Of(17, new Proto().Message(1, new Proto().Blob(1, new byte[70_000]))), "a name of 70000 bytes");
        Model.Refuses(Model.Of(17, new Proto().Message(5, new Proto().Varint(9, 1))), "raw_data", "no bytes");
        Model.Refuses(Model.Of(17, new Proto().Message(5, new Proto().Blob(4, new byte[7]))), "7 bytes of numbers of 4");
        Model.Refuses(Model.Of(17, new Proto().Message(5, new Proto().Blob(5, [0x80]))), "a number without an end");
        Model.Refuses("<!DOCTYPE html><html>"u8.ToArray(), "is a web page");
        Model.Refuses("version https://git-lfs.github.com/spec/v1\noid sha256:0\n"u8.ToArray(), "Git LFS pointer", "git lfs pull");
        Model.Refuses([0x1F, 0x8B, 8, 0], "gzip");
    }

    [TestMethod]
    public void Open_GraphsInGraphs_AreBounded()
    {
        Proto inner = new Proto();
        for (int depth = 0; depth < 40; depth++)
        {
            inner = Model.Graph(Model.Node("If", "c", $"y{depth}", Model.GraphAttribute("then_branch", inner)));
        }

        Model.Refuses(Model.Of(17, inner), "64 deep");
    }

    [TestMethod]
    public void Open_EmptyNodesByTheMillion_IsRefusedBeforeTheyTakeMemory()
    {
        // Two bytes each in the file.
        var bytes = new byte[400_000];
        for (int i = 0; i < bytes.Length; i += 2)
        {
            bytes[i] = 0x0A;
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        Model.Refuses(new Proto().Varint(1, 8).Message(8, Model.Opset("", 17)).Blob(7, bytes), "memory", "400");
        Assert.IsLessThan(64L << 20, GC.GetAllocatedBytesForCurrentThread() - before - 4 * bytes.Length);
    }

    [TestMethod]
    public void Matches_Heads_OfModelsOnly()
    {
        var format = new OnnxFormat();
        byte[] model = Model.Of(17, Parts).Bytes;
        Assert.IsTrue(format.Matches("a.bin", model, []));
        Assert.IsTrue(format.Matches("a.onnx", "anything"u8, []));
        Assert.IsTrue(format.Matches("a.bin", model.AsSpan(0, 20), []));
        Assert.IsTrue(format.Matches("a.bin", new Proto().Message(7, Model.Graph(Parts)).Bytes, []));
        Assert.IsFalse(format.Matches("a.onnx", "PK\x3\x4"u8, []));
        foreach (byte[] head in new byte[][]
        {
            [], [0x80, 2], [0x50, 0x4B, 3, 4], [0x0A, 2, 1, 1], [8, 0, 0x3A, 2], [0x12, 3, 1, 2, 3], [0x89, 0x48, 0x44, 0x46], [8],
            [0x60, 1, 0, 0, 0, 0, 0, 0, .. "{\"__metadata__\":"u8],
        })
        {
            Assert.IsFalse(format.Matches("a.bin", head, []), Convert.ToHexString(head));
        }
    }

    private static string Described(OperatorGraph graph) => string.Join(';', graph.Nodes.Select(
        n => $"{n.Operator} {string.Join(',', n.Inputs)} {string.Join(',', n.Outputs)}"));
}
