using System.IO.Compression;
using System.Text;
using Interp.Weights.Formats;
using Interp.Weights.Formats.Pickle;

namespace Interp.Tests.Weights.Formats;

/// <summary>Archives that are not what torch.save writes.</summary>
[TestClass]
public class ZipFormTests
{
    private static readonly byte[] OneTensor =
        PickleWriter.Pickle(w => w.DictOf(d => d.Tensor(s => s.Storage("0", 2), 0, [2], [1])));

    private static readonly byte[] TwoFloats = [.. BitConverter.GetBytes(1.5f), .. BitConverter.GetBytes(-2f)];

    [TestMethod]
    [DataRow("archive/")]
    [DataRow("ein Name mit Umläuten ü/")]
    public void Archive_WithAnyPrefix_IsRead(string prefix)
    {
        byte[] little = "little"u8.ToArray();
        using var file = new ScratchFile(
            Zip((prefix + "data.pkl", OneTensor), (prefix + "byteorder", little), (prefix + "data/0", TwoFloats)));
        using WeightSource source = WeightFormats.Open(file.Path);
        CollectionAssert.AreEqual(new[] { 1.5, -2 }, source.Read(source.Entries.Single()));
    }

    [TestMethod]
    public void Archive_OfABigEndianMachine_IsRefused() =>
        ScratchFile.Refuses(Zip(("a/data.pkl", OneTensor), ("a/byteorder", "big"u8.ToArray()), ("a/data/0", TwoFloats)), "is 'big'");

    [TestMethod]
    public void Archive_WithoutAStorage_IsRefused()
    {
        ScratchFile.Refuses(Zip(("a/data.pkl", OneTensor)), "storage '0'", "not in the archive");
        ScratchFile.Refuses(Zip(("a/data.pkl", OneTensor), ("a/data/0", [1, 2, 3])), "has 3 bytes", "says 8");
    }

    [TestMethod]
    public void Archive_OfAnotherKind_IsNamed()
    {
        ScratchFile.Refuses(Zip(("weights.npy", TwoFloats)), "NumPy .npz");
        ScratchFile.Refuses(Zip(("README", TwoFloats)), "without data.pkl");
        ScratchFile.Refuses(Zip(("a/data.pkl", OneTensor), ("b/data.pkl", OneTensor)), "several data.pkl");
        ScratchFile.Refuses(Zip(("a/data.pkl", OneTensor), ("a/constants.pkl", OneTensor)), "TorchScript");
    }

    [TestMethod]
    [DoNotParallelize]
    public void Archive_Compressed_IsReadAndLeavesNothing()
    {
        string[] before = Directory.GetFiles(Path.GetTempPath(), "interp-*");
        var zeros = new byte[8];
        using var file = new ScratchFile(Zip(CompressionLevel.SmallestSize, ("a/data.pkl", OneTensor), ("a/data/0", TwoFloats),
            ("a/other", zeros)));
        using (WeightSource source = WeightFormats.Open(file.Path))
        {
            CollectionAssert.AreEqual(new[] { 1.5, -2 }, source.Read(source.Entries.Single()));
            Assert.AreEqual(file.Path, source.Path);
        }

        CollectionAssert.AreEquivalent(before, Directory.GetFiles(Path.GetTempPath(), "interp-*"));
    }

    [TestMethod]
    public void Archive_ThatUnpacksToFarMore_IsRefusedBeforeItIsUnpacked()
    {
        // A bomb: 64 MiB of zeros in some tens of kilobytes; the pickle's storage says so too.
        byte[] pickle = PickleWriter.Pickle(w => w.DictOf(d => d.Tensor(s => s.Storage("0", 16 << 20), 0, [16 << 20], [1])));
        byte[] content = Zip(CompressionLevel.SmallestSize, ("a/data.pkl", pickle), ("a/data/0", new byte[64 << 20]));
        long before = GC.GetAllocatedBytesForCurrentThread();
        ScratchFile.Refuses(content, "more than 100 times the file", "zip -0");
        Assert.IsLessThan(2L << 20, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [TestMethod]
    public void CompressedEntry_ThatLies_IsRefused()
    {
        byte[] content = Zip(CompressionLevel.SmallestSize, ("a/data.pkl", OneTensor), ("a/data/0", [.. new byte[400]]));
        int end = content.Length - 22;
        int entry = BitConverter.ToInt32(content, end + 16);
        int second = entry + 46 + "a/data.pkl".Length;
        ScratchFile.Refuses(content, "has 400 bytes, its description says 8");
        ScratchFile.Refuses(With(content, second + 24, 0x8F, 0x01), "399 bytes");
        ScratchFile.Refuses(With(content, second + 24, 0x91, 0x01), "does not unpack to the 401 bytes");
        ScratchFile.Refuses(With(content, second + 10, 14), "compressed by method 14", "zip -0");
        ScratchFile.Refuses(With(content, second + 8, 1), "is encrypted");
        ScratchFile.Refuses(With(content, 30 + "a/data.pkl".Length + 3, 0xFF, 0xFF, 0xFF, 0xFF), "damaged");
    }

    [TestMethod]
    public void NumPyArchive_Compressed_IsNamed() =>
        ScratchFile.Refuses(Zip(CompressionLevel.SmallestSize, ("weights.npy", new byte[1000])), "NumPy .npz");

    [TestMethod]
    public void Archive_WithTheSameNameTwice_IsRefused() =>
        ScratchFile.Refuses(Zip(("a/data.pkl", OneTensor), ("a/data/0", TwoFloats), ("a/data/0", TwoFloats)), "'a/data/0' twice");

    [TestMethod]
    public void Directory_ThatLies_IsRefused()
    {
        byte[] content = Zip(("a/data.pkl", OneTensor), ("a/data/0", TwoFloats));
        int end = content.Length - 22;
        int entry = BitConverter.ToInt32(content, end + 16);
        ScratchFile.Refuses(With(content, end + 10, 0xFE, 0xFF), "65534 entries");
        ScratchFile.Refuses(With(content, end + 12, 0xFE, 0xFF, 0xFF, 0xFF), "4294967294 bytes");
        ScratchFile.Refuses(With(content, end + 16, 0xFE, 0xFF, 0xFF, 0xFF), "byte 4294967294");
        ScratchFile.Refuses(With(content, entry, 0), "directory is damaged");
        ScratchFile.Refuses(With(content, entry + 28, 0xFF, 0xFF), "directory is damaged");
        ScratchFile.Refuses(With(content, entry + 42, 0xFF, 0xFF, 0xFF, 0x7F), "does not lie where");
        ScratchFile.Refuses(With(content, entry + 20, 0xFF, 0xFF, 0xFF, 0x7F, 0xFF, 0xFF, 0xFF, 0x7F), "does not lie where");
        ScratchFile.Refuses(content[..^1], "truncated");
        ScratchFile.Refuses([.. "PK\x03\x04"u8, 0], "truncated");
    }

    private static byte[] With(byte[] content, int at, params byte[] bytes)
    {
        byte[] changed = [.. content];
        bytes.CopyTo(changed, at);
        return changed;
    }

    private static byte[] Zip(params (string Name, byte[] Content)[] entries) => Zip(CompressionLevel.NoCompression, entries);

    private static byte[] Zip(CompressionLevel level, params (string Name, byte[] Content)[] entries)
    {
        var stream = new MemoryStream();
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true, Encoding.UTF8))
        {
            foreach ((string name, byte[] content) in entries)
            {
                using Stream entry = zip.CreateEntry(name, level).Open();
                entry.Write(content);
            }
        }

        return stream.ToArray();
    }
}
