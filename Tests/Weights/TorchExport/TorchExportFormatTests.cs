using System.IO.Compression;
using Interp.Engine.Common;
using Interp.Tests.Weights.Formats;
using Interp.Weights;
using Interp.Weights.Formats;
using Interp.Weights.Graphs;

namespace Interp.Tests.Weights.TorchExport;

/// <summary>The archive of torch.export: its forms, its tensors, and what it must not be taken for.</summary>
[TestClass]
public class TorchExportFormatTests
{
    private static Pt2 Linear => new Pt2(-1, 2).Parameter("fc.weight", [1, 2], 1.5f, -2).Node("linear.default", "y", "input=x",
        "weight=p_fc_weight").Tensor("y", [-1, 1]);

    [TestMethod]
    [DataRow("net/", CompressionLevel.NoCompression)]
    [DataRow("package/", CompressionLevel.SmallestSize)]
    [DataRow("ein Name mit Umläuten ü/", CompressionLevel.Fastest)]
    public void Archive_InAnyFolder_StoredOrDeflated_IsRead(string folder, CompressionLevel level)
    {
        Pt2 net = Linear;
        net.Folder = folder;
        using var opened = new Opened(net.Bytes(level));
        Assert.AreEqual("Gemm(x,p_fc_weight)->y", opened.Text);
        CollectionAssert.AreEqual(new[] { 1.5, -2 }, opened.Graph.Constants["p_fc_weight"].Read());
        Assert.Contains("schema 8.20, PyTorch 2.14.1", opened.Graph.Origin);
        CollectionAssert.AreEqual(new long?[] { null, 2 }, opened.Graph.Inputs.Single().Shape!.Value.ToArray());
        Assert.AreEqual("y", opened.Graph.Outputs.Single().Name);
    }

    [TestMethod]
    public void Archive_OfTheOlderForm_IsRead()
    {
        using OperatorGraph graph = GraphFormats.Open(Fixture("old-resnet.pt2"))!;
        Assert.Contains("schema 7.3, PyTorch 2.5.1", graph.Origin);
        Assert.AreEqual("layer1.0.conv1", graph.Nodes.First(n => n.Outputs[0] == "conv2d_1").Module);
        double[] values = graph.Constants["p_getattr_l__self___layer1___0___conv1_weight"].Read();
        Assert.HasCount(8 * 8 * 3 * 3, values);
        Assert.AreEqual(0.5271867230767384, values.Sum(), 1e-13); // PyTorch's sum of the same float32, in float64.
        Assert.AreEqual(-0.06466217339038849, values[^1]);
    }

    [TestMethod]
    public void Archive_OfAnotherVersionOrMachine_IsRefusedByNumber()
    {
        Pt2 net = Linear;
        net.ArchiveVersion = "1";
        net.Refuses("archive_version is '1'");
        net = Linear;
        net.ByteOrder = "big";
        net.Refuses("byteorder is 'big'");
        net = Linear;
        net.Schema = "{\"major\": 9, \"minor\": 1}";
        net.Refuses("schema version 9.1, expected 7 or 8");
        net.Schema = "{\"major\": 6, \"minor\": 0}";
        net.Refuses("schema version 6.0");
    }

    [TestMethod]
    public void Archive_WithoutOneNetwork_IsRefused()
    {
        Linear.Entry("models/other.json", [1]).Refuses("holds 2 networks", "'models/other.json'");
        byte[] compiled = Zip(("a/archive_format", "pt2"u8.ToArray()), ("a/data/aotinductor/model/x.so", [1]));
        Pt2.Refuses(compiled, "AOTInductor");
        Pt2.Refuses(Zip(("a/archive_format", "pt2"u8.ToArray())), "holds no network");
        Pt2.Refuses(Zip(("a/archive_format", "other"u8.ToArray()), ("a/models/m.json", [1])), "archive_format is 'other'");
    }

    [TestMethod]
    public void OtherZipFiles_AreNoneOfThese()
    {
        foreach (string file in new[] { "plain-zip.pth", "views-zip.pth" })
        {
            Assert.IsNull(GraphFormats.Open(Fixtures.PathOf(file)));
        }

        using var script = new ScratchFile(Zip(("a/data.pkl", [1]), ("a/constants.pkl", [1]), ("a/code/__torch__.py", [1])), "net.pt");
        Assert.IsNull(GraphFormats.Open(script.Path));
        string message = Assert.ThrowsExactly<ModelException>(() => WeightFormats.Open(script.Path)).Message;
        Assert.Contains($"torch.save(torch.jit.load('{script.Path}', 'cpu').state_dict(), 'weights.pth')", message);
        using var export = new ScratchFile(Linear.Bytes(), "net.pth");
        Assert.Contains("is an archive of torch.export",
            Assert.ThrowsExactly<ModelException>(() => WeightFormats.Open(export.Path)).Message);
    }

