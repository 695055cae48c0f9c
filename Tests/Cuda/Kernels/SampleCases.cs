using Interp.Tests.Cuda.Ptx.Storage;

namespace Interp.Tests.Cuda.Kernels;

/// <summary>Twins of <c>samples.cu</c>.</summary>
internal static class SampleCases
{
    private const string Sums = "float64 with other roundings of products";

    internal static IEnumerable<KernelCase> All()
    {
        foreach ((int count, int blocks) in Elementwise.Sizes)
        {
            yield return Points(count, blocks);
            foreach ((int rows, int each) in ((int, int)[])[(4, 1), (5, 2), (0, 1)])
            {
                yield return Terms(count, blocks, rows, each);
            }
        }
    }

    private static KernelCase Points(int count, int blocks) => new("line_points", $"3 points of {count} values", run =>
    {
        float[] images = TestValues.Normal(3 * count, 1);
        double[] shares = [0, 0.3, 1];
        int[] slots = [0, 2, 2, 1, 1, 0];
        DeviceBuffer<float> points = run.Allocate<float>(3 * count);
        run.Over(blocks, 3, run.Upload(shares), run.Upload(slots), run.Upload(images), points, (long)count);
        KernelRun.Close(
            TestValues.Fill(3 * count, i =>
            {
                int row = i / count;
                double start = images[(slots[2 * row] * count) + (i % count)], end = images[(slots[(2 * row) + 1] * count) + (i % count)];
                return ((1 - shares[row]) * start) + (shares[row] * end);
            }),
            points, 1.2e-7, "rounded to float32 once");
    });

    private static KernelCase Terms(int count, int blocks, int rows, int each) =>
        new("add_terms", $"{rows} terms of {count} values, {each} a sample", run =>
        {
            float[] images = TestValues.Normal(2 * count, 2), gradients = TestValues.Normal(rows * count, 3);
            double[] factors = [.. Enumerable.Range(0, rows).Select(r => 0.5 + r)];
            double[] before = Array.ConvertAll(TestValues.Normal(count, 4), v => (double)v);
            int[] slots = [.. Enumerable.Range(0, rows).SelectMany(r => (int[])[r % 2, 1, (r + 1) % each == 0 ? (r + 1) / each : 0])];
            var samples = new List<double[]>();
            double[] sum = [.. before];
            for (int r = 0; r < rows; r++)
            {
                for (int i = 0; i < count; i++)
                {
                    sum[i] += factors[r] * (images[count + i] - images[(slots[3 * r] * count) + i]) * gradients[(r * count) + i];
                }

                if (slots[(3 * r) + 2] > 0)
                {
                    samples.Add(sum);
                    sum = new double[count];
                }
            }

            DeviceBuffer<double> sums = run.Upload(before), mean = run.Upload(new double[count]), squares = run.Upload(new double[count]);
            run.Over(
                blocks, 1, run.Upload(factors), run.Upload(slots), run.Upload(images), run.Upload(gradients), sums, mean, squares, rows,
                (long)count);
            double[] means = TestValues.Fill(count, i => samples.Sum(s => s[i]) / Math.Max(1, samples.Count));
            KernelRun.Close(sum, sums.ToArray(), 1e-13, Sums);
            KernelRun.Close(means, mean.ToArray(), 1e-13, Sums);
            KernelRun.Close(TestValues.Fill(count, i => samples.Sum(s => Math.Pow(s[i] - means[i], 2))), squares.ToArray(), 1e-12, Sums);
        });
}
