using Interp.Cuda;
using Interp.Cuda.Driver;
using Interp.Cuda.Images;
using Interp.Engine.Arithmetic;
using Interp.Engine.Backends;
using Interp.Engine.Common;
using Interp.Tests.Support;

namespace Interp.Tests.Cuda;

/// <summary>Image arithmetic on a CUDA device against the host's. A kind of device is tested by one class derived from this.</summary>
public abstract class CudaImageMathTests
{
    private const string Rounding = "float32, a few operations a value";

    private CudaBackend? _backend;

    private static HostImageMath Host => HostImageMath.Instance;

    /// <summary>The device, as a test finds it.</summary>
    protected abstract CudaOptions Options { get; }

    private IImageMath Device => ((IBackend)_backend!).Images;

    [TestInitialize]
    public void Open() => _backend = CudaBackend.Open(Options);

    [TestCleanup]
    public virtual void Cleanup() => _backend?.Dispose();

    [TestMethod]
    [DataRow(0UL, 1UL)]
    [DataRow(18_446_744_073_709_551_615UL, 12_345_678_901_234UL)]
    public void AddNoise_AnySequence_GivesTheHostsNumbers(ulong seed, ulong stream)
    {
        float[] x = new Gaussian(1).Values(5000);
        float[] expected = new float[x.Length], found = new float[x.Length];

        Host.AddNoise(x, 0.7, new Rng(seed, stream), expected);
        Device.AddNoise(x, 0.7, new Rng(seed, stream), found);

        int different = expected.Zip(found).Count(p => p.First != p.Second);
        Assert.IsLessThanOrEqualTo(2, different,
            "float64 on both sides: only where the last bit of a logarithm or cosine decides a rounding to float32");
        TensorAssert.RelativeL2(expected, found, 1e-7, Rounding);
    }

    /// <summary>Variations of each kind, some before and after one another, of another image, and of one again that was left.</summary>
    [TestMethod]
    [DataRow(1, 20, 33)]
    [DataRow(3, 33, 20)]
    public void Fill_MaskedImages_HaveTheHostsBits(int channels, int height, int width)
    {
        MaskedImages[] kinds = [.. MaskedImageCases.All(channels, height, width)];
        int length = channels * height * width;
        int[] which = [4, 0, 7];
        using DeviceMemory memory = CudaContext.Allocate(which.Length * length * sizeof(float), "a test");
        foreach (MaskedImages images in (MaskedImages[])[.. kinds, .. kinds])
        {
            var inputs = new HostValues(new float[which.Length * length]);
            Host.Fill(images, which, inputs);
            for (int again = 0; again < 2; again++)
            {
                Device.Fill(images, which, new DeviceArray(memory.Address, which.Length * length));
                float[] found = new float[inputs.Array.Length];
                _backend!.Stream.Download(memory.Address, found);
                TensorAssert.SameBits(inputs.Array, found, $"{images}, time {again}: the same operations in the same order");
            }
        }
    }

    [TestMethod]
    public void MeansAndSums_OfPlanes_AreTheHosts()
    {
        float[] planes = new Gaussian(3).Values(37 * 196);
        double[] weights = Array.ConvertAll(new Gaussian(4).Values(37), w => (double)w);
        TensorAssert.RelativeL2(Host.PlaneMeans(planes, 196), Array.ConvertAll(Device.PlaneMeans(planes, 196), v => (float)v), 1e-5,
            "means near zero of 196 float32 values");
        TensorAssert.RelativeL2(Host.WeightedSum(planes, weights, 196),
            Array.ConvertAll(Device.WeightedSum(planes, weights, 196), v => (float)v), 1e-6, Rounding);
    }

    [TestMethod]
    public void Moments_OfSamples_AreTheHosts()
    {
        using IMoments host = Host.CreateStream(), device = Device.CreateStream();
        for (int i = 0; i < 7; i++)
        {
            double[] sample = Array.ConvertAll(new Gaussian(10 + i).Values(999), v => (double)v);
            host.Add(sample);
            device.Add(sample);
        }

        TensorAssert.RelativeL2(host.Mean, device.Mean, 1e-15, "float64, the same formula");
        TensorAssert.RelativeL2(host.Variance, device.Variance, 1e-15, "float64, the same formula");
        TensorAssert.RelativeL2(host.MeanSquare, device.MeanSquare, 1e-15, "float64, the same formula");
    }

    /// <summary>Noisy images whose streams follow one another and others, an image itself, points on lines between them, and terms of one
    /// and of three a sample, over more batches than the device remembers images of.</summary>
    [TestMethod]
    [DataRow(1)]
    [DataRow(3)]
    public void Stream_PointsAndTerms_AreTheHosts(int each)
    {
        const int Length = 301, Rows = 6, Batches = 15;
        using ISampleStream host = Host.CreateStream(), device = Device.CreateStream();
        using DeviceMemory memory = CudaContext.Allocate(Rows * Length * sizeof(float), "a test");
        var inputs = new HostValues(new float[Rows * Length]);
        var held = new DeviceArray(memory.Address, Rows * Length);
        float[] image = new Gaussian(20).Values(Length);
        for (int b = 0; b < Batches; b++)
        {
            float[] other = new Gaussian(30 + b).Values(Length);
            NoisyImage[] noisy = [.. Enumerable.Range(0, 3).Select(i => new NoisyImage(image, 0.3, new Rng(7, (ulong)(256 * (b + i)))))];
            var line = new ImageLine(other, noisy[2]);
            GradientTerm[] terms =
            [
                new(new LinePoint(noisy[0])), new(new LinePoint(noisy[1]), 0.5), new(new LinePoint(new NoisyImage(image)), 1, line),
                new(new LinePoint(line, 0.3), 0.25, line), new(new LinePoint(new ImageLine(image, new NoisyImage(other)), 0.9), 2),
                new(new LinePoint(noisy[1]), 1, new ImageLine((NoisyImage?)null, noisy[1])),
            ];
            LinePoint[] points = Array.ConvertAll(terms, t => t.At);
            host.Fill(points, inputs);
            device.Fill(points, held);
            float[] found = new float[Rows * Length];
            _backend!.Stream.Download(memory.Address, found);
            TensorAssert.RelativeL2(inputs.Array, found, 1e-7, "float64 inside, rounded to float32 once");

            float[] gradients = new Gaussian(60 + b).Values(Rows * Length);
            _backend.Stream.Upload(gradients, memory.Address);
            host.Add(terms, each, new HostValues(gradients));
            device.Add(terms, each, held);
        }

        TensorAssert.RelativeL2(host.Mean, device.Mean, 1e-7, "ways are float32, whose last bits the noise's decide");
        TensorAssert.RelativeL2(host.Variance, device.Variance, 1e-7, "ways are float32, whose last bits the noise's decide");
    }