    [TestMethod]
    public void Tensors_ThatShareAStorage_AreReadWhereTheyLie()
    {
        // Six numbers: a matrix, its transpose, every second number, one number repeated.
        using Opened opened = new Pt2(2, 2).Storage("all", 0, 1, 2, 3, 4, 5)
            .View("whole", "all", [2, 3], [3, 1], 0).View("turned", "all", [3, 2], [1, 3], 0).View("second", "all", [2], [2], 1)
            .View("repeated", "all", [3], [0], 4).Node("relu.default", "y", "self=x").Open();
        CollectionAssert.AreEqual(new double[] { 0, 1, 2, 3, 4, 5 }, opened.Graph.Constants["p_whole"].Read());
        CollectionAssert.AreEqual(new double[] { 0, 3, 1, 4, 2, 5 }, opened.Graph.Constants["p_turned"].Read());
        CollectionAssert.AreEqual(new double[] { 1, 3 }, opened.Graph.Constants["p_second"].Read());
        CollectionAssert.AreEqual(new double[] { 4, 4, 4 }, opened.Graph.Constants["p_repeated"].Read());
    }

    [TestMethod]
    public void Tensors_ThatDoNotLieInTheirStorage_AreRefused()
    {
        Pt2 With(long[] shape, long[] strides, long offset, int type = 7) =>
            new Pt2(2, 2).Storage("all", 0, 1, 2, 3).View("w", "all", shape, strides, offset, type).Node("relu.default", "y", "self=x");
        With([4], [1], 1).Refuses("'w'", "needs elements up to 5 of a storage of 4");
        With([1L << 40], [1], 0).Refuses("'w'");
        With([2], [-1], 1).Refuses("'w' are open");
        With([2, 2], [1], 0).Refuses("'w'", "not usable");
        With([1L << 40], [0], 0).Refuses("too many for a file");
        With([2], [1], 0, type: 10).Refuses("PyTorch's type 10");
        With([2], [1], 0, type: 99).Refuses("PyTorch's type 99");
        new Pt2(2, 2).View("w", "none", [1], [1], 0).Node("relu.default", "y", "self=x").Refuses("'none'", "not in the archive");
    }

    [TestMethod]
    public void Tensors_OfEveryType_AreRead()
    {
        byte[] half = [.. new Half[] { (Half)1.5, (Half)(-3) }.SelectMany(BitConverter.GetBytes)];
        byte[] brain = [.. new[] { 1.5f, -3f }.SelectMany(f => BitConverter.GetBytes(f)[2..])];
        byte[] longs = [.. new[] { 7L, -1L }.SelectMany(BitConverter.GetBytes)];
        using Opened opened = new Pt2(2, 2).Entry("data/weights/h", half).Entry("data/weights/b", brain).Entry("data/weights/l", longs)
            .View("h", "h", [2], [1], 0, 6).View("b", "b", [2], [1], 0, 13).View("l", "l", [2], [1], 0, 5, "buffer")
            .Node("relu.default", "y", "self=x").Open();
        CollectionAssert.AreEqual(new[] { 1.5, -3 }, opened.Graph.Constants["p_h"].Read());
        CollectionAssert.AreEqual(new[] { 1.5, -3 }, opened.Graph.Constants["p_b"].Read());
        CollectionAssert.AreEqual(new double[] { 7, -1 }, opened.Graph.Constants["p_l"].Read());
        Assert.IsTrue(opened.Graph.Constants["p_l"].IsInteger);
    }

    [TestMethod]
    public void Tensor_ThatIsNotInTheTable_IsRefused()
    {
        Pt2 net = new Pt2(-1, 2).Node("linear.default", "y", "input=x", "weight=p_fc_weight").Tensor("y", [-1, 1]);
        string json = net.Json().Replace("\"input_specs\": [", "\"input_specs\": [{\"parameter\": {\"arg\": {\"name\": \"p_fc_weight\"}, "
            + "\"parameter_name\": \"fc.weight\"}}, ", StringComparison.Ordinal);
        Pt2.Refuses(net.Bytes(json: json), "parameter 'fc.weight'", "not in the archive as plain numbers");
    }

    /// <summary>A file of the repository.</summary>
    internal static string Fixture(string name) => Path.Combine(AppContext.BaseDirectory, "Fixtures", "torch-export", name);

    internal static byte[] Zip(params (string Name, byte[] Content)[] entries)
    {
        var stream = new MemoryStream();
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach ((string name, byte[] content) in entries)
            {
                using Stream to = zip.CreateEntry(name, CompressionLevel.NoCompression).Open();
                to.Write(content);
            }
        }

        return stream.ToArray();
    }
}
