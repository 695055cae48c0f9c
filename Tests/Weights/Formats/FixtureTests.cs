using Interp.Engine.Common;
using Interp.Weights.Formats;

namespace Interp.Tests.Weights.Formats;

/// <summary>Every fixture gives, bit for bit, what PyTorch reads from it.</summary>
[TestClass]
public class FixtureTests
{
    public static IEnumerable<object[]> Files => Fixtures.Expected.Keys.Select(f => new object[] { f });

    [TestMethod]
    [DynamicData(nameof(Files))]
    public void Open_EachFixture_HasPyTorchsNamesTypesAndShapes(string file)
    {
        using WeightSource source = WeightFormats.Open(Fixtures.PathOf(file));
        CollectionAssert.AreEqual(
            Fixtures.Expected[file].Select(t => $"{t.Name} {t.Type} [{string.Join(',', t.Shape)}]").Order().ToArray(),
            source.Entries.Select(e => $"{e.Name} {e.Type} [{string.Join(',', e.Shape)}]").Order().ToArray());
    }

    [TestMethod]
    [DynamicData(nameof(Files))]
    public void Read_EachTensor_HasPyTorchsValues(string file)
    {
        using WeightSource source = WeightFormats.Open(Fixtures.PathOf(file));
        foreach (WeightEntry entry in source.Entries)
        {
            Fixtures.Tensor expected = Fixtures.Expected[file].Single(t => t.Name == entry.Name);
            if (expected.Values is null)
            {
                Assert.Contains(entry.Type, Assert.ThrowsExactly<ModelException>(() => source.Read(entry)).Message);
            }
            else
            {
                Same(expected.Values, source.Read(entry), $"{file} {entry.Name}");
            }
        }
    }

    [TestMethod]
    [DataRow("views-zip.pth")]
    [DataRow("views-legacy.pth")]
    public void Read_InChunks_EqualsTheWhole(string file)
    {
        using WeightSource source = WeightFormats.Open(Fixtures.PathOf(file));
        foreach (WeightEntry entry in source.Entries)
        {
            double[] whole = source.Read(entry);
            for (int length = 1; length <= whole.Length; length += 3)
            {
                for (int first = 0; first + length <= whole.Length; first += 2)
                {
                    var part = new double[length];
                    source.Read(entry, first, part);
                    Same(whole[first..(first + length)], part, $"{entry.Name} [{first}, {first + length})");
                }
            }
        }
    }

    [TestMethod]
    public void Read_OutsideTheTensor_IsRefused()
    {
        using WeightSource source = WeightFormats.Open(Fixtures.PathOf("plain-zip.pth"));
        WeightEntry entry = source.Entries[0];
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => source.Read(entry, -1, new double[1]));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => source.Read(entry, entry.Count, new double[1]));
        Assert.ThrowsExactly<ArgumentException>(() => source.Read(entry with { Name = "other" }));
    }

    [TestMethod]
    [DataRow("checkpoint-legacy.pth")]
    [DataRow("modules/vgg-zip.pth")]
    [DataRow("modules/vgg-legacy.pth")]
    [DataRow("modules/parallel-zip.pth")]
    [DataRow("modules/checkpoint-legacy.pth")]
    [DataRow("modules/own-zip.pth")]
    [DataRow("modules/own-legacy.pth")]
    [DataRow("modules/own-protocol4-zip.pth")]
    public void Open_StateDictOrModule_KeepsPyTorchsOrder(string file)
    {
        using WeightSource source = WeightFormats.Open(Fixtures.PathOf(file));
        CollectionAssert.AreEqual(
            Fixtures.Expected[file].Select(t => t.Name).ToArray(),
            source.Entries.Select(e => e.Name).ToArray());
    }

    /// <summary>Bit patterns, since -0 and NaN have their own.</summary>
    private static void Same(double[] expected, double[] actual, string what)
    {
        Assert.HasCount(expected.Length, actual, what);
        for (int i = 0; i < expected.Length; i++)
        {
            bool same = double.IsNaN(expected[i])
                ? double.IsNaN(actual[i])
                : BitConverter.DoubleToInt64Bits(expected[i]) == BitConverter.DoubleToInt64Bits(actual[i]);
            Assert.IsTrue(same, $"{what}: element {i} is {actual[i]:R}, expected {expected[i]:R}");
        }
    }
}
