using System.Text;
using Interp.Engine.Common;
using Interp.Engine.Imaging;
using Interp.Engine.Imaging.Decoding;

namespace Interp.Tests.Engine.Imaging.Decoding;

[TestClass]
public sealed class ForeignKindTests
{
    private static IEnumerable<object[]> Contents =>
    [
        ["RIFF\u0010\0\0\0WEBPVP8 ", "WebP", "magick my.jpg my.png"],
        ["\0\0\0\u0018ftypheic\0\0\0\0mif1", "HEIC", "magick my.jpg my.png"],
        ["\0\0\0\u0018ftypmif1\0\0\0\0heic", "HEIC", "magick"],
        ["\0\0\0\u001Cftypavif\0\0\0\0", "AVIF", "magick"],
        ["\0\0\0\u001Cftypmif1\0\0\0\0avif", "AVIF", "magick"],
        ["II*\0\b\0\0\0", "TIFF", "magick"],
        ["MM\0*\0\0\0\b", "TIFF", "magick"],
        ["II*\0\u0010\0\0\0CR\u0002\0", "camera raw", "darktable-cli"],
        ["\u00FF\n\u0001\u0002", "JPEG XL", "djxl"],
        ["\0\0\0\fJXL \r\n\u0087\n", "JPEG XL", "djxl"],
        ["\0\0\0\fjP  \r\n\u0087\n", "JPEG 2000", "magick"],
        ["<svg xmlns=\"http://www.w3.org/2000/svg\">", "SVG", "magick"],
        ["\u00EF\u00BB\u00BF<?xml version=\"1.0\"?>\n<!-- made by hand -->\n<SVG>", "SVG", "magick"],
        ["\0\0\u0001\0\u0001\0  \0\0", "ICO", "PNG"],
        ["\0\0\u0002\0\u0001\0\u0020\u0020\0\0\u0010\0\u0010\0\u0008\0\0\0\0", "ICO", "PNG"],
        ["P6\n2 2\n255\n", "Netpbm", "magick"],
        ["8BPS\0\u0002\0\0", "PSB", "PNG"],
        ["%PDF-1.7\n", "PDF", "pdftoppm"],
        ["\0\0\0 ftypisom\0\0\u0002\0", "a video", "ffmpeg -i my.jpg -frames:v 1 my.png"],
        ["\u001AE\u00DF\u00A3\u0001\0", "a video", "ffmpeg"],
        ["\n <!DOCTYPE html>\n<html><svg/>", "a web page", "the download went wrong"],
        ["<?xml version=\"1.0\"?><!DOCTYPE html PUBLIC", "a web page", "the download went wrong"],
        ["version https://git-lfs.github.com/spec/v1\noid", "a Git LFS pointer", "git lfs pull"],
        ["\u001F\u008B\b\0", "gzip", "unpack"],
        ["PK\u0003\u0004\u0014\0", "a zip archive", "unpack"],
        ["\u0093NUMPY\u0001\0", "a NumPy array", ".npy"],
        [new string('\0', 128) + "DICM\u0002\0", "DICOM", "window and level"],
        [new string('x', 344) + "n+1\0", "NIfTI", "slice"],
        [new string('x', 257) + "ustar\0", "a tar archive", "unpack"],
    ];

    [TestMethod]
    [DynamicData(nameof(Contents))]
    public void Decode_ForeignContent_SaysWhatItIsAndWhatToDo(string content, string kind, string advice)
    {
        string message = Assert.ThrowsExactly<InputException>(() => ImageFile.Decode(Encoding.Latin1.GetBytes(content), "my.jpg")).Message;
        StringAssert.StartsWith(message, $"my.jpg: its content is {kind}, expected JPEG, PNG, GIF, BMP, PSD, TGA; ");
        StringAssert.Contains(message, advice);
    }

    [TestMethod]
    [DataRow("a.WEBP", "WebP")]
    [DataRow("a.heic", "HEIC")]
    [DataRow("brain.nii.gz", "NIfTI")]
    [DataRow("a.tiff", "TIFF")]
    [DataRow("a.jpg", null)]
    [DataRow("README", null)]
    [DataRow("labels.csv", null)]
    public void OfName_KnowsUsualExtensions(string name, string? kind) => Assert.AreEqual(kind, ForeignKind.OfName(name)?.Name);

    [TestMethod]
    public void AdviceFor_AwkwardNames_QuotesAndNeverOverwrites()
    {
        ForeignKind webp = ForeignKind.OfName("x.webp")!;
        Assert.AreEqual("convert it to PNG: magick 'my cat.webp' 'my cat.png'", webp.AdviceFor("my cat.webp"));
        Assert.AreEqual("convert it to PNG: magick cat.png cat-converted.png", webp.AdviceFor("cat.png"), "a PNG that is WebP inside");
    }

    [TestMethod]
    public void OfContent_Fixtures_AreNoneOfThem()
    {
        foreach (object[] name in ImageFixtures.Names)
        {
            Assert.IsNull(ForeignKind.OfContent(File.ReadAllBytes(ImageFixtures.PathOf((string)name[0])))?.Name, (string)name[0]);
        }
    }
}
