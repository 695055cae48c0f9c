using Interp.Engine.Arithmetic;
using Interp.Engine.Common;
using Interp.Engine.Visualization;
using Interp.Engine.Visualization.Transforms;
using Interp.Tests.Support;

namespace Interp.Tests.Engine.Visualization.Transforms;

[TestClass]
public sealed class TransformChainTests
{
    private const string Everything = "pad:3,jitter:4,flip,scale:0.8..1.3,rotate:-20..20,blur:0.8,jitter:2,noise:0.1,crop:9";

    private static IEnumerable<object[]> Chains() =>
        from text in (string[])["none", "pad:3", "jitter:5", "scale:0.7..1.4", "scale:0.8/1.2", "rotate:-45..45", "flip", "crop:7",
        "blur:1.5", "pad:2,blur:1.5", "noise:0.2", "robust", Everything]
        from frame in ((int Height, int Width)[])[(12, 15), (13, 10), (7, 5)]
        select (object[])[text, frame.Height, frame.Width];

    [TestMethod]
    [DynamicData(nameof(Chains))]
    public void Backward_AnyChain_IsTheAdjointOfForward(string text, int height, int width)
    {
        var canvas = new Canvas(2, 13, 10);
        TransformChain chain = TransformChain.Parse(text);
        var random = new Gaussian(1);
        for (ulong step = 0; step < 5; step++)
        {
            DrawnTransforms drawn = chain.Draw(canvas, height, width, 7, step);
            // back: what stands there does not count
            float[] x = random.Values(canvas.Length), y = random.Values(2 * 3 * height * width), back = random.Values(canvas.Length);
            float[] there = new float[y.Length], offset = new float[y.Length];
            drawn.Forward(x, there);
            drawn.Forward(new float[canvas.Length], offset); // What does not depend on the image: grey outside, and noise.
            drawn.Backward(y, back);
            float[] linear = [.. there.Zip(offset, (t, o) => t - o)];
            double size = Math.Sqrt(linear.Sum(l => (double)l * l) * y.Sum(v => (double)v * v));
            Assert.AreEqual(Dot(linear, y), Dot(x, back), 2e-6 * size,
                $"{text}, step {step}: ⟨Ax, y⟩ = ⟨x, Aᵀy⟩ to float32 rounding of values of size 1");
        }
    }

    [TestMethod]
    [DynamicData(nameof(Chains))]
    public void Backward_AnyChain_IsTheDerivativeOfForward(string text, int height, int width)
    {
        var canvas = new Canvas(1, 13, 10);
        DrawnTransforms drawn = TransformChain.Parse(text).Draw(canvas, height, width, 8, 2);
        var random = new Gaussian(2);
        float[] x = random.Values(canvas.Length), direction = random.Values(canvas.Length), y = random.Values(3 * height * width),
            back = new float[canvas.Length];
        drawn.Backward(y, back);
        double size = Math.Sqrt(back.Sum(b => (double)b * b) * direction.Sum(d => (double)d * d));

        // Transforms are linear but for a constant, so steps of size 1 are exact but for float32 rounding.
        Assert.AreEqual((Along(1) - Along(-1)) / 2, Dot(back, direction), 2e-6 * size, text);

        double Along(float step)
        {
            var frame = new float[y.Length];
            drawn.Forward([.. x.Zip(direction, (a, d) => a + (step * d))], frame);
            return Dot(frame, y);
        }
    }

    [TestMethod]
    public void Forward_NoneAtTheFramesSize_IsTheSameBits()
    {
        float[] x = new Gaussian(2).Values(3 * 8 * 9), frame = new float[x.Length];
        TransformChain.None.Draw(new Canvas(1, 8, 9), 8, 9, 0, 0).Forward(x, frame);
        TensorAssert.SameBits(x, frame, "no transform");
    }

