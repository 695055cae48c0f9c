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
    public void List_FolderAndFiles_OrdinalOrderWithoutDuplicatesAndSubfolders()
    {
        Directory.CreateDirectory(Path.Combine(_folder, "below.png"));
        string[] made = [.. new[] { "b.PNG", "a.jpeg", "B.tga", "notes.txt", "tensor.npy" }.Select(n => Write(n, [1]))];
        IReadOnlyList<string> files = ImageFile.List([made[4], _folder, made[0], made[3], Path.Combine(_folder, ".", "a.jpeg")]);
        CollectionAssert.AreEqual(new[] { made[4], made[2], made[1], made[0], made[3] }, files.ToArray());
    }

    [TestMethod]
    public void List_FolderWithoutImages_IsRefused()
    {
        Write("notes.txt", [1]);
        StringAssert.Contains(Assert.ThrowsExactly<InputException>(() => ImageFile.List([_folder])).Message, "holds no image");
    }

    [TestMethod]
    public void List_MissingPath_IsRefused()
    {
        string path = Path.Combine(_folder, "none");
        InputException error = Assert.ThrowsExactly<InputException>(() => ImageFile.List([path]));
        Assert.AreEqual($"{path}: no such file or folder", error.Message);
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
}
