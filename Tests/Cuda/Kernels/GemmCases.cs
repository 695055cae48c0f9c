using Interp.Tests.Cuda.Ptx.Storage;

namespace Interp.Tests.Cuda.Kernels;

/// <summary>Twins of <c>gemm.cu</c>: products by fused multiply-adds in the order of the inner dimension, bit for bit, but for the sums of
/// a warp.</summary>
internal static class GemmCases
{
    private static readonly (int M, int N, int K, int Batch)[] Sizes = [
        (1, 1, 1, 1), (64, 64, 16, 1), (70, 67, 21, 2), (3, 130, 33, 1), (65, 66, 0, 1), (68, 72, 17, 1), (127, 127, 35, 1),
        (124, 132, 16, 1), (127, 125, 1, 1), (127, 126, 2, 1), (128, 61, 1, 1), (128, 62, 1, 1), (128, 63, 1, 1)];

    internal static IEnumerable<KernelCase> All()
    {
        foreach ((int m, int n, int k, int batch) in Sizes)
        {
            foreach ((string size, int tile) in ((string, int)[])[("", 64), ("_large", 128)])
            {
                yield return Product($"sgemm_nn{size}", tile, m, n, k, batch, (i, l) => (i * k) + l, (l, j) => (l * n) + j);
                yield return Product($"sgemm_tn{size}", tile, m, n, k, batch, (i, l) => (l * m) + i, (l, j) => (l * n) + j);
                yield return Product($"sgemm_nt{size}", tile, m, n, k, batch, (i, l) => (i * k) + l, (l, j) => (j * k) + l);
            }
        }

        foreach ((int inputs, int outputs) in ((int, int)[])[(1, 1), (100, 9), (300, 64), (600, 31), (2400, 0), (1024, 0), (100, 0),
            (1024, 6)])
        {
            if (outputs > 0)
            {
                yield return Forward(inputs, outputs);
            }

            yield return Backward(inputs, outputs);
        }
    }

    private static KernelCase Product(string kernel, int tile, int m, int n, int k, int batch, Func<int, int, int> placeInA,
        Func<int, int, int> placeInB) =>
        new(kernel, $"{batch} of {m}x{k} by {k}x{n}", run =>
        {
            float[] a = TestValues.Normal(batch * m * k, 1), b = TestValues.Normal(batch * k * n, 2);
            if (m > 1 && n > 1 && k > 0)
            {
                // A value read beyond the end of a row or column is no 0 then, whatever it is multiplied with.
                (a[placeInA(1, 0)], b[placeInB(0, 1)]) = (float.NaN, float.NaN);
            }

            DeviceBuffer<float> c = run.Allocate<float>(batch * m * n);
            var tiles = new Ptx.Execution.Dim3((uint)((n + tile - 1) / tile), (uint)((m + tile - 1) / tile), (uint)batch);
            run.Grid(tiles, run.Upload(a), run.Upload(b), c, m, n, k, (long)(m * k), (long)(k * n), (long)(m * n));
            KernelRun.SameBits(
                TestValues.Fill(batch * m * n, i =>
                {
                    int product = i / (m * n), row = i / n % m, column = i % n;
                    float sum = 0;
                    for (int l = 0; l < k; l++)
                    {
                        sum = MathF.FusedMultiplyAdd(a[(product * m * k) + placeInA(row, l)], b[(product * k * n) + placeInB(l, column)],
                            sum);
                    }

                    return sum;
                }),
                c);
        });

    private static KernelCase Forward(int inputs, int outputs) => new("linear_forward", $"3 images, {inputs} to {outputs}", run =>
    {
        float[] w = TestValues.Normal(inputs * outputs, 3), x = TestValues.Normal(3 * inputs, 4);
        DeviceBuffer<float> y = run.Allocate<float>(3 * outputs);
        run.Grid(new((uint)(outputs + 7) / 8, 3), run.Upload(w), run.Upload(x), y, inputs, outputs);
        KernelRun.Close(
            TestValues.Fill(3 * outputs, i =>
            Enumerable.Range(0, inputs).Sum(k => (double)w[(i % outputs * inputs) + k] * x[(i / outputs * inputs) + k])),
            y, 1e-5, "float32 sums of up to 600 products of normal deviates");
    });

    private static KernelCase Backward(int inputs, int outputs) => new("linear_backward", $"3 images, {inputs} from {outputs}", run =>
    {
        float[] w = TestValues.Normal(inputs * outputs, 5), r = TestValues.Normal(3 * outputs, 6);
        for (int i = 0; i < r.Length; i += 2)
        {
            r[i] = 0;
        }

        DeviceBuffer<float> gradient = run.Allocate<float>(3 * inputs);
        run.Grid(new((uint)(inputs + 31) / 32, 3), run.Upload(w), run.Upload(r), gradient, inputs, outputs);
        KernelRun.SameBits(
            TestValues.Fill(3 * inputs, i =>
            {
                float[] sums = new float[8];
                for (int o = 0; o < outputs; o++)
                {
                    sums[o % 8] = MathF.FusedMultiplyAdd(w[(o * inputs) + (i % inputs)], r[(i / inputs * outputs) + o], sums[o % 8]);
                }

                return sums.Aggregate((sum, next) => sum + next);
            }),
            gradient);
    });
}
