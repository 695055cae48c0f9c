using Interp.Engine.Arithmetic;
using Interp.Engine.Backends;
using Interp.Engine.Cpu;
using Interp.Tests.Support;

namespace Interp.Tests.Engine.Arithmetic;

[TestClass]
public sealed class MaskedImagesTests
{
    [TestMethod]
    public void Boxes_AreTheFillInside_AndTheImageOutside()
    {
        float[] image = new Gaussian(1).Values(2 * 6 * 5), fill = new Gaussian(2).Values(image.Length);
        var images = new MaskedByBoxes(image, fill, (6, 5), _ => (1, 3, 2, 5));
        float[] found = new float[image.Length], whole = new float[image.Length];

        images.Make(3, found);
        images.Make(-1, whole);

        for (int i = 0; i < found.Length; i++)
        {
            bool inside = i / 5 % 6 is 1 or 2 && i % 5 >= 2;
            Assert.AreEqual(inside ? fill[i] : image[i], found[i], $"value {i}");
        }

        CollectionAssert.AreEqual(image, whole, "an index below 0");
    }

    /// <summary>The numbers that a device gets say the same as what the host makes: the grid, enlarged and cut out, times the
    /// image.</summary>
    [TestMethod]
    public void Grids_EnlargedAndCutOut_AreWhatIsMade()
    {
        const int Height = 20, Width = 33;
        foreach (MaskedByGrids images in MaskedImageCases.All(3, Height, Width).OfType<MaskedByGrids>())
        {
            float[] numbers = images.Numbers(5);
            (int top, int left) = ((int)numbers[^2], (int)numbers[^1]);
            float[] large = Bilinear.Resize(numbers.AsSpan(0, numbers.Length - 2), images.Cells, images.Enlarged);
            if (images.ToOne)
            {
                PlaneArithmetic.ScaleToOne(large);
            }

            float[] found = new float[images.Image.Length];
            images.Make(5, found);
            float[] expected = [.. images.Image.Select((x, i) =>
                x * large[((top + (i / Width % Height)) * images.Enlarged.Width) + left + (i % Width)])];
            TensorAssert.SameBits(expected, found, $"{images}: the same operations");
        }
    }

    [TestMethod]
    [DataRow(1)]
    [DataRow(3)]
    public void Fill_AnyThreads_IsEachImageByItself(int threads)
    {
        using var backend = new CpuBackend(new CpuOptions { Threads = threads });
        int[] which = [5, 1, 1, 6];
        foreach (MaskedImages images in MaskedImageCases.All(3, 17, 19))
        {
            int length = images.Image.Length;
            var inputs = new HostValues(new float[which.Length * length]);
            ((IBackend)backend).Images.Fill(images, which, inputs);
            for (int n = 0; n < which.Length; n++)
            {
                float[] alone = new float[length];
                images.Make(which[n], alone);
                TensorAssert.SameBits(alone, inputs.Array.AsSpan(n * length, length).ToArray(), $"{images}, row {n}");
            }
        }
    }

    [TestMethod]
    public void Key_OfEachImageOfEachKind_IsAnother()
    {
        UInt128[] keys = [.. MaskedImageCases.All(3, 17, 19).SelectMany(images => Enumerable.Range(1, 6).Select(images.Key))];

        Assert.HasCount(keys.Length, keys.Distinct());
        CollectionAssert.AreEqual(
            keys, MaskedImageCases.All(3, 17, 19).SelectMany(images => Enumerable.Range(1, 6).Select(images.Key)).ToArray());
    }
}
