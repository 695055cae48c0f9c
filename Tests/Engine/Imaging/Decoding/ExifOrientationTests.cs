using Interp.Engine.Imaging;
using Interp.Engine.Imaging.Decoding;

namespace Interp.Tests.Engine.Imaging.Decoding;

[TestClass]
public sealed class ExifOrientationTests
{
    private static readonly byte[] s_little = [.. "II*\0"u8, 8, 0, 0, 0, 1, 0, 0x12, 0x01, 3, 0, 1, 0, 0, 0, 6, 0, 0, 0];
    private static readonly byte[] s_big = [.. "MM\0*"u8, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, 8, 0, 0];

    [TestMethod]
    public void Read_BothByteOrders_FindsTheTag()
    {
        Assert.AreEqual(6, ExifOrientation.Read(s_little));
        Assert.AreEqual(8, ExifOrientation.Read(s_big));
    }

    [TestMethod]
    public void Read_DamagedBlock_IsUpright()
    {
        for (int length = 0; length < s_little.Length; length++)
        {
            Assert.AreEqual(1, ExifOrientation.Read(s_little.AsSpan(0, length)), $"{length} bytes");
        }

        Assert.AreEqual(1, ExifOrientation.Read([.. "II*\0"u8, 0xFF, 0xFF, 0xFF, 0x7F, .. s_little[8..]]), "directory far outside");
        Assert.AreEqual(1, ExifOrientation.Read([.. s_little[..18], 9, 0, 0, 0]), "no such orientation");
        Assert.AreEqual(1, ExifOrientation.Read([.. s_little[..14], 0, .. s_little[15..]]), "no value");
    }

    // As Pillow 9.4 turns them: SHORT, LONG, SSHORT, SLONG, IFD; BYTE, ASCII, RATIONAL, SBYTE, UNDEFINED are not numbers to it.
    [TestMethod]
    [DataRow(3, true)]
    [DataRow(4, true)]
    [DataRow(8, true)]
    [DataRow(9, true)]
    [DataRow(13, true)]
    [DataRow(1, false)]
    [DataRow(2, false)]
    [DataRow(5, false)]
    [DataRow(6, false)]
    [DataRow(7, false)]
    public void Read_OtherTypes_AreTakenAsPillowDoes(int type, bool isTaken)
    {
        Assert.AreEqual(isTaken ? 6 : 1, ExifOrientation.Read([.. s_little[..12], (byte)type, .. s_little[13..]]));
        byte[] value = type is 3 or 8 ? [0, 8, 0, 0] : [0, 0, 0, 8];
        Assert.AreEqual(isTaken ? 8 : 1, ExifOrientation.Read([.. s_big[..13], (byte)type, .. s_big[14..18], .. value]));
    }

    // The image is 1 2 3 over 4 5 6.
    [TestMethod]
    [DataRow(1, 3, "123456")]
    [DataRow(2, 3, "321654")]
    [DataRow(3, 3, "654321")]
    [DataRow(4, 3, "456123")]
    [DataRow(5, 2, "142536")]
    [DataRow(6, 2, "415263")]
    [DataRow(7, 2, "635241")]
    [DataRow(8, 2, "362514")]
    public void Apply_EveryOrientation_TurnsUpright(int orientation, int width, string expected)
    {
        RgbImage turned = ExifOrientation.Apply(Image(3, "123456"), orientation);
        Assert.AreEqual(width, turned.Width);
        CollectionAssert.AreEqual(Image(width, expected).Pixels, turned.Pixels);
    }

    private static RgbImage Image(int width, string values) =>
        new(width, values.Length / width, [.. values.SelectMany(v => new[] { (byte)v, (byte)0, (byte)v })]);
}