    [TestMethod]
    public void Forward_SmallImage_FillsTheFrame()
    {
        float[] x = Ramp(4, 4), frame = new float[3 * 8 * 8];
        TransformChain.None.Draw(new Canvas(1, 4, 4), 8, 8, 0, 0).Forward(x, frame);

        // Half-pixel centres: pixel i of 8 lies at i/2 − 1/4 of 4, held at the edges.
        CollectionAssert.AreEqual(new float[] { 0, 0.25f, 0.75f, 1.25f, 1.75f, 2.25f, 2.75f, 3 }, frame[..8]);
    }

    [TestMethod]
    public void Forward_LargeImage_ShowsItsCentre()
    {
        float[] x = Ramp(8, 8), frame = new float[3 * 4 * 4];
        TransformChain.None.Draw(new Canvas(1, 8, 8), 4, 4, 0, 0).Forward(x, frame);
        CollectionAssert.AreEqual(new float[] { 2, 3, 4, 5 }, frame[..4]);
    }

    [TestMethod]
    public void Forward_Jitter_ShiftsByWholePixelsUpToItsSize()
    {
        var found = new HashSet<float>();
        for (ulong step = 0; step < 200; step++)
        {
            var frame = new float[3 * 6 * 6];
            new TransformChain(new Jitter(4)).Draw(new Canvas(1, 10, 10), 6, 6, 1, step).Forward(Ramp(10, 10), frame);
            found.Add(frame[0]);
            Assert.AreEqual(5, frame[5] - frame[0], "six neighbours in a row");
        }

        CollectionAssert.AreEquivalent(new float[] { 0, 1, 2, 3, 4 }, found.ToArray());
    }

    [TestMethod]
    [DataRow(9, 9)]
    [DataRow(10, 7)]
    public void Forward_Jitter_ShowsNothingButTheImage(int height, int width)
    {
        float[] x = [.. Enumerable.Range(0, 3 * height * width).Select(i => 10f + i)], frame = new float[3 * 5 * 4];
        var seen = new HashSet<(int, int)>();
        for (ulong step = 0; step < 300; step++)
        {
            TransformChain.Parse("jitter:3").Draw(new Canvas(1, height, width), 5, 4, 1, step).Forward(x, frame);
            (int top, int left) = Math.DivRem((int)frame[0] - 10, width);
            seen.Add((top, left));
            for (int i = 0; i < frame.Length; i++)
            {
                (int plane, int row, int column) = (i / 20, i % 20 / 4, i % 4);
                Assert.AreEqual(10f + (((plane * height) + top + row) * width) + left + column, frame[i], "whole pixels of one window");
            }
        }

        Assert.HasCount(16, seen, "all of four rows times four columns");
    }

    [TestMethod]
    public void Forward_PadAndOddJitter_KeepsPixelsSharp()
    {
        // 15 pixels and 2 on each side, less 3: 16 on a frame of 15, half a pixel too many on each side.
        float[] x = [.. Enumerable.Range(0, 3 * 15 * 15).Select(i => i % 15 == 7 ? 1f : 0f)], frame = new float[x.Length];
        for (ulong step = 0; step < 20; step++)
        {
            TransformChain.Parse("pad:2,jitter:3").Draw(new Canvas(1, 15, 15), 15, 15, 0, step).Forward(x, frame);
            Assert.IsTrue(frame.All(v => v is 0 or 0.5f or 1), "no pixel lies between two");
            Assert.Contains(1f, frame);
        }
    }

    [TestMethod]
    public void Forward_PadOnALargeFrame_ShowsSoMuchGrey()
    {
        float[] white = [.. Enumerable.Repeat(1f, 3 * 5 * 7)], frame = new float[3 * 9 * 11];
        TransformChain.Parse("pad:2").Draw(new Canvas(1, 5, 7), 9, 11, 0, 0).Forward(white, frame);
        for (int i = 0; i < frame.Length; i++)
        {
            (int y, int x) = (i / 11 % 9, i % 11);
            Assert.AreEqual(y is >= 2 and < 7 && x is >= 2 and < 9 ? 1 : 0.5f, frame[i], $"row {y}, column {x}");
        }
    }

