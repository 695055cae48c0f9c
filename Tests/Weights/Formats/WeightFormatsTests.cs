using Interp.Engine.Common;
using Interp.Weights.Formats;

namespace Interp.Tests.Weights.Formats;

/// <summary>Recognising files.</summary>
[TestClass]
public class WeightFormatsTests
{
    [TestMethod]
    [DataRow("plain-zip.pth", "pytorch-zip")]
    [DataRow("plain-legacy.pth", "pytorch-legacy")]
    [DataRow("protocol4-legacy.pth", "pytorch-legacy")]
    [DataRow("plain.safetensors", "safetensors")]
    public void Matches_EachFixture_ByExactlyOneFormat(string file, string format) =>
        Assert.AreEqual(format, WeightFormats.All.Single(f => f.Matches(Fixtures.BytesOf(file).AsSpan(0, 64))).Name);

    [TestMethod]
    public void Open_MissingFile_SaysSo() => Says("no such file", Path.Combine(AppContext.BaseDirectory, "missing.pth"));

    [TestMethod]
    public void Open_Folder_SaysSo() => Says("is a folder", AppContext.BaseDirectory);

    [TestMethod]
    public void Open_EmptyPath_SaysSo() => Says("no such file", string.Empty);

    [TestMethod]
    [OSCondition(OperatingSystems.Linux)]
    public void Open_Device_IsNotRead() => Says("not a regular file", "/dev/zero");

    [TestMethod]
    public void Open_FileInUse_SaysWhy()
    {
        using var file = new ScratchFile([1]);
        using (new FileStream(file.Path, FileMode.Open, FileAccess.ReadWrite, FileShare.None))
        {
            Says("cannot be read", file.Path);
        }
    }

    [TestMethod]
    public void Open_ForeignFiles_SaysWhatTheyAre()
    {
        ScratchFile.Refuses([], "empty");
        ScratchFile.Refuses("<!DOCTYPE html><html>"u8.ToArray(), "web page");
        ScratchFile.Refuses("\n <HTML>"u8.ToArray(), "web page");
        ScratchFile.Refuses("version https://git-lfs.github.com/spec/v1\noid sha256:"u8.ToArray(), "git lfs pull");
        ScratchFile.Refuses([0x1F, 0x8B, 8, 0], "gzip");
        ScratchFile.Refuses([0x89, .. "HDF\r\n\x1a\n"u8], "HDF5");
        ScratchFile.Refuses([8, 7, 0x12, 7, .. "pytorch"u8], "ONNX");
        ScratchFile.Refuses([0x80, 3, (byte)'}', (byte)'.'], "torch.save did not write");
        ScratchFile.Refuses([0xDE, 0xAD, 0xBE, 0xEF], "DEADBEEF", "pytorch-zip, pytorch-legacy, safetensors");
    }

    [TestMethod]
    public void Open_TarArchive_SaysSo()
    {
        var tar = new byte[1024];
        "model/weights"u8.CopyTo(tar);
        "ustar"u8.CopyTo(tar.AsSpan(257));
        ScratchFile.Refuses(tar, "tar archive");
    }

    [TestMethod]
    public void Read_FileThatShrankSinceItWasOpened_IsRefused()
    {
        using var file = new ScratchFile(Fixtures.BytesOf("plain-legacy.pth"));
        using WeightSource source = WeightFormats.Open(file.Path);
        using (var stream = new FileStream(file.Path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
        {
            stream.SetLength(100);
        }

        Assert.Contains("truncated", Assert.ThrowsExactly<ModelException>(() => source.Read(source.Entries[0])).Message);
    }

    [TestMethod]
    public void Dispose_Source_ReleasesTheFile()
    {
        using var file = new ScratchFile(Fixtures.BytesOf("views-zip.pth"));
        using (WeightSource source = WeightFormats.Open(file.Path))
        {
            source.Read(source.Entries.Single(e => e.Name == "transposed"));
        }

        using var exclusive = new FileStream(file.Path, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
    }

    private static void Says(string words, string path)
    {
        string message = Assert.ThrowsExactly<ModelException>(() => WeightFormats.Open(path)).Message;
        Assert.StartsWith($"{path}: ", message);
        Assert.Contains(words, message);
    }
}
