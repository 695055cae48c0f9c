using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using Interp.Engine.Imaging.Decoding;
using Interp.Tests.Support;

namespace Interp.Tests.Engine.LabelSets;

/// <summary>PNG files' own numbers, against what was written into them and what Pillow reads.</summary>
[TestClass]
public sealed class IndexPngTests
{
    [TestMethod]
    public void Decode_EveryTypeDepthAndInterlacing_GivesTheNumbersInTheFile()
    {
        IReadOnlyList<Dictionary<string, string>> rows = Tsv.Read("labels", "samples.tsv");
        Assert.HasCount(60, rows);
        foreach (Dictionary<string, string> row in rows)
        {
            IndexPng png = IndexPng.Decode(File.ReadAllBytes(Fixture(row["file"])));
            Assert.AreEqual(
                $"{row["width"]} {row["height"]} {row["channels"]} {row["bits"]}", $"{png.Width} {png.Height} {png.Channels} {png.Bits}");
            var bytes = new byte[2 * png.Samples.Length];
            for (int i = 0; i < png.Samples.Length; i++)
            {
                BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(2 * i), png.Samples[i]);
            }

            Assert.AreEqual(row["samples"], Convert.ToHexStringLower(SHA256.HashData(bytes)), row["file"]);
            Assert.AreEqual(row["file"][1] == '3', png.Palette is not null, row["file"]);
        }
    }

    [TestMethod]
    public void Decode_SizeThatTheDataCannotHold_IsRefusedBeforeMemoryIsTaken()
    {
        byte[] file = LabelFixture.Png(4, 4, 6, 16, (_, _) => [1, 2, 3, 4]);
        BinaryPrimitives.WriteInt32BigEndian(file.AsSpan(16), 400);
        BinaryPrimitives.WriteInt32BigEndian(file.AsSpan(20), 400);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.ThrowsExactly<EndOfStreamException>(() => IndexPng.Decode(file));
        Assert.IsLessThan(400 * 400 * 8, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [TestMethod]
    [DataRow(24, 3, "colour type 0 of 3 bits")]
    [DataRow(25, 5, "colour type 5")]
    [DataRow(28, 2, "interlace 2")]
    public void Decode_HeaderOfNoKindThatThereIs_SaysSo(int at, int value, string part)
    {
        byte[] file = LabelFixture.Png(4, 4, 0, 8, (x, y) => [x * y]);
        file[at] = (byte)value;
        Assert.Contains(part, Assert.ThrowsExactly<InvalidDataException>(() => IndexPng.Decode(file)).Message);
    }

    [TestMethod]
    public void Decode_CutAnywhere_IsRefusedUntilAllPixelsAreThere()
    {
        byte[] file = File.ReadAllBytes(Fixture("c3b4i1-13x11.png"));
        int whole = 0;
        for (int length = 0; length < file.Length; length++)
        {
            try
            {
                IndexPng.Decode(file[..length]);
                whole++;
            }
            catch (Exception e) when (e is InvalidDataException or EndOfStreamException)
            {
                Assert.AreEqual(0, whole, string.Create(CultureInfo.InvariantCulture, $"refused at {length} after it was read"));
            }
        }

        Assert.IsLessThanOrEqualTo(16, whole, "only the end chunk may be missing");
    }

    internal static string Fixture(string file) => Path.Combine(AppContext.BaseDirectory, "Fixtures", "labels", file);
}
