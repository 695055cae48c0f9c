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

        foreach ((int h, int w, int height, int width) in ((int, int, int, int)[])[(1, 1, 3, 2), (7, 7, 60, 60), (5, 9, 5, 9),
            (6, 8, 4, 3)])
        {
            yield return new("resize_bilinear", $"{h}x{w} to {height}x{width}", run =>
            {
                float[] x = TestValues.Normal(2 * h * w, 4);
                DeviceBuffer<float> y = run.Allocate<float>(2 * height * width);
                run.Planes(2, height * width, 1, run.Upload(x), y, h, w, height, width);
                KernelRun.Close(
                    TestValues.Fill(2 * height * width, i =>
                    {
                        double row = ((i / width % height) + 0.5) * h / height, column = ((i % width) + 0.5) * w / width;
                        return Bilinear(x, i / (height * width) * h * w, h, w, row, column);
                    }),
                    y, 2e-7, "rounded to float32 once");
            });
        }
    }

    /// <summary>The mean of all pixels, each with the share 1 - distance in both directions; pixels beyond the edge are those at the
    /// edge.</summary>
    private static double Bilinear(float[] x, int plane, int h, int w, double row, double column)
    {
        double sum = 0;
        for (int i = -1; i <= h; i++)
        {
            for (int j = -1; j <= w; j++)
            {
                double share = Math.Max(0, 1 - Math.Abs(row - i - 0.5)) * Math.Max(0, 1 - Math.Abs(column - j - 0.5));
                sum += share * x[plane + (Math.Clamp(i, 0, h - 1) * w) + Math.Clamp(j, 0, w - 1)];
            }
        }

        return sum;
    }
}
