using Interp.Engine.Common;
using Interp.Engine.Visualization;
using Interp.Engine.Visualization.Transforms;
using Interp.Tests.Support;

namespace Interp.Tests.Engine.Visualization.Transforms;

[TestClass]
public sealed class TransformChainTests
{
    private const string Everything = "pad:3,jitter:4,flip,scale:0.8..1.3,rotate:-20..20,blur:0.8,jitter:2,noise:0.1,crop:9";

    [TestMethod]
    [DataRow("none")]
    [DataRow("pad:3")]
    [DataRow("jitter:5")]
    [DataRow("scale:0.7..1.4")]
    [DataRow("rotate:-45..45")]
    [DataRow("flip")]
    [DataRow("crop:7")]
    [DataRow("blur:1.5")]
    [DataRow("noise:0.2")]
    [DataRow("robust")]
    [DataRow(Everything)]
    public void Backward_AnyChain_IsTheAdjointOfForward(string text)
    {
        var canvas = new Canvas(2, 13, 10);
        TransformChain chain = TransformChain.Parse(text);
        var random = new Gaussian(1);
        for (ulong step = 0; step < 5; step++)
        {
            DrawnTransforms drawn = chain.Draw(canvas, 12, 15, 7, step);
            float[] x = random.Values(canvas.Length), zero = new float[canvas.Length], y = random.Values(2 * 3 * 12 * 15), back = new float[canvas.Length];
            float[] there = new float[y.Length], offset = new float[y.Length];
            drawn.Forward(x, there);
            drawn.Forward(zero, offset); // What does not depend on the picture: grey outside, and noise.
            drawn.Backward(y, back);
            double left = 0;
            for (int i = 0; i < y.Length; i++)
            {
                left += (double)(there[i] - offset[i]) * y[i];
            }

            Assert.AreEqual(left, x.Zip(back, (a, b) => (double)a * b).Sum(), 2e-4, $"{text}, step {step}: ⟨Ax, y⟩ = ⟨x, Aᵀy⟩ for about 500 float32 values of size 1");
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
    public void Forward_SmallPicture_FillsTheFrame()
    {
        float[] x = Ramp(4, 4), frame = new float[3 * 8 * 8];
        TransformChain.None.Draw(new Canvas(1, 4, 4), 8, 8, 0, 0).Forward(x, frame);

        // Half-pixel centres: pixel i of 8 lies at i/2 − 1/4 of 4, held at the edges.
        CollectionAssert.AreEqual(new float[] { 0, 0.25f, 0.75f, 1.25f, 1.75f, 2.25f, 2.75f, 3 }, frame[..8]);
    }

    [TestMethod]
    public void Forward_LargePicture_ShowsItsCentre()
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
    public void Forward_PadAndScaleDown_ShowsGreyOutside()
    {
        float[] white = [.. Enumerable.Repeat(1f, 3 * 10 * 10)], frame = new float[white.Length];
        new TransformChain(new Pad(2), new Scale(0.5, 0.5)).Draw(new Canvas(1, 10, 10), 10, 10, 0, 0).Forward(white, frame);
        Assert.AreEqual(0.5f, frame[0]);
        Assert.AreEqual(1f, frame[(5 * 10) + 5]);
    }

    [TestMethod]
    public void Forward_ScaleDownWithoutPad_RepeatsTheEdge()
    {
        float[] white = [.. Enumerable.Repeat(1f, 3 * 10 * 10)], frame = new float[white.Length];
        new TransformChain(new Scale(0.5, 0.5)).Draw(new Canvas(1, 10, 10), 10, 10, 0, 0).Forward(white, frame);
        Assert.IsTrue(frame.All(v => v == 1));
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
    public void Draw_TwoPicturesOrSteps_AreDrawnApart_AndRepeat()
    {
        var canvas = new Canvas(2, 12, 12);
        float[] picture = new Gaussian(3).Values(canvas.Picture), x = [.. picture, .. picture];
        float[] Frame(ulong seed, ulong step)
        {
            var frame = new float[2 * 3 * 12 * 12];
            TransformChain.Robust.Draw(canvas, 12, 12, seed, step).Forward(x, frame);
            return frame;
        }

        float[] first = Frame(5, 0);
        TensorAssert.SameBits(first, Frame(5, 0), "the same seed and step");
        CollectionAssert.AreNotEqual(first[..canvas.Picture], first[canvas.Picture..]);
        CollectionAssert.AreNotEqual(first, Frame(5, 1));
        CollectionAssert.AreNotEqual(first, Frame(6, 0));
    }

    [TestMethod]
    public void Sampler_AnyMap_EqualsPyTorchsGridSample()
    {
        float[] picture = Golden.Array("visualization", "affine-picture.npy").Values, theta = Golden.Array("visualization", "affine-theta.npy").Values;
        (int Height, int Width) from = (11, 14), to = (9, 12);

        // PyTorch's units run from −1 to 1 over each picture: pixels = (units + 1)·size/2.
        Affine ToUnits((int Height, int Width) size) => new(2.0 / size.Width, 0, -1, 0, 2.0 / size.Height, -1);
        Affine FromUnits((int Height, int Width) size) => new(size.Width / 2.0, 0, size.Width / 2.0, 0, size.Height / 2.0, size.Height / 2.0);
        Affine map = FromUnits(from).After(new Affine(theta[0], theta[1], theta[2], theta[3], theta[4], theta[5])).After(ToUnits(to));
        float[] result = new float[3 * 9 * 12], expected = Golden.Array("visualization", "affine-result.npy").Values;
        var sampler = new BilinearSampler(from, to, map, greyOutside: true);
        sampler.Forward(picture, result);
        var grey = new float[result.Length];
        sampler.Forward(new float[picture.Length], grey); // zeros outside are what is left without the grey
        TensorAssert.RelativeL2(expected, [.. result.Zip(grey, (r, g) => r - g)], 1e-6, "float32 weights; measured at most 1e-7");
    }

    [TestMethod]
    [DataRow(Everything)]
    [DataRow("none")]
    [DataRow("scale:1..1,flip")]
    public void ToString_AnyChain_ReadsBack(string text) => Assert.AreEqual(text, TransformChain.Parse(text).ToString());

    [TestMethod]
    public void ToString_Robust_IsLucidsChain() => Assert.AreEqual("pad:12,jitter:8,scale:0.9..1.1,rotate:-10..10,jitter:4", TransformChain.Robust.ToString());

    [TestMethod]
    [DataRow("")]
    [DataRow("jitter")]
    [DataRow("jitter:-1")]
    [DataRow("jitter:99999")]
    [DataRow("flip:2")]
    [DataRow("scale:0..1")]
    [DataRow("scale:2..1")]
    [DataRow("rotate:5")]
    [DataRow("blur:0")]
    [DataRow("blur:NaN")]
    [DataRow("twirl:3")]
    [DataRow("pad:2,,flip")]
    public void Parse_WrongText_SaysWhatIsKnown(string text)
    {
        InputException e = Assert.ThrowsExactly<InputException>(() => TransformChain.Parse(text));
        StringAssert.Contains(e.Message, "pad:12, jitter:8, scale:0.9..1.1");
    }

    /// <summary>Three planes whose values are their columns.</summary>
    private static float[] Ramp(int height, int width) => [.. Enumerable.Range(0, 3 * height * width).Select(i => (float)(i % width))];
}
