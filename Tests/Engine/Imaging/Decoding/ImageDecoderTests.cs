using System.Buffers.Binary;
using System.IO.Compression;
using Interp.Engine.Common;
using Interp.Engine.Imaging;

namespace Interp.Tests.Engine.Imaging.Decoding;

[TestClass]
public sealed class ImageDecoderTests
{
    private const int MutantsPerFile = 120;

    private static IEnumerable<object[]> Names => ImageFixtures.Names;

    [TestMethod]
    [DynamicData(nameof(Names))]
    public void Decode_CutFile_IsRefusedOrWhole(string name)
    {
        byte[] file = File.ReadAllBytes(ImageFixtures.PathOf(name));
        RgbImage whole = ImageFile.Decode(file, name);
        for (int length = 0; length < file.Length; length += Math.Max(1, file.Length / 200))
        {
            try
            {
                // What stands behind the pixels (a GIF's later frames, a TGA's footer) may be missing; no pixel may.
                RgbImage cut = ImageFile.Decode(file[..length], name);
                CollectionAssert.AreEqual(whole.Pixels, cut.Pixels, $"cut after {length} of {file.Length} bytes");
            }
            catch (InputException)
            {
            }
        }
    }

    [TestMethod]
    [DataRow("baseline-420.jpg", 2)]
    [DataRow("progressive.jpg", 2)]
    [DataRow("rgb.png", 13)]
    [DataRow("rgb.bmp", 4)]
    [DataRow("raw.psd", 1)]
    [DataRow("rle.psd", 1)]
    [DataRow("grey-16bit-rle.psd", 1)]
    public void Decode_CutAtTheEnd_SaysThatTheFileEndsTooEarly(string name, int missing)
    {
        byte[] file = File.ReadAllBytes(ImageFixtures.PathOf(name));
        InputException error = Assert.ThrowsExactly<InputException>(() => ImageFile.Decode(file[..^missing], name));
        StringAssert.Contains(error.Message, "ends too early");
    }

    [TestMethod]
    [DynamicData(nameof(Names))]
    public void Decode_MutatedFile_GivesAImageOrAnInputError(string name)
    {
        byte[] file = File.ReadAllBytes(ImageFixtures.PathOf(name));
        var random = new Random(17);
        for (int i = 0; i < MutantsPerFile; i++)
        {
            byte[] mutant = Mutate(file, random);
            try
            {
                RgbImage image = ImageFile.Decode(mutant, name);
                Assert.AreEqual(3L * image.Width * image.Height, image.Pixels.LongLength);
            }
            catch (InputException e)
            {
                StringAssert.StartsWith(e.Message, name);
                Assert.DoesNotContain("\n", e.Message);
            }
        }
    }

    [TestMethod]
    public void Decode_HugeSizeInTheHeader_IsRefusedBeforeAnyMemoryIsTaken()
    {
        byte[] file = File.ReadAllBytes(ImageFixtures.PathOf("rgb.png"));
        BinaryPrimitives.WriteInt32BigEndian(file.AsSpan(16), 12_000);
        BinaryPrimitives.WriteInt32BigEndian(file.AsSpan(20), 10_000);
        Refuses(file, "header says 12000x10000 pixels, which cannot be in a file of");
        BinaryPrimitives.WriteInt32BigEndian(file.AsSpan(20), 12_000);
        Refuses(file, "expected 1 to 134217728 pixels");
    }

    [TestMethod]
    public void Decode_PngThatInflatesToMoreThanItsSize_IsRefused()
    {
        byte[] file = File.ReadAllBytes(ImageFixtures.PathOf("rgb.png"));
        using var pixels = new MemoryStream();
        using (var deflate = new ZLibStream(pixels, CompressionLevel.Optimal, leaveOpen: true))
        {
            deflate.Write(new byte[1 << 24]);
        }

        // The signature and the header chunk are the file's first 33 bytes.
        byte[] bomb = [.. file[..33], .. Chunk("IDAT"u8, pixels.ToArray()), .. Chunk("IEND"u8, [])];
        Refuses(bomb, "more pixel data than its size allows");
    }

