using System.Runtime.InteropServices;
using Interp.Engine.Common;
using Interp.Tests.Support;
using Interp.Weights.Graphs;
using Interp.Weights.Onnx;

namespace Interp.Tests.Weights.Onnx;

/// <summary>Parameters in files beside the model: read from its own folder alone, whatever the model says.</summary>
[TestClass]
public sealed partial class ExternalDataTests
{
    private static readonly byte[] Data = [.. new byte[8], .. Proto.Floats(1, 2, 3)];

    [TestMethod]
    [DataRow("w.bin")]
    [DataRow("./w.bin")]
    [DataRow("sub/w.bin")]
    [DataRow("sub/../x")]
    public void Open_FileInTheFolder_IsRead(string location)
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder["sub"]);
        File.WriteAllBytes(folder["w.bin"], Data);
        File.WriteAllBytes(folder["sub", "w.bin"], Data);
        File.WriteAllBytes(folder["x"], Data);
        if (location.Contains("..", StringComparison.Ordinal))
        {
            Refuses(folder, location, "8", "12", "leads out of the model's folder");
            return;
        }

        // The model's folder counts, not the process's.
        CollectionAssert.AreEqual(new double[] { 1, 2, 3 }, Read(folder, location, "8", "12"));
        CollectionAssert.AreEqual(new double[] { 1, 2, 3 }, Read(folder, location, "8", null));
    }

    [TestMethod]
    [DataRow("../w.bin")]
    [DataRow("..\\w.bin")]
    [DataRow("/etc/passwd")]
    [DataRow("\\\\server\\w.bin")]
    [DataRow("C:\\w.bin")]
    [DataRow("sub/../../w.bin")]
    [DataRow("w\0.bin")]
    public void Open_PathThatLeadsOut_IsRefused(string location)
    {
        using var folder = new TemporaryFolder();
        Refuses(folder, location, "8", "12", "leads out of the model's folder");
    }

    [TestMethod]
    public void Open_LinksThatLeadOut_AreRefused()
    {
        using var folder = new TemporaryFolder();
        using var other = new TemporaryFolder();
        File.WriteAllBytes(other["w.bin"], Data);
        File.WriteAllBytes(folder["own.bin"], Data);
        File.CreateSymbolicLink(folder["file"], other["w.bin"]);
        Directory.CreateSymbolicLink(folder["folder"], other.Root);
        File.CreateSymbolicLink(folder["loop"], folder["loop"]);
        File.CreateSymbolicLink(folder["inside"], folder["own.bin"]);
        Refuses(folder, "file", "8", "12", "leads out");
        Refuses(folder, "folder/w.bin", "8", "12", "leads out");
        Refuses(folder, "loop", "8", "12", "leads out");
        CollectionAssert.AreEqual(new double[] { 1, 2, 3 }, Read(folder, "inside", "8", "12"));

        if (OperatingSystem.IsLinux())
        {
            Assert.AreEqual(0, Link(other["w.bin"], folder["hard"]));
            Refuses(folder, "hard", "8", "12", "hard link", "copy the file");
        }
    }

    [TestMethod]
    public void Open_ModelInALinkedFolder_ReadsItsOwnFiles()
    {
        using var folder = new TemporaryFolder();
        using var other = new TemporaryFolder();
        File.WriteAllBytes(other["w.bin"], Data);
        File.CreateSymbolicLink(other["inside"], other["w.bin"]);
        Directory.CreateSymbolicLink(folder["link"], other.Root);
        File.WriteAllBytes(folder["link", "model.onnx"], Content("inside", "8", "12"));
        using OperatorGraph graph = new OnnxFormat().Open(folder["link", "model.onnx"]);
        CollectionAssert.AreEqual(new double[] { 1, 2, 3 }, graph.Constants["w"].Read());
    }

    [TestMethod]
    [DataRow("w.bin", "12", "12", "12 bytes from byte 12 on", "has 20 bytes")]
    [DataRow("w.bin", "9223372036854775807", "12", "from byte 9223372036854775807")]
    [DataRow("w.bin", "9223372036854775808", "12", "offset '9223372036854775808', expected a whole number")]
    [DataRow("w.bin", "-1", "12", "offset '-1'")]
    [DataRow("w.bin", "0", "9223372036854775807", "says that it has 9223372036854775807 bytes", "expected 12")]
    [DataRow("w.bin", "0", "20", "expected 12 by its shape")]
    [DataRow("other.bin", "8", "12", "'other.bin', which is missing", "put that file into")]
    [DataRow("empty.bin", "0", "12", "missing or empty")]
    [DataRow("", "0", "12", "does not say which")]
    public void Open_DataThatAreNotThere_AreRefused(string location, string offset, string length, params string[] words)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder["w.bin"], Data);
        File.WriteAllBytes(folder["empty.bin"], []);
        Refuses(folder, location, offset, length, words);
    }

    [TestMethod]
    public void Read_FileThatShrank_IsAnError()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder["w.bin"], Data);
        File.WriteAllBytes(folder["model.onnx"], Content("w.bin", "8", "12"));
        using OperatorGraph graph = new OnnxFormat().Open(folder["model.onnx"]);
        File.WriteAllBytes(folder["w.bin"], Data[..10]);
        Errors.Of<ModelException>(() => graph.Constants["w"].Read(), "w.bin", "truncated");
    }

    private static byte[] Content(string location, string offset, string? length)
    {
        Proto tensor = Model.Tensor("w", 1, [3]).Varint(14, 1);
        foreach ((string key, string? value) in new[] { ("location", location), ("offset", offset), ("length", length) })
        {
            if (value is not null)
            {
                tensor.Message(13, new Proto().Text(1, key).Text(2, value));
            }
        }

        return Model.Of(
            17, Model.Input("x", 1, 3), Model.Initializer(tensor), Model.Node("Add", "x w", "y"), Model.Output("y")).Bytes;
    }

    private static double[] Read(TemporaryFolder folder, string location, string offset, string? length)
    {
        File.WriteAllBytes(folder["model.onnx"], Content(location, offset, length));
        using OperatorGraph graph = new OnnxFormat().Open(folder["model.onnx"]);
        return graph.Constants["w"].Read();
    }

    private static void Refuses(TemporaryFolder folder, string location, string offset, string length, params string[] words)
    {
        File.WriteAllBytes(folder["model.onnx"], Content(location, offset, length));
        string message = Errors.Of<ModelException>(() => new OnnxFormat().Open(folder["model.onnx"]), ["tensor 'w'", .. words]).Message;
        Assert.StartsWith(folder["model.onnx"] + ": ", message);
    }

    [LibraryImport("libc", EntryPoint = "link", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Link(string from, string to);
}
