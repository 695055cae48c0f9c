using Interp.Engine.Common;
using Interp.Weights.Formats.Hdf5;

namespace Interp.Tests.Weights.Keras;

/// <summary>HDF5 files of the three forms that h5py writes; what leads out of a file or is packed by others is refused.</summary>
[TestClass]
public class Hdf5Tests
{
    [TestMethod]
    [DataRow("earliest.h5")]
    [DataRow("v108.h5")]
    [DataRow("latest.h5")]
    public void Read_Datasets_HoldTheirValues(string name) => Hdf5Content.With(KerasFixture.PathOf("hdf5", name), file =>
    {
        foreach ((string dataset, string type, long[] shape) in ((string, string, long[])[])[
            ("plain", "float32", [5, 3]), ("half", "float16", [4]), ("double", "float64", [4]), ("many/name299", "float32", [5, 3]),
            .. name == "latest.h5" ? [] : ((string, string, long[])[])[("packed", "float32", [11, 9]), ("pieces", "float32", [300])]])
        {
            Hdf5Dataset found = file.Root.Dataset(dataset)!;
            Assert.AreEqual(type, found.Type.Name);
            CollectionAssert.AreEqual(shape, found.Shape.ToArray());
            double[] expected = [.. Enumerable.Range(0, (int)found.Count).Select(i => i / 8.0 - 2)];
            CollectionAssert.AreEqual(expected, Hdf5Content.Values(found), dataset);
            var last = new double[3];
            found.Read(found.Count - 3, last);
            CollectionAssert.AreEqual(expected[^3..], last);
        }

        CollectionAssert.AreEqual((double[])[-7], Hdf5Content.Values(file.Root.Dataset("count")!));
        Assert.IsEmpty(Hdf5Content.Values(file.Root.Dataset("empty")!));
        Assert.HasCount(300, file.Root.Group("many")!.Names);
        Assert.IsNull(file.Root.Dataset("none"));
        Assert.IsNull(file.Root.Dataset("plain/none"));
        Assert.IsNull(file.Root.Dataset("a/b"));
    });

    [TestMethod]
    [DataRow("earliest.h5", 5)]
    [DataRow("v108.h5", 40)]
    [DataRow("latest.h5", 40)]
    public void Read_Attributes_HoldTheirTexts(string name, int more) => Hdf5Content.With(KerasFixture.PathOf("hdf5", name), file =>
    {
        Hdf5Attributes attributes = file.Root.Group("a")!.Group("b")!.Group("c")!.Attributes;
        Assert.AreEqual("körper", attributes.Text("text"));
        CollectionAssert.AreEqual((string[])["one", "three"], attributes.Texts("fixed")!.Value.ToArray());
        CollectionAssert.AreEqual((string[])["first", "", "third"], attributes.Texts("lists")!.Value.ToArray());
        Assert.IsEmpty(attributes.Texts("none")!.Value);
        Assert.IsNull(attributes.Text("other"));
        for (int i = 0; i < more; i++)
        {
            Assert.AreEqual($"value {i}", attributes.Text($"more{i}"));
        }
    });

    [TestMethod]
    [DataRow("refused.h5", "soft", "soft link")]
    [DataRow("refused.h5", "elsewhere", "link")]
    [DataRow("refused.h5", "big", "most significant byte first")]
    [DataRow("refused.h5", "pairs", "compounds")]
    [DataRow("refused.h5", "names", "text")]
    [DataRow("refused.h5", "outside", "other files")]
    [DataRow("refused.h5", "lzf", "lzf")]
    [DataRow("refused.h5", "unwritten", "does not lie in the file")]
    [DataRow("refused.h5", "holes", "1 chunks, expected 4")]
    [DataRow("virtual.h5", "virtual", "virtual")]
    [DataRow("latest.h5", "chunks", "laid out in a way")]
    public void Read_WhatIsNotRead_IsRefusedByName(string name, string dataset, string word)
    {
        string path = KerasFixture.PathOf("hdf5", name);
        Errors.Of<ModelException>(() => Hdf5Content.With(path, f => Hdf5Content.Values(f.Root.Dataset(dataset)!)), path, dataset, word);
    }
}
