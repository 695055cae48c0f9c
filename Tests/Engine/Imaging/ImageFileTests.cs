using Interp.Engine.Common;
using Interp.Engine.Imaging;

namespace Interp.Tests.Engine.Imaging;

[TestClass]
public sealed class ImageFileTests
{
    private string _folder = "";

    [TestInitialize]
    public void MakeFolder() => _folder = Directory.CreateTempSubdirectory("imaging").FullName;

    [TestCleanup]
    public void DeleteFolder() => Directory.Delete(_folder, recursive: true);

    [TestMethod]
    public void Read_ExtensionOfAnotherFormat_ContentDecides()
    {
        string path = Place("rgb.png", "rgb.jpg");
        CollectionAssert.AreEqual(ImageFile.Read(ImageFixtures.PathOf("rgb.png")).Pixels, ImageFile.Read(path).Pixels);
    }

    [TestMethod]
    public void Read_OnePixel_KeepsItsColour()
    {
        RgbImage image = ImageFile.Read(ImageFixtures.PathOf("one.png"));
        Assert.AreEqual((1, 1), (image.Width, image.Height));
        CollectionAssert.AreEqual(new byte[] { 200, 100, 50 }, image.Pixels);
    }

    [TestMethod]
    public void Read_MissingFile_NamesIt() => Refuses(Path.Combine(_folder, "none.png"), "no such file");

    [TestMethod]
    public void Read_Folder_SaysThatItIsOne() => Refuses(_folder, "is a folder");

    [TestMethod]
    public void Read_EmptyFile_SaysSo() => Refuses(Write("empty.png", []), "the file is empty");

    [TestMethod]
    public void Read_Text_ListsTheFormats() =>
        Refuses(Write("notes.jpg", "these are not the pixels\n"u8.ToArray()), "expected the content of JPEG, PNG, GIF, BMP, PSD, TGA");

    [TestMethod]
    public void Read_ForbiddenFile_NamesIt()
    {
        if (OperatingSystem.IsWindows() || Environment.IsPrivilegedProcess)
        {
            Assert.Inconclusive("this user may read every file");
            return;
        }

        string path = Place("rgb.png", "forbidden.png");
        File.SetUnixFileMode(path, UnixFileMode.None);
        Refuses(path, "cannot be read");
    }

    [TestMethod]
    public void Read_LowBitsOfSixteen_IsSaidAndNotRescaled()
    {
        RgbImage image = ImageFile.Read(ImageFixtures.PathOf("grey-12bit.png"));
        Assert.AreEqual(0x0D, image.Pixels.Max(), "the high byte of the largest value, 0x0DF3");
        StringAssert.Contains(image.Remark, "below 4096 of 65536");
        StringAssert.Contains(image.Remark, "multiply them by 16");
    }

    [TestMethod]
    [DataRow("grey-16bit.png")]
    [DataRow("rgb-16bit.png")]
    [DataRow("16bit-rle.psd")]
    [DataRow("rgb.png")]
    public void Read_FullRange_HasNoRemark(string name) => Assert.IsNull(ImageFile.Read(ImageFixtures.PathOf(name)).Remark);

    [TestMethod]
    public void ReadBytes_EndlessStreamOfNoImage_IsRefusedAfterItsFirstBytes()
    {
        using var zeros = new Endless([]);
        InputException error = Assert.ThrowsExactly<InputException>(() => ImageFile.ReadBytes(zeros, "zeros"));
        StringAssert.Contains(error.Message, "found the bytes 0000");
        Assert.IsLessThan(1 << 20, zeros.Given);
    }

    [TestMethod]
    public void ReadBytes_EndlessStreamThatBeginsLikeAnImage_IsRefusedAtOneGibibyte()
    {
        using var endless = new Endless(File.ReadAllBytes(ImageFixtures.PathOf("rgb.png")));
        InputException error = Assert.ThrowsExactly<InputException>(() => ImageFile.ReadBytes(endless, "endless"));
        StringAssert.Contains(error.Message, "larger than 1 GiB");
    }

    [TestMethod]
    public void WritePng_Path_ReadsBackTheSameAndTwiceTheSameBytes()
    {
        RgbImage image = ImageFile.Read(ImageFixtures.PathOf("baseline-444.jpg"));
        (string first, string second) = (Path.Combine(_folder, "first.png"), Path.Combine(_folder, "second.png"));
        ImageFile.WritePng(first, image);
        ImageFile.WritePng(second, image);
        CollectionAssert.AreEqual(image.Pixels, ImageFile.Read(first).Pixels);
        CollectionAssert.AreEqual(File.ReadAllBytes(first), File.ReadAllBytes(second));
        Assert.AreEqual(2, Directory.GetFileSystemEntries(_folder).Length, "files left behind");
    }

    [TestMethod]
    public void WritePng_TargetIsAFolder_FailsAndLeavesNothing()
    {
        string target = Path.Combine(_folder, "taken.png");
        Directory.CreateDirectory(target);
        OutputException error = Assert.ThrowsExactly<OutputException>(() => ImageFile.WritePng(target, new RgbImage(1, 1, [1, 2, 3])));
        StringAssert.StartsWith(error.Message, $"{target}: cannot be written");
        CollectionAssert.AreEqual(new[] { target }, Directory.GetFileSystemEntries(_folder));
    }

    [TestMethod]
    public void WritePng_MissingFolder_Fails()
    {
        string path = Path.Combine(_folder, "none", "a.png");
        Assert.ThrowsExactly<OutputException>(() => ImageFile.WritePng(path, new RgbImage(1, 1, [1, 2, 3])));
    }

    private static void Refuses(string path, string reason)
    {
        InputException error = Assert.ThrowsExactly<InputException>(() => ImageFile.Read(path));
        StringAssert.StartsWith(error.Message, path);
        StringAssert.Contains(error.Message, reason);
        Assert.DoesNotContain("\n", error.Message);
    }

    private string Place(string fixture, string name) => Write(name, File.ReadAllBytes(ImageFixtures.PathOf(fixture)));

    private string Write(string name, byte[] bytes)
    {
        string path = Path.Combine(_folder, name);
        File.WriteAllBytes(path, bytes);
        return path;
    }

    /// <summary>A pipe that never ends: some bytes, then zeros.</summary>
    private sealed class Endless(byte[] start) : Stream
    {
        public long Given { get; private set; }

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override int Read(Span<byte> buffer)
        {
            buffer.Clear();
            start.AsSpan((int)Math.Min(Given, start.Length)..Math.Min(start.Length, (int)Math.Min(Given + buffer.Length, start.Length)))
                .CopyTo(buffer);
            Given += buffer.Length;
            return buffer.Length;
        }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void Flush()
        {
        }

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
