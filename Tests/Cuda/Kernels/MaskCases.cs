using Interp.Tests.Cuda.Ptx.Storage;

namespace Interp.Tests.Cuda.Kernels;

/// <summary>Twins of <c>masks.cu</c>: selections bit for bit, grids by their definition.</summary>
internal static class MaskCases
{
    private const int Images = 2, Channels = 3;

    /// <summary>Rows and columns of cells, of the enlarged grid, and where the image of 20×23 is cut out of it.</summary>
    private static readonly (int H, int W, int Tall, int Wide, int Top, int Left)[] s_grids =
        [(1, 1, 20, 23, 0, 0), (3, 3, 28, 32, 5, 8), (7, 5, 24, 30, 0, 7), (9, 9, 20, 23, 0, 0), (40, 30, 20, 23, 0, 0)];

    private static readonly (int Height, int Width) s_size = (20, 23);

    internal static IEnumerable<KernelCase> All() =>
        [.. Elementwise.Sizes.SelectMany(s => (KernelCase[])[Labels(s.Count, s.Blocks), Boxes(s.Count, s.Blocks)]),
            .. s_grids.SelectMany(g => (KernelCase[])[Ranges(g), Grids(g, false), Grids(g, true)]), Ranges((2, 1, 3, 4, 0, 0)),
            NotNumbers(Channels), Labels(100, 1, 0), Boxes(100, 1, 0), Grids(s_grids[1], true, 0), NotNumbers(0)];

    private static KernelCase Labels(int plane, int blocks, int channels = Channels) =>
        new("mask_labels", $"{channels} planes of {plane}", run =>
        {
            const int Count = 5;
            float[] image = TestValues.Hard(channels * plane, 1), fill = TestValues.Hard(channels * plane, 2);
            float[] weights = [0, 1, 0.3f, 1, 0, 1, 1, 0, 0.75f, 1e-7f];
            int[] labels = [.. Enumerable.Range(0, plane).Select(i => i * 7 / 3 % Count)];
            DeviceBuffer<float> masked = run.Allocate<float>(Images * channels * plane);
            run.Over(
                blocks, Images, run.Upload(image), run.Upload(fill), run.Upload(labels), run.Upload(weights), masked, Count, channels,
                plane);
            KernelRun.SameBits(
                TestValues.Fill(Images * channels * plane, i =>
                {
                    int n = i / (channels * plane), at = i % (channels * plane);
                    float w = weights[(n * Count) + labels[i % plane]];
                    return w == 1 ? image[at] : w == 0 ? fill[at] : fill[at] + (w * (image[at] - fill[at]));
                }),
                masked);
        });

    private static KernelCase Boxes(int plane, int blocks, int channels = Channels) =>
        new("mask_boxes", $"{channels} planes of {plane}", run =>
        {
            int width = plane / 4;
            float[] image = TestValues.Hard(channels * plane, 3), fill = TestValues.Hard(channels * plane, 4);
            float[] boxes = [1, 3, 2, width - 1, 0, 0, 0, 0];
            DeviceBuffer<float> masked = run.Allocate<float>(Images * channels * plane);
            run.Over(blocks, Images, run.Upload(image), run.Upload(fill), run.Upload(boxes), masked, width, channels, plane);
            KernelRun.SameBits(
                TestValues.Fill(Images * channels * plane, i =>
                {
                    int at = i % (channels * plane), y = i % plane / width, x = i % plane % width;
                    return i < channels * plane && y is 1 or 2 && x >= 2 && x < width - 1 ? fill[at] : image[at];
                }),
                masked);
        });

