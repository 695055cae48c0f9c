using Interp.Engine.Arithmetic;
using Interp.Tests.Support;

namespace Interp.Tests.Engine.Arithmetic;

[TestClass]
public sealed class BilinearTests
{
    [TestMethod]
    [DataRow(14, 14, 224, 224)]
    [DataRow(7, 9, 33, 30)]
    [DataRow(1, 1, 5, 11)]
    [DataRow(5, 4, 5, 4)]
    [DataRow(20, 30, 7, 13)]
    [DataRow(224, 3, 14, 50)]
    public void Resize_ToAnySize_IsTheFormulaBitByBit(int h, int w, int height, int width)
    {
        float[] map = new Gaussian(1).Values(h * w);

        float[] found = Bilinear.Resize(map, (h, w), (height, width));

        var expected = new float[height * width];
        for (int y = 0; y < height; y++)
        {
            (int low, int high, double down) = Place(y, h, height);
            for (int x = 0; x < width; x++)
            {
                (int left, int right, double across) = Place(x, w, width);
                double top = map[(low * w) + left] + (across * (map[(low * w) + right] - map[(low * w) + left]));
                double bottom = map[(high * w) + left] + (across * (map[(high * w) + right] - map[(high * w) + left]));
                expected[(y * width) + x] = (float)(top + (down * (bottom - top)));
            }
        }

        TensorAssert.SameBits(expected, found, "vectors and kept rows change no rounding");
    }

    [TestMethod]
    [DataRow(1)]
    [DataRow(7)]
    [DataRow(49)]
    [DataRow(64)]
    public void ScaleToOne_AnyLength_IsTheFormulaBitByBit(int length)
    {
        float[] values = new Gaussian(2).Values(length);
        float low = values.Min(), range = values.Max() - low;
        float[] expected = Array.ConvertAll(values, v => range > 0 ? (v - low) / range : 0);

        PlaneArithmetic.ScaleToOne(values);

        TensorAssert.SameBits(expected, values, "scaled to 0…1");
    }

    [TestMethod]
    public void ScaleToOne_OfEqualValues_IsZero()
    {
        float[] values = [3, 3, 3];

        PlaneArithmetic.ScaleToOne(values);

        CollectionAssert.AreEqual(new float[3], values);
    }

    [TestMethod]
    [DataRow(5)]
    [DataRow(49)]
    public void Multiply_IntoOneOfBoth_IsTheProductBitByBit(int length)
    {
        float[] a = new Gaussian(3).Values(length), b = new Gaussian(4).Values(length);
        float[] expected = [.. a.Zip(b, (x, y) => x * y)];

        PlaneArithmetic.Multiply(a, b, b);

        TensorAssert.SameBits(expected, b, "the second factor's place");
    }

    private static (int Low, int High, double Share) Place(int i, int from, int to)
    {
        double source = Math.Max(0, ((i + 0.5) * from / to) - 0.5);
        int low = Math.Min((int)source, from - 1);
        return (low, Math.Min(low + 1, from - 1), source - low);
    }
}
