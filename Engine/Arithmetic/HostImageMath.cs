using Interp.Engine.Common;

namespace Interp.Engine.Arithmetic;

/// <summary>
/// Image arithmetic on the host, summed in float64 in index order. What is done for each value apart (noise, moments) is shared out over
/// threads; who does which part changes no bit.
/// </summary>
/// <param name="share">Calls a task for each number below a count, on as many threads as there are; null for the calling thread.</param>
internal sealed class HostImageMath(Action<int, Action<int>>? share = null) : IImageMath
{
    private const int Part = 1 << 13;

    /// <summary>The one on the calling thread.</summary>
    internal static HostImageMath Instance { get; } = new();

    public void AddNoise(ReadOnlyMemory<float> x, double sigma, Rng sequence, Memory<float> noisy) => InParts(x.Length, (first, count) =>
        NormalNoise.Add(x.Span.Slice(first, count), sigma, sequence, first, noisy.Span.Slice(first, count)));

    public void Fill(MaskedImages images, int[] which, HeldValues inputs)
    {
        float[] array = ((HostValues)inputs).Array;
        int each = images.Image.Length;
        Share(which.Length, i => images.Make(which[i], array.AsSpan(i * each, each)));
    }

    public double[] PlaneMeans(ReadOnlySpan<float> planes, int length)
    {
        var means = new double[planes.Length / length];
        for (int k = 0; k < means.Length; k++)
        {
            double total = 0;
            foreach (float value in planes.Slice(k * length, length))
            {
                total += value;
            }

            means[k] = total / length;
        }

        return means;
    }

    public double[] WeightedSum(ReadOnlySpan<float> planes, ReadOnlySpan<double> weights, int length)
    {
        var sum = new double[length];
        for (int k = 0; k < weights.Length; k++)
        {
            ReadOnlySpan<float> plane = planes.Slice(k * length, length);
            for (int i = 0; i < sum.Length; i++)
            {
                sum[i] += weights[k] * plane[i];
            }
        }

        return sum;
    }

    public ISampleStream CreateStream() => new HostSampleStream(this);

    public void Step(in AdamStep step, Span<float> parameters, ReadOnlySpan<float> gradient, Span<float> mean, Span<float> square)
    {
        for (int i = 0; i < parameters.Length; i++)
        {
            double g = gradient[i];
            double m = (step.Beta1 * mean[i]) + ((1 - step.Beta1) * g), v = (step.Beta2 * square[i]) + ((1 - step.Beta2) * g * g);
            (mean[i], square[i]) = ((float)m, (float)v);
            parameters[i] += (float)(step.Scale * m / ((Math.Sqrt(v) * step.Root) + step.Epsilon));
        }
    }

    public IImageSampler CreateSampler((int Height, int Width) from, (int Height, int Width) to, Affine map, bool greyOutside) =>
        new BilinearSampler(from, to, map, greyOutside);

    public IPlaneFourier CreateFourier(int height, int width) => new RealFourier(height, width);

    public IPlaneColors CreateColors(int channels, bool decorrelated) =>
        channels == 1 ? GreyTone.Instance : new ColorSpace(decorrelated);

    /// <summary>Calls work on parts (first, count) that together are 0 to length − 1: the same ones on any number of threads.</summary>
    internal void InParts(int length, Action<int, int> work)
    {
        int parts = (length + Part - 1) / Part;
        if (share is null || parts < 2)
        {
            work(0, length);
            return;
        }

        Share(parts, p => work(p * Part, Math.Min(Part, length - (p * Part))));
    }

    private void Share(int count, Action<int> task)
    {
        if (share is not null)
        {
            share(count, task);
            return;
        }

        for (int i = 0; i < count; i++)
        {
            task(i);
        }
    }
}