    private static KernelCase Ranges((int H, int W, int Tall, int Wide, int Top, int Left) g) =>
        new("grid_ranges", $"{g.H}x{g.W} to {g.Tall}x{g.Wide}", run =>
        {
            float[] grids = TestValues.Normal(Images * ((g.H * g.W) + 2), 5);
            DeviceBuffer<float> ranges = run.Allocate<float>(2 * Images);
            run.Grid(new(Images), run.Upload(grids), ranges, g.H, g.W, g.Tall, g.Wide);
            KernelRun.Close(
                [.. Enumerable.Range(0, Images).SelectMany(n =>
                {
                    double[] all = [.. Enumerable.Range(0, g.Tall * g.Wide).Select(i => At(grids, n, g, i / g.Wide, i % g.Wide))];
                    return (double[])[all.Min(), all.Max() - all.Min()];
                })],
                ranges, 4e-7, "rounded to float32 twice");
        });

    private static KernelCase Grids((int H, int W, int Tall, int Wide, int Top, int Left) g, bool scaled, int channels = Channels) =>
        new("mask_grids", $"{channels} planes{(scaled ? ", scaled" : "")}, {g.H}x{g.W} to {g.Tall}x{g.Wide}", run =>
        {
            int plane = s_size.Height * s_size.Width;
            float[] image = TestValues.Normal(channels * plane, 6), grids = TestValues.Normal(Images * ((g.H * g.W) + 2), 7);
            float[] ranges = scaled ? [0.25f, 3, -2, 0.5f] : [0, 1, 0, 1];
            for (int n = 0; n < Images; n++)
            {
                (grids[((n + 1) * ((g.H * g.W) + 2)) - 2], grids[((n + 1) * ((g.H * g.W) + 2)) - 1]) = (g.Top / (n + 1), g.Left * n);
            }

            DeviceBuffer<float> masked = run.Allocate<float>(Images * channels * plane);
            run.Over(
                channels > 0 ? 1 : 3, Images, run.Upload(image), run.Upload(grids), run.Upload(scaled ? ranges : []), masked,
                scaled ? 1 : 0, g.H, g.W, g.Tall, g.Wide, s_size.Width, channels, plane);
            KernelRun.Close(
                TestValues.Fill(Images * channels * plane, i =>
                {
                    int n = i / (channels * plane), y = i % plane / s_size.Width, x = i % plane % s_size.Width;
                    double m = At(grids, n, g, (g.Top / (n + 1)) + y, (g.Left * n) + x);
                    return image[i % (channels * plane)] * ((m - ranges[2 * n]) / ranges[(2 * n) + 1]);
                }),
                masked, 4e-7, "rounded to float32 four times");
        });

    private static KernelCase NotNumbers(int channels) => new("mask_grids", $"{channels} planes, ranges of 0 and of no number", run =>
    {
        const int Plane = 600;
        float[] image = TestValues.Normal(channels * Plane, 8), ranges = [1, 0, float.NaN, float.NaN];
        DeviceBuffer<float> masked = run.Allocate<float>(Images * channels * Plane);
        run.Over(
            1, Images, run.Upload(image), run.Upload(new float[6]), run.Upload(ranges), masked, 1, 1, 1, 20, 30, 30, channels, Plane);
        KernelRun.SameBits(TestValues.Fill(Images * channels * Plane, i => image[i % (channels * Plane)] * 0f), masked);
    });

    /// <summary>The mean of all cells of grid n, each with the share 1 − distance in both directions; cells beyond the edge are those at
    /// it.</summary>
    private static double At(float[] grids, int n, (int H, int W, int Tall, int Wide, int Top, int Left) g, int y, int x)
    {
        double row = (y + 0.5) * g.H / g.Tall, column = (x + 0.5) * g.W / g.Wide, sum = 0;
        for (int i = -1; i <= g.H; i++)
        {
            for (int j = -1; j <= g.W; j++)
            {
                double share = Math.Max(0, 1 - Math.Abs(row - i - 0.5)) * Math.Max(0, 1 - Math.Abs(column - j - 0.5));
                sum += share * grids[(n * ((g.H * g.W) + 2)) + (Math.Clamp(i, 0, g.H - 1) * g.W) + Math.Clamp(j, 0, g.W - 1)];
            }
        }

        return sum;
    }
}
