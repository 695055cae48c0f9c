using System.Buffers.Binary;
using Interp.Engine.Common;
using Interp.Engine.Imaging;

namespace Interp.Tests.Engine.Imaging.Decoding;

/// <summary>Sound files of kinds that are not supported: the message says why.</summary>
[TestClass]
public sealed class ImageReasonTests
{
    [TestMethod]
    [DataRow("rgb.png", 16)]
    [DataRow("raw.psd", 14)]
    public void SizeInTheHeader_TooLargeForTheLibrary_IsNamed(string name, int at)
    {
        byte[] file = Fixture(name);
        BinaryPrimitives.WriteInt32BigEndian(file.AsSpan(at), 200_000);
        BinaryPrimitives.WriteInt32BigEndian(file.AsSpan(at + 4), 200_000);
        Refuses(file, "its size is 200000x200000 pixels, expected 1 to 134217728 pixels; scale it down");
    }

    [TestMethod]
    public void Jpeg_OfTwelveBits_SaysSo() => Refuses(WithFrame(at: 4, 12), "its samples have 12 bits, expected 8");

    [TestMethod]
    public void Jpeg_HeightZero_SaysSo() => Refuses(WithFrame(at: 5, 0, 0), "its height is 0");

    [TestMethod]
    public void Png_OfApple_SaysHowToConvertIt()
    {
        byte[] file = Fixture("rgb.png");
        Refuses([.. file[..8], 0, 0, 0, 4, .. "CgBI"u8, 0x50, 0, 0x20, 2, 0, 0, 0, 0, .. file[8..]],
            "pngcrush -revert-iphone-optimizations");
    }

    [TestMethod]
    [DataRow(1, "run-length coded")]
    [DataRow(4, "JPEG in BMP")]
    public void Bmp_Compressed_SaysWhich(int compression, string reason)
    {
        byte[] file = Fixture("rgb.bmp");
        file[30] = (byte)compression;
        Refuses(file, reason);
    }

    [TestMethod]
    [DataRow(0, "colour mode is bitmap")]
    [DataRow(2, "colour mode is indexed colour")]
    [DataRow(4, "colour mode is CMYK")]
    [DataRow(7, "colour mode is multichannel")]
    [DataRow(9, "colour mode is Lab")]
    [DataRow(77, "colour mode is number 77")]
    public void Psd_OfAnotherMode_NamesIt(int mode, string reason)
    {
        byte[] file = Fixture("grey-raw.psd");
        file[25] = (byte)mode;
        Refuses(file, reason);
    }

    [TestMethod]
    [DataRow(1)]
    [DataRow(32)]
    public void Psd_OfAnotherDepth_NamesIt(int depth)
    {
        byte[] file = Fixture("grey-raw.psd");
        file[23] = (byte)depth;
        Refuses(file, $"with 1 channels of {depth} bits, expected grey or RGB of 8 or 16 bits");
    }

    [TestMethod]
    public void Psd_ZipCompressed_SaysSo()
    {
        byte[] file = Fixture("grey-raw.psd");
        file[39] = 2; // behind the header of 26 bytes and three empty sections
        Refuses(file, "zip-compressed");
    }

    [TestMethod]
    public void Psd_Duotone_IsTheGreyThatItIsMadeOf()
    {
        byte[] file = Fixture("grey-raw.psd");
        byte[] grey = ImageFile.Decode(file, "grey").Pixels;
        file[25] = 8;
        CollectionAssert.AreEqual(grey, ImageFile.Decode(file, "duotone").Pixels);
    }

    [TestMethod]
    [DataRow(0, true)]
    [DataRow(1, false)]
    public void Psd_WithoutItsMergedImage_IsReadWithARemark(int hasMerged, bool isRemarked)
    {
        byte[] file = Fixture("raw.psd");
        byte[] other = [.. "8BIM"u8, 4, 4, 3, .. "abc"u8, 0, 0, 0, 1, 9, 0];
        byte[] version = [.. "8BIM"u8, 4, 33, 0, 0, 0, 0, 0, 5, 0, 0, 0, 1, (byte)hasMerged, 0];
        byte[] noted = [.. file[..30], 0, 0, 0, (byte)(other.Length + version.Length), .. other, .. version, .. file[34..]];

        RgbImage image = ImageFile.Decode(noted, "noted");

        CollectionAssert.AreEqual(ImageFile.Decode(file, "plain").Pixels, image.Pixels);
        Assert.AreEqual(isRemarked, image.Remark?.Contains("Maximize Compatibility", StringComparison.Ordinal) ?? false);
    }

    /// <summary>A JPEG with other bytes in its frame header, counted from the marker.</summary>
    private static byte[] WithFrame(int at, params byte[] bytes)
    {
        byte[] file = Fixture("baseline-444.jpg");
        bytes.CopyTo(file, file.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xFF, 0xC0]) + at);
        return file;
    }

    private static byte[] Fixture(string name) => File.ReadAllBytes(ImageFixtures.PathOf(name));

    private static void Refuses(byte[] file, string reason) =>
        StringAssert.Contains(Assert.ThrowsExactly<InputException>(() => ImageFile.Decode(file, "file")).Message, reason);
}