    [TestMethod]
    public void Climb_Adam_IsTheHosts()
    {
        float[] gradient = new Gaussian(5).Values(777);
        float[][] host = [new Gaussian(6).Values(777), new float[777], new float[777]],
            device = [[.. host[0]], new float[777], new float[777]];
        for (int i = 1; i < 4; i++)
        {
            var step = new AdamStep(0.05 / (1 - Math.Pow(0.9, i)), 1 / Math.Sqrt(1 - Math.Pow(0.999, i)), 0.9, 0.999, 1e-8);
            Host.Step(step, host[0], gradient, host[1], host[2]);
            Device.Step(step, device[0], gradient, device[1], device[2]);
        }

        for (int i = 0; i < 3; i++)
        {
            TensorAssert.SameBits(host[i], device[i], "float64 inside, rounded once on both sides");
        }
    }

    [TestMethod]
    [DataRow(1.0, 0.0, 0.0, 0.0, 1.0, 0.0, true)]
    [DataRow(0.93, -0.21, 3.3, 0.21, 0.93, -1.7, true)]
    [DataRow(0.93, -0.21, 3.3, 0.21, 0.93, -1.7, false)]
    [DataRow(1.7, 0.4, -9.0, -0.4, 1.7, 2.0, false)]
    [DataRow(0.4, 0.1, 2.0, -0.1, 0.4, 5.0, true)]
    public void Sampler_AnyMap_IsTheHostsForwardAndBack(double xx, double xy, double x, double yx, double yy, double y, bool grey)
    {
        var map = new Affine(xx, xy, x, yx, yy, y);
        IImageSampler host = Host.CreateSampler((23, 31), (29, 19), map, grey),
            device = Device.CreateSampler((23, 31), (29, 19), map, grey);
        float[] source = new Gaussian(7).Values(3 * 23 * 31), upstream = new Gaussian(8).Values(3 * 29 * 19);
        float[] expected = new float[upstream.Length], found = new float[upstream.Length];
        host.Forward(source, expected);
        device.Forward(source, found);
        TensorAssert.RelativeL2(expected, found, 1e-6, Rounding);

        float[] expectedBack = new Gaussian(9).Values(source.Length), foundBack = [.. expectedBack];
        host.Backward(upstream, expectedBack);
        device.Backward(upstream, foundBack);
        TensorAssert.RelativeL2(expectedBack, foundBack, 1e-6, "sums of up to some hundred values at repeated edges");
    }

    [TestMethod]
    [DataRow(16, 16)]
    [DataRow(15, 20)]
    [DataRow(224, 21)]
    public void Fourier_AnySize_IsTheHosts(int height, int width)
    {
        IPlaneFourier host = Host.CreateFourier(height, width), device = Device.CreateFourier(height, width);
        int half = height * host.Half, pixels = height * width;
        Assert.AreEqual(host.Half, device.Half);
        float[] re = new Gaussian(11).Values(half), im = new Gaussian(12).Values(half), plane = new Gaussian(13).Values(pixels);
        float[] expected = new float[pixels], found = new float[pixels];
        host.Inverse(re, im, expected);
        device.Inverse(re, im, found);
        TensorAssert.RelativeL2(expected, found, 2e-6, "float32 sums of up to 448 terms");

        float[] expectedRe = new float[half], expectedIm = new float[half], foundRe = new float[half], foundIm = new float[half];
        host.InverseTransposed(plane, expectedRe, expectedIm);
        device.InverseTransposed(plane, foundRe, foundIm);
        TensorAssert.RelativeL2([.. expectedRe, .. expectedIm], (float[])[.. foundRe, .. foundIm], 2e-6, "float32 sums of up to 448 terms");
    }

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public void Colors_Planes_AreTheHosts(bool decorrelated)
    {
        IPlaneColors host = Host.CreateColors(3, decorrelated), device = Device.CreateColors(3, decorrelated);
        float[] planes = new Gaussian(14).Values(3 * 333), upstream = new Gaussian(15).Values(3 * 333);
        float[] expected = new float[planes.Length], found = new float[planes.Length];
        host.Forward(planes, expected);
        device.Forward(planes, found);
        TensorAssert.RelativeL2(expected, found, 1e-6, Rounding);

        float[] expectedBack = new float[planes.Length], foundBack = new float[planes.Length];
        host.Backward(expected, upstream, expectedBack);
        device.Backward(expected, upstream, foundBack);
        TensorAssert.RelativeL2(expectedBack, foundBack, 1e-6, Rounding);
        CollectionAssert.AreEqual(host.PlanesOf(expected), device.PlanesOf(expected));
    }
}