    [TestMethod]
    public void Forward_Crop_FillsTheFrameWithASquareOfTheImage()
    {
        float[] x = Ramp(12, 12), frame = new float[3 * 8 * 8];
        var seen = new HashSet<float>();
        for (ulong step = 0; step < 100; step++)
        {
            TransformChain.Parse("crop:4").Draw(new Canvas(1, 12, 12), 8, 8, 0, step).Forward(x, frame);
            seen.Add(frame[1] - 0.25f);
            for (int i = 1; i < 7; i++)
            {
                Assert.AreEqual(frame[1] + ((i - 1) * 0.5f), frame[i], "pixel i of 8 lies at i/2 − 1/4 of 4");
            }
        }

        CollectionAssert.AreEquivalent(Enumerable.Range(0, 9).Select(i => (float)i).ToArray(), seen.ToArray());
    }

    [TestMethod]
    public void Forward_PadAndScaleDown_ShowsGreyOutside()
    {
        float[] white = [.. Enumerable.Repeat(1f, 3 * 10 * 10)], frame = new float[white.Length];
        new TransformChain(new Pad(2), new Scale(Spread.Between(0.5, 0.5))).Draw(new Canvas(1, 10, 10), 10, 10, 0, 0).Forward(white, frame);
        Assert.AreEqual(0.5f, frame[0]);
        Assert.AreEqual(1f, frame[(5 * 10) + 5]);
    }

    [TestMethod]
    public void Forward_ScaleDownWithoutPad_RepeatsTheEdge()
    {
        float[] white = [.. Enumerable.Repeat(1f, 3 * 10 * 10)], frame = new float[white.Length];
        new TransformChain(new Scale(Spread.Between(0.5, 0.5))).Draw(new Canvas(1, 10, 10), 10, 10, 0, 0).Forward(white, frame);
        Assert.IsTrue(frame.All(v => v == 1));
    }

    [TestMethod]
    [DataRow("blur:1.5", 1f)]
    [DataRow("pad:1,blur:1.5", 0.5f)]
    public void Forward_BlurOfWhite_SeesWhatLiesOutside(string text, float outside)
    {
        float[] white = [.. Enumerable.Repeat(1f, 3 * 30 * 30)], frame = new float[white.Length];
        TransformChain.Parse(text).Draw(new Canvas(1, 30, 30), 30, 30, 0, 0).Forward(white, frame);
        Assert.AreEqual(1, frame[(15 * 30) + 15], 1e-6, "weights add up to 1");
        if (outside == 1)
        {
            Assert.IsTrue(frame.All(v => Math.Abs(v - 1) < 1e-6), "the nearest edge pixel");
        }
        else
        {
            Assert.IsTrue(frame[0] is > 0.6f and < 0.9f, $"a corner between white and grey: {frame[0]}");
        }
    }

    [TestMethod]
    public void Forward_Noise_IsIndependentAndOfItsDeviation()
    {
        var canvas = new Canvas(2, 64, 64);
        float[] x = new float[canvas.Length], frame = new float[x.Length];
        TransformChain.Parse("noise:0.1").Draw(canvas, 64, 64, 3, 0).Forward(x, frame);

        // Five standard errors of n = 24576: 1/√n of the deviation for the mean, √2/√n for the variance, 1/√n for the correlation of
        // neighbours.
        Assert.AreEqual(0, frame.Average(v => (double)v), 5 * 0.1 / Math.Sqrt(x.Length));
        Assert.AreEqual(0.01, frame.Average(v => (double)v * v), 5 * 0.01 * Math.Sqrt(2.0 / x.Length));
        Assert.AreEqual(0, Dot(frame[1..], frame[..^1]) / x.Length, 5 * 0.01 / Math.Sqrt(x.Length));
        CollectionAssert.AreNotEqual(frame[..canvas.Image], frame[canvas.Image..]);
    }

    [TestMethod]
    public void Forward_Flip_MirrorsHalfOfTheTime()
    {
        int mirrored = 0;
        for (ulong step = 0; step < 100; step++)
        {
            var frame = new float[3 * 4 * 4];
            new TransformChain(new Flip()).Draw(new Canvas(1, 4, 4), 4, 4, 1, step).Forward(Ramp(4, 4), frame);
            CollectionAssert.AreEqual(frame[0] == 0 ? new float[] { 0, 1, 2, 3 } : [3, 2, 1, 0], frame[..4]);
            mirrored += frame[0] == 0 ? 0 : 1;
        }

        Assert.IsTrue(mirrored is > 30 and < 70, $"{mirrored} of 100: more than four deviations from 50 otherwise");
    }

