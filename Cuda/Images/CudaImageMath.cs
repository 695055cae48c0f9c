using Interp.Engine.Arithmetic;
using Interp.Engine.Common;

namespace Interp.Cuda.Images;

/// <summary>Image arithmetic by own kernels: arrays go to the device and come back, some tenths of a megabyte each way.</summary>
internal sealed class CudaImageMath(CudaBackend backend) : IImageMath, IDisposable
{
    private readonly Dictionary<(int Height, int Width), CudaFourier> _fouriers = [];
    private CudaMasks? _masks;

    internal CudaBackend Backend => backend;

    internal DeviceScratch Scratch { get; } = new(backend.Stream);

    public void AddNoise(ReadOnlyMemory<float> x, double sigma, Rng sequence, Memory<float> noisy)
    {
        lock (Enter())
        {
            ulong from = Scratch.Put(0, x.Span), to = Scratch.Take(1, x.Length);
            backend.Kernels.LaunchOver(backend.Stream, "add_noise", x.Length, 1, from, to, sigma, sequence.Seed, sequence.Stream, 0UL,
                (long)x.Length);
            backend.Stream.Download(to, noisy.Span[..x.Length]);
        }
    }

    public void Fill(MaskedImages images, int[] which, HeldValues inputs)
    {
        lock (Enter())
        {
            (_masks ??= new CudaMasks(this)).Make(images, which, ((DeviceArray)inputs).Address);
        }
    }

    public double[] PlaneMeans(ReadOnlySpan<float> planes, int length)
    {
        lock (Enter())
        {
            var means = new float[planes.Length / length];
            ulong source = Scratch.Put(0, planes), target = Scratch.Take(1, means.Length);
            backend.Kernels.Launch(backend.Stream, "plane_means", ((uint)means.Length, 1, 1), source, target, length);
            backend.Stream.Download(target, means);
            return Array.ConvertAll(means, m => (double)m);
        }
    }

    public double[] WeightedSum(ReadOnlySpan<float> planes, ReadOnlySpan<double> weights, int length)
    {
        lock (Enter())
        {
            var factors = new float[weights.Length];
            for (int i = 0; i < factors.Length; i++)
            {
                factors[i] = (float)weights[i];
            }

            var sum = new float[length];
            ulong source = Scratch.Put(0, planes), by = Scratch.Put(1, factors), target = Scratch.Take(2, length);
            backend.Kernels.LaunchPlanes(backend.Stream, "weighted_channels", 1, length, 1, source, by, target, factors.Length, length);
            backend.Stream.Download(target, sum);
            return Array.ConvertAll(sum, s => (double)s);
        }
    }

    public ISampleStream CreateStream() => new CudaSampleStream(this);

    public void Step(in AdamStep step, Span<float> parameters, ReadOnlySpan<float> gradient, Span<float> mean, Span<float> square)
    {
        lock (Enter())
        {
            ulong theta = Scratch.Put(0, parameters), g = Scratch.Put(1, gradient), m = Scratch.Put(2, mean), v = Scratch.Put(3, square);
            backend.Kernels.LaunchOver(
                backend.Stream, "adam_step", parameters.Length, 1, theta, g, m, v, step.Scale, step.Root, step.Beta1, step.Beta2,
                step.Epsilon, (long)parameters.Length);
            backend.Stream.Download(theta, parameters);
            backend.Stream.Download(m, mean);
            backend.Stream.Download(v, square);
        }
    }

    public IImageSampler CreateSampler((int Height, int Width) from, (int Height, int Width) to, Affine map, bool greyOutside) =>
        new CudaSampler(this, from, to, map, greyOutside);

    public IPlaneFourier CreateFourier(int height, int width)
    {
        if (!_fouriers.TryGetValue((height, width), out CudaFourier? fourier))
        {
            _fouriers[(height, width)] = fourier = new CudaFourier(this, height, width);
        }

        return fourier;
    }

    public IPlaneColors CreateColors(int channels, bool decorrelated) =>
        channels == 1 ? GreyTone.Instance : new CudaColors(this, new ColorSpace(decorrelated));

    /// <summary>Makes the device the calling thread's; what is returned is to be locked while it is used.</summary>
    internal Lock Enter()
    {
        backend.Context.MakeCurrent();
        return backend.Gate;
    }

    public void Dispose()
    {
        foreach (CudaFourier fourier in _fouriers.Values)
        {
            fourier.Dispose();
        }

        _masks?.Dispose();
        Scratch.Dispose();
    }
}
