using Interp.Engine.Tensors;

namespace Interp.Tests.Engine.Tensors;

[TestClass]
[DoNotParallelize]
public sealed class TensorTests
{
    [TestMethod]
    public void Widen_EveryHalf_IsExact()
    {
        ushort[] all = [.. Enumerable.Range(0, 65536).Select(i => (ushort)i)];
        var widened = new float[all.Length];

        HalfConversion.Widen(all, widened);

        for (int i = 0; i < all.Length; i++)
        {
            var expected = (float)BitConverter.UInt16BitsToHalf(all[i]);
            Assert.IsTrue(float.IsNaN(expected) ? float.IsNaN(widened[i])
                : BitConverter.SingleToInt32Bits(expected) == BitConverter.SingleToInt32Bits(widened[i]),
                $"pattern {i:X4}: expected {expected}, found {widened[i]}");
        }
    }

    [TestMethod]
    public void Weight_CopyOfARange_StaysInside()
    {
        Weight weight = Weight.FromValues("w", new Shape(2, 3), [1, 2, 3, 4, 5, 6]);
        var part = new float[2];

        weight.CopyTo(4, part);

        CollectionAssert.AreEqual(new float[] { 5, 6 }, part);
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => weight.CopyTo(5, part));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => weight.CopyTo(-1, part));
        Assert.ThrowsExactly<ArgumentException>(() => Weight.FromValues("w", new Shape(2, 3), [1]));
    }

    [TestMethod]
    public void NativeBuffer_Disposed_IsGivenBackAndNotReadable()
    {
        long before = NativeBuffer.LiveBytes;
        var buffer = new NativeBuffer(5 << 20);
        Assert.AreEqual(0, buffer.Address % (2 << 20), "large blocks are aligned to huge pages");

        buffer.Dispose();
        buffer.Dispose();

        Assert.AreEqual(before, NativeBuffer.LiveBytes);
        Assert.ThrowsExactly<ObjectDisposedException>(() => buffer.Address);
    }

    [TestMethod]
    public void Shape_SizesAndEquality_AreByValue()
    {
        var shape = new Shape(2, 3, 4);

        Assert.AreEqual(24, shape.Count);
        Assert.AreEqual(4, shape[-1]);
        Assert.AreEqual("[2,3,4]", shape.ToString());
        Assert.IsTrue(shape == new Shape(2, 3, 4) && shape != new Shape(2, 12));
        Assert.AreEqual(new Shape(9, 3, 4), shape.WithBatch(9));
        Assert.AreEqual(1, new Shape().Count);
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new Shape(-1));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new Shape(int.MaxValue, int.MaxValue, int.MaxValue));
    }
}