    [TestMethod]
    public void Draw_TwoImagesOrSteps_AreDrawnApart_AndRepeat()
    {
        var canvas = new Canvas(2, 12, 12);
        float[] image = new Gaussian(3).Values(canvas.Image), x = [.. image, .. image];
        float[] Frame(ulong seed, ulong step)
        {
            var frame = new float[2 * 3 * 12 * 12];
            TransformChain.Robust.Draw(canvas, 12, 12, seed, step).Forward(x, frame);
            return frame;
        }

        float[] first = Frame(5, 0);
        TensorAssert.SameBits(first, Frame(5, 0), "the same seed and step");
        CollectionAssert.AreNotEqual(first[..canvas.Image], first[canvas.Image..]);
        CollectionAssert.AreNotEqual(first, Frame(5, 1));
        CollectionAssert.AreNotEqual(first, Frame(6, 0));
    }

    [TestMethod]
    [DataRow("robust")]
    [DataRow(Everything)]
    public void Draw_OfABatch_DrawsItsFirstImageAsAlone(string text)
    {
        var one = new Canvas(1, 12, 11);
        float[] image = new Gaussian(4).Values(one.Image), alone = new float[3 * 10 * 10], three = new float[3 * alone.Length];
        TransformChain.Parse(text).Draw(one, 10, 10, 5, 9).Forward(image, alone);
        TransformChain.Parse(text).Draw(one with { Count = 3 }, 10, 10, 5, 9).Forward([.. image, .. image, .. image], three);
        TensorAssert.SameBits(alone, three[..alone.Length], "the first image");
    }

    [TestMethod]
    public void Draw_BlurOfAHugeCanvas_SaysHowLarge()
    {
        TransformChain chain = TransformChain.Parse("scale:10..10,scale:10..10,blur:1");
        InputException e = Assert.ThrowsExactly<InputException>(() => chain.Draw(new Canvas(1, 224, 224), 224, 224, 0, 0));
        StringAssert.Contains(e.Message, "22400×22400");
    }

    [TestMethod]
    public void Sampler_AnyMap_EqualsPyTorchsGridSample()
    {
        float[] image = Golden.Array("visualization", "affine-image.npy").Values,
            theta = Golden.Array("visualization", "affine-theta.npy").Values;
        (int Height, int Width) from = (11, 14), to = (9, 12);

        // PyTorch's units run from −1 to 1 over each image: pixels = (units + 1)·size/2.
        Affine ToUnits((int Height, int Width) size) => new(2.0 / size.Width, 0, -1, 0, 2.0 / size.Height, -1);
        Affine FromUnits((int Height, int Width) size) =>
            new(size.Width / 2.0, 0, size.Width / 2.0, 0, size.Height / 2.0, size.Height / 2.0);
        Affine map = FromUnits(from).After(new Affine(theta[0], theta[1], theta[2], theta[3], theta[4], theta[5])).After(ToUnits(to));
        float[] result = new float[3 * 9 * 12], expected = Golden.Array("visualization", "affine-result.npy").Values;
        var sampler = new BilinearSampler(from, to, map, greyOutside: true);
        sampler.Forward(image, result);
        var grey = new float[result.Length];
        sampler.Forward(new float[image.Length], grey); // zeros outside are what is left without the grey
        TensorAssert.RelativeL2(expected, [.. result.Zip(grey, (r, g) => r - g)], 1e-6, "float32 weights; measured at most 1e-7");
    }

    private static double Dot(float[] a, float[] b) => a.Zip(b, (x, y) => (double)x * y).Sum();

    /// <summary>Three planes whose values are their columns.</summary>
    private static float[] Ramp(int height, int width) => [.. Enumerable.Range(0, 3 * height * width).Select(i => (float)(i % width))];
}
