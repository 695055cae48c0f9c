using System.Text;
using Interp.Engine.Common;
using Interp.Engine.Tensors;
using Interp.Tests.Support;

namespace Interp.Tests.Engine.Tensors;

[TestClass]
public sealed class NpyTests
{
    [TestMethod]
    [DataRow(new[] { 2, 3, 4 })]
    [DataRow(new[] { 5 })]
    [DataRow(new[] { 0, 3 })]
    public void Write_AnyShape_ReadsBack(int[] dims)
    {
        using var folder = new TemporaryFolder();
        var shape = new Shape(dims);
        float[] values = [.. Enumerable.Range(0, (int)shape.Count).Select(i => i * 0.37f - 1)];
        using (FileStream file = File.Create(folder["a.npy"]))
        {
            Npy.Write(file, shape, values);
        }

        (Shape readShape, float[] read) = Npy.Read(folder["a.npy"]);

        Assert.AreEqual(shape, readShape);
        CollectionAssert.AreEqual(values, read);
        Assert.AreEqual(0, (new FileInfo(folder["a.npy"]).Length - 4 * shape.Count) % 64, "the data starts at a multiple of 64 bytes");
    }

    [TestMethod]
    public void Read_EveryTruncation_IsAnInputError()
    {
        using var folder = new TemporaryFolder();
        using var memory = new MemoryStream();
        Npy.Write(memory, new Shape(2, 3), [1, 2, 3, 4, 5, 6]);
        byte[] whole = memory.ToArray();
        for (int length = 0; length < whole.Length; length++)
        {
            File.WriteAllBytes(folder["cut.npy"], whole[..length]);
            Assert.StartsWith(folder["cut.npy"], Assert.ThrowsExactly<InputException>(() => Npy.Read(folder["cut.npy"])).Message);
        }
    }

    [TestMethod]
    [DataRow((byte)2)]
    [DataRow((byte)3)]
    public void Read_LaterVersions_HaveAWideHeaderLength(byte version)
    {
        using var folder = new TemporaryFolder();
        const string Header = "{'descr': '<f4', 'fortran_order': False, 'shape': (1,), }";
        File.WriteAllBytes(folder["a.npy"],
            [0x93, .. "NUMPY"u8, version, 0, (byte)Header.Length, 0, 0, 0, .. Encoding.ASCII.GetBytes(Header), 0, 0, 0x80, 0x3F]);

        CollectionAssert.AreEqual(new float[] { 1 }, Npy.Read(folder["a.npy"]).Values);
    }

    [TestMethod]
    public void Read_NoSuchFile_IsAnInputError() =>
        Assert.StartsWith("nowhere.npy: no such file", Assert.ThrowsExactly<InputException>(() => Npy.Read("nowhere.npy")).Message);

    [TestMethod]
    [DataRow("{'descr': '<f8', 'fortran_order': False, 'shape': (1,), }", "expected a float32 array")]
    [DataRow("{'descr': '<f4', 'fortran_order': True, 'shape': (1,), }", "expected a float32 array in C order")]
    [DataRow("{'descr': '<f4', 'fortran_order': False, 'shape': (-1,), }", "shape is not usable")]
    [DataRow("{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999,), }", "shape is not usable")]
    [DataRow("{'descr': '<f4', 'fortran_order': False, 'shape': (2000000000, 2000000000, 2000000000), }", "shape is not usable")]
    [DataRow("{'descr': '<f4', 'fortran_order': False, 'shape': (1000000000,), }", "needs 4000000000 bytes of data")]
    [DataRow("{'descr': '<f4', 'fortran_order': False, }", "has no shape")]
    [DataRow("{'descr': '<f4', 'fortran_order': False, 'shape': (1073741824, 1073741824, 4), }",
        "needs 18446744073709551616 bytes of data")]
    public void Read_OtherOrLyingHeader_SaysWhy(string header, string message)
    {
        using var folder = new TemporaryFolder();
        byte[] content = [0x93, .. "NUMPY"u8, 1, 0, (byte)header.Length, 0, .. Encoding.ASCII.GetBytes(header), 0, 0, 0, 0];
        File.WriteAllBytes(folder["a.npy"], content);

        Assert.Contains(message, Assert.ThrowsExactly<InputException>(() => Npy.Read(folder["a.npy"])).Message);
    }
}
