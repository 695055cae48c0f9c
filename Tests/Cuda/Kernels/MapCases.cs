using Interp.Tests.Cuda.Ptx.Storage;

namespace Interp.Tests.Cuda.Kernels;

/// <summary>Twins of <c>maps.cu</c>.</summary>
internal static class MapCases
{
    internal static IEnumerable<KernelCase> All()
    {
        foreach (int plane in (int[])[1, 49, 1000, 3000])
        {
            yield return new("plane_means", $"3 planes of {plane}", run =>
            {
                float[] x = TestValues.Normal(3 * plane, 1);
                DeviceBuffer<float> means = run.Allocate<float>(3);
                run.Grid(new(3), run.Upload(x), means, plane);
                KernelRun.Close(
                    TestValues.Fill(3, i => x.Skip(i * plane).Take(plane).Average(v => (double)v)), means, 1e-6,
                    "a float32 sum of 256 partial sums");
            });
        }

        foreach ((int channels, int plane) in ((int, int)[])[(1, 1), (13, 49), (3, 3600), (8, 300), (6, 300), (0, 2400), (0, 40)])
        {
            yield return new("weighted_channels", $"2 images of {channels} channels of {plane}", run =>
            {
                float[] x = TestValues.Normal(2 * channels * plane, 2), w = TestValues.Normal(2 * channels, 3);
                DeviceBuffer<float> map = run.Allocate<float>(2 * plane);
                run.Planes(2, plane, 1, run.Upload(x), run.Upload(w), map, channels, plane);
                KernelRun.SameBits(
                    TestValues.Fill(2 * plane, i =>
                    {
                        float sum = 0;
                        for (int c = i / plane * channels; c < ((i / plane) + 1) * channels; c++)
                        {
                            sum = MathF.FusedMultiplyAdd(w[c], x[(c * plane) + (i % plane)], sum);
                        }

                        return sum;
                    }),
                    map);
            });
        }
    }
}
