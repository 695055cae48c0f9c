using Interp.Engine.Arithmetic;
using Interp.Engine.Backends;
using Interp.Engine.Common;
using Interp.Engine.Cpu;
using Interp.Tests.Support;

namespace Interp.Tests.Engine.Arithmetic;

[TestClass]
public sealed class SampleStreamTests
{
    private const int Length = 20_003;

    private static readonly float[] s_image = new Gaussian(1).Values(Length), s_other = new Gaussian(2).Values(Length);

    [TestMethod]
    public void Fill_EachKindOfPoint_IsItsDefinition()
    {
        var noisy = new NoisyImage(s_image, 0.4, new Rng(3, 4));
        float[] rows = Fill(
            HostImageMath.Instance, new(new NoisyImage(s_image)), new(noisy), new(new ImageLine(s_other, noisy), 0.3),
            new(new ImageLine(s_other, noisy)));

        float[] end = noisy.On(HostImageMath.Instance);
        for (int i = 0; i < Length; i++)
        {
            Assert.AreEqual(s_image[i], rows[i]);
            Assert.AreEqual(end[i], rows[Length + i]);
            Assert.AreEqual((float)(s_other[i] + (0.3 * ((double)end[i] - s_other[i]))), rows[(2 * Length) + i]);
            Assert.AreEqual(end[i], rows[(3 * Length) + i], Math.Abs(end[i]) * 1e-15, "the line's end, by way of float64");
        }
    }

    [TestMethod]
    [DataRow(1)]
    [DataRow(2)]
    public void Add_Terms_AreThePlainLoopsMoments(int each)
    {
        const int Rows = 4;
        NoisyImage image = new(s_image), noisy = new(s_image, 0.4, new Rng(3, 5));
        GradientTerm[] terms =
        [
            new(new LinePoint(image), 2), new(new LinePoint(noisy), 0.5, new ImageLine(s_other, noisy)),
            new(new LinePoint(image), 1, new ImageLine(null as NoisyImage, image)), new(new LinePoint(image)),
        ];
        float[] gradients = new Gaussian(6).Values(Rows * Length), end = noisy.On(HostImageMath.Instance);
        using ISampleStream stream = HostImageMath.Instance.CreateStream();

        stream.Add(terms.AsSpan(0, 3), each, new HostValues(gradients[..(3 * Length)]));
        stream.Add(terms.AsSpan(3), each, new HostValues(gradients[(3 * Length)..]));

        (double[] mean, double[] variance) = (stream.Mean, stream.Variance);
        for (int i = 0; i < Length; i++)
        {
            double Of(int row) => gradients[(row * Length) + i];
            double[] values = [2 * Of(0), 0.5 * ((double)(end[i] - s_other[i]) * Of(1)), s_image[i] * Of(2), Of(3)];
            double[] samples = each == 1 ? values : [values[0] + values[1], values[2] + values[3]];
            double expected = samples.Average();
            Assert.AreEqual(expected, mean[i], 1e-14 * Math.Max(1, samples.Max(Math.Abs)), "float64 in another order");
            double squares = samples.Average(v => (v - expected) * (v - expected));
            Assert.AreEqual(squares, variance[i], 1e-13 * Math.Max(1, squares), "float64 in another order");
        }
    }

    [TestMethod]
    public void Stream_AnyThreads_GivesTheSameBits()
    {
        var line = new ImageLine(s_other, new NoisyImage(s_image, 0.2, new Rng(8, 9)));
        float[]? rows = null;
        double[]? mean = null;
        foreach (int threads in (int[])[1, 3])
        {
            using var backend = new CpuBackend(new CpuOptions { Threads = threads });
            IImageMath math = ((IBackend)backend).Images;
            float[] found = Fill(math, new LinePoint(line, 0.7), new LinePoint(line.End));
            using ISampleStream stream = math.CreateStream();
            stream.Add([new(new LinePoint(line, 0.7), 0.5, line), new(new LinePoint(line.End))], 1, new HostValues(found));

            CollectionAssert.AreEqual(rows ??= found, found);
            CollectionAssert.AreEqual(mean ??= stream.Mean, stream.Mean);
        }
    }

    private static float[] Fill(IImageMath math, params LinePoint[] points)
    {
        var inputs = new HostValues(new float[points.Length * Length]);
        using ISampleStream stream = math.CreateStream();
        stream.Fill(points, inputs);
        return inputs.Array;
    }
}
