using Interp.Engine.Common;
using Interp.Engine.Imaging;
using Interp.Tests.Support;

namespace Interp.Tests.Engine.Imaging;

[TestClass]
public sealed class ImageListTests : IDisposable
{
    private readonly TemporaryFolder _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [TestMethod]
    public void File_StandsForItselfWhateverItIs()
    {
        Make("notes.txt");
        CollectionAssert.AreEqual(new[] { _scratch["notes.txt"] }, ImageList.Of(_scratch["notes.txt"]).Files.ToArray());
    }

    [TestMethod]
    public void Folder_HoldsImagesByNameOrContentInOrdinalOrder()
    {
        Make("b.PNG", "a.jpeg", "B.tga", "notes.txt", "tensor.npy", ".hidden", "._a.jpeg", "sub.png/c.txt");
        File.Copy(ImageFixtures.PathOf("rgb.png"), _scratch["0001"]);
        File.Copy(ImageFixtures.PathOf("baseline-444.jpg"), _scratch[".thumbnail"]);

        ImageList list = ImageList.Of(_scratch.Root);

        CollectionAssert.AreEqual(new[] { "0001", "B.tga", "a.jpeg", "b.PNG" }, Names(list));
        Assert.IsNull(list.Unread);
        Assert.IsNull(list.Remark);
    }

    [TestMethod]
    public void Folder_NamesWhatLooksLikeAnImageAndCannotBeRead()
    {
        Make("a.png", "b.webp", "c.webp", "d.webp", "e.webp", "f.heic", "g.csv");
        File.WriteAllBytes(_scratch["nameless"], "II*\0\b\0\0\0"u8.ToArray());

        string? unread = ImageList.Of(_scratch.Root).Unread;

        StringAssert.StartsWith(unread,
            $"{_scratch.Root}: 6 images cannot be read: 4 WebP (b.webp, c.webp, d.webp, …), 1 HEIC (f.heic), 1 TIFF (nameless); ");
        StringAssert.Contains(unread, "convert it to PNG: magick ");
    }

    [TestMethod]
    public void Folder_OfClassFolders_StandsForTheirImagesAtAnyDepth()
    {
        Make("val/n2/x.png", "val/n1/x.png", "val/n1/a.png", "val/n10/images/x.png", "val/README", "val/.git/x.png", "val/n3/empty.txt");

        CollectionAssert.AreEqual(new[] { "val/n1/a.png", "val/n1/x.png", "val/n10/images/x.png", "val/n2/x.png" },
            Names(ImageList.Of(_scratch["val"])));
        CollectionAssert.AreEqual(new[] { "val/n1/a.png", "val/n10/images/x.png", "val/n2/x.png" },
            Names(ImageList.Of(_scratch["val"], perFolder: 1)));
    }

    [TestMethod]
    public void Folder_WithImagesOfItsOwn_SaysWhichFoldersAreNotLookedInto()
    {
        Make("a.png", "more/b.png", "none/c.txt");

        ImageList list = ImageList.Of(_scratch.Root);

        CollectionAssert.AreEqual(new[] { "a.png" }, Names(list));
        StringAssert.EndsWith(list.Remark, "not looked into: more");
    }

    [TestMethod]
    [OSCondition(OperatingSystems.Linux)]
    public void Folder_WithLinksThatLeadBack_Ends()
    {
        Make("val/n1/a.png", "val/n2/b.png");
        Directory.CreateSymbolicLink(_scratch["val", "n1", "up"], _scratch["val"]);
        Directory.CreateSymbolicLink(_scratch["val", "loop"], ".");
        Directory.CreateSymbolicLink(_scratch["val", "n3"], _scratch["other"]);
        Make("other/c.png");
        File.CreateSymbolicLink(_scratch["val", "self"], "self");

        CollectionAssert.AreEqual(new[] { "val/n1/a.png", "val/n2/b.png", "val/n3/c.png" }, Names(ImageList.Of(_scratch["val"])));
    }

    [TestMethod]
    public void Folder_WithoutImages_IsRefused()
    {
        Make("notes.txt");
        Refuses(_scratch.Root, "holds no image");
        Refuses(_scratch["none"], "no such file or folder");
    }

    [TestMethod]
    public void Folder_OfForeignImagesOnly_SaysWhatTheyAre()
    {
        Make("a.webp");
        Refuses(_scratch.Root, "1 image cannot be read: 1 WebP (a.webp); expected JPEG");
    }

    private static void Refuses(string path, string reason)
    {
        InputException error = Assert.ThrowsExactly<InputException>(() => ImageList.Of(path));
        StringAssert.StartsWith(error.Message, path);
        StringAssert.Contains(error.Message, reason);
    }

    private string[] Names(ImageList list) => [.. list.Files.Select(f => Path.GetRelativePath(_scratch.Root, f).Replace('\\', '/'))];

    private void Make(params string[] names)
    {
        foreach (string name in names)
        {
            string path = _scratch[name.Split('/')];
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllBytes(path, "?"u8.ToArray());
        }
    }
}