    [TestMethod]
    public void Decode_PngChunkLengthThatPointsBackwards_EndsWithAnError()
    {
        byte[] file = File.ReadAllBytes(ImageFixtures.PathOf("rgb.png"));
        byte[] backwards = [.. file[..33], 0xFF, 0xFF, 0xFF, 0xF4, .. "teXt"u8, 0, 0, 0, 0, .. file[33..]];
        Refuses(backwards, "cannot be decoded");
    }

    [TestMethod]
    public void Decode_PngWithAnUnknownCriticalChunk_QuotesItOnOneLine()
    {
        byte[] file = File.ReadAllBytes(ImageFixtures.PathOf("rgb.png"));
        byte[] critical = [.. file[..^12], .. Chunk("A\nB\x1b"u8, []), .. file[^12..]];
        Refuses(critical, "cannot be decoded: A B");
    }

    [TestMethod]
    public void Decode_JpegWithoutItsRestartMarkers_IsRefused()
    {
        byte[] file = File.ReadAllBytes(ImageFixtures.PathOf("baseline-444.jpg"));
        byte[] claims = [.. file[..2], 0xFF, 0xDD, 0, 4, 0, 1, .. file[2..]];
        Refuses(claims, "a scan has 0 of 47 restart markers");
    }

    [TestMethod]
    public void Decode_JpegWithoutScans_IsRefused()
    {
        byte[] file = File.ReadAllBytes(ImageFixtures.PathOf("baseline-444.jpg"));
        int scan = file.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xFF, 0xDA]);
        Refuses([.. file[..scan], 0xFF, 0xD9], "3 of its colour components have no data");
    }

    [TestMethod]
    public void Decode_LosslessJpeg_SaysThatItIsNotSupported()
    {
        byte[] file = File.ReadAllBytes(ImageFixtures.PathOf("baseline-444.jpg"));
        file[file.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xFF, 0xC0]) + 1] = 0xC3;
        Refuses(file, "save it as baseline JPEG");
    }

    [TestMethod]
    public void Decode_BytesAfterTheJpeg_AreIgnored()
    {
        byte[] file = File.ReadAllBytes(ImageFixtures.PathOf("progressive.jpg"));
        CollectionAssert.AreEqual(ImageFile.Decode(file, "whole").Pixels, ImageFile.Decode([.. file, .. file], "two").Pixels);
    }

    private static void Refuses(byte[] file, string reason)
    {
        string message = Assert.ThrowsExactly<InputException>(() => ImageFile.Decode(file, "file")).Message;
        StringAssert.StartsWith(message, "file: ");
        Assert.IsFalse(message.Any(char.IsControl), "one printable line");
        StringAssert.Contains(message, reason);
    }

    private static byte[] Chunk(ReadOnlySpan<byte> type, byte[] content)
    {
        var chunk = new byte[content.Length + 12];
        BinaryPrimitives.WriteInt32BigEndian(chunk, content.Length);
        type.CopyTo(chunk.AsSpan(4));
        content.CopyTo(chunk, 8);
        return chunk;
    }

    /// <summary>One to six changes, half of the times only among the first 64 bytes, where the headers are.</summary>
    private static byte[] Mutate(byte[] file, Random random)
    {
        byte[] mutant = [.. file];
        int range = random.Next(2) == 0 ? Math.Min(64, file.Length) : file.Length;
        for (int changes = random.Next(1, 7); changes > 0; changes--)
        {
            int at = random.Next(Math.Min(range, mutant.Length));
            switch (random.Next(5))
            {
                case 0:
                    mutant[at] = (byte)random.Next(256);
                    break;
                case 1:
                    mutant[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 2:
                    mutant[at] = random.Next(2) == 0 ? (byte)0 : (byte)255;
                    break;
                case 3:
                    mutant = [.. mutant[..at], .. mutant[Math.Min(at + random.Next(20), mutant.Length - 1)..]];
                    break;
                default:
                    mutant = [.. mutant[..at], .. mutant[Math.Max(0, at - random.Next(20))..]];
                    break;
            }
        }

        return mutant;
    }
}
