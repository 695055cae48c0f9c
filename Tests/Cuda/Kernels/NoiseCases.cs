using Interp.Engine.Common;
using Interp.Tests.Cuda.Ptx.Storage;

namespace Interp.Tests.Cuda.Kernels;

/// <summary>Twins of <c>noise.cu</c>: the CPU's own random numbers, and moments by their definition.</summary>
internal static class NoiseCases
{
    private const string Reason = "rounded to float32 once; the float64 before it differs by a few ulp of its own";

    internal static IEnumerable<KernelCase> All()
    {
        yield return new("add_noise", "the last block of more than 2^32 values", run =>
        {
            float[] x = TestValues.Normal(256, 4);
            DeviceBuffer<float> noisy = Elementwise.Tail(run);
            Elementwise.LastBlock(run, Elementwise.Tail(run, x), noisy, 2.0, 5UL, 6UL, 1UL, Elementwise.Far);
            KernelRun.Close(TestValues.Fill(256, i => x[i] + (2 * new Rng(5, 6).Gaussian((ulong)(Elementwise.Far - 256 + i)))), noisy,
                1.2e-7, Reason);
        });
        foreach ((ulong seed, ulong stream, ulong step) in ((ulong, ulong, ulong)[])[(0, 0, 1),
            (0xFEDCBA9876543210, 0xFFFFFFFFFFFFFFF0, 0x123456789)])
        {
            yield return new("add_noise", $"3 samples, seed {seed:X}, stream {stream:X}", run =>
            {
                const int Count = 300;
                float[] x = TestValues.Normal(Count, 1);
                DeviceBuffer<float> noisy = run.Allocate<float>(3 * Count);
                run.Over(seed == 0 ? 1 : 2, 3, run.Upload(x), noisy, 0.15, seed, stream, step, (long)Count);
                KernelRun.Close(
                    TestValues.Fill(3 * Count, i =>
                    x[i % Count] + (0.15 * new Rng(seed, stream + ((ulong)(i / Count) * step)).Gaussian((ulong)(i % Count)))),
                    noisy, 1.2e-7, Reason);
            });
        }

        foreach ((int before, int rows) in ((int, int)[])[(0, 3), (0, 4), (0, 9), (0, 10), (0, 11), (1, 1), (5, 4), (2, 11), (3, 10),
            (1, 9), (3, 0), (0, 0)])
        {
            foreach ((int count, int blocks) in ((int, int)[])[(2500, 1), (1024, 1), (100, 1)])
            {
                yield return Moments(before, rows, count, blocks);
            }
        }
    }

    private static KernelCase Moments(int before, int rows, int count, int blocks) =>
        new("add_moments", $"{rows} samples of {count} behind {before}", run =>
    {
        double[] earlier = Array.ConvertAll(TestValues.Normal(before * count, 2), v => (double)v);
        double[] samples = Array.ConvertAll(TestValues.Normal(rows * count, 3), v => (double)v);
        (double[] oldMean, double[] oldSquares) = Moments(earlier, before, count);
        (double[] newMean, double[] newSquares) = Moments([.. earlier, .. samples], before + rows, count);
        DeviceBuffer<double> mean = before == 0 ? run.Allocate<double>(count) : run.Upload(oldMean);
        DeviceBuffer<double> squares = before == 0 ? run.Allocate<double>(count) : run.Upload(oldSquares);
        run.Over(blocks, 1, run.Upload(samples), mean, squares, rows, before, (long)count);
        KernelRun.Close(newMean, mean.ToArray(), 1e-14, "float64 in another order");
        KernelRun.Close(newSquares, squares.ToArray(), 1e-14, "float64 in another order");
    });

    private static (double[] Mean, double[] Squares) Moments(double[] samples, int rows, int count)
    {
        double[] mean = TestValues.Fill(count, i => Enumerable.Range(0, rows).Sum(r => samples[(r * count) + i]) / Math.Max(1, rows));
        return (mean, TestValues.Fill(count, i => Enumerable.Range(0, rows).Sum(r => Math.Pow(samples[(r * count) + i] - mean[i], 2))));
    }
}
