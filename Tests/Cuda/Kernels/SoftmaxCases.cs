using Interp.Tests.Cuda.Ptx.Storage;

namespace Interp.Tests.Cuda.Kernels;

/// <summary>Twins of <c>softmax.cu</c> in float64.</summary>
internal static class SoftmaxCases
{
    private const double Tolerance = 2e-6;
    private const string Reason = "float32 exponentials of a few ulp, one of them approximate on a device, and sums of 256 parts";

    internal static IEnumerable<KernelCase> All()
    {
        foreach (int features in (int[])[1, 10, 256, 1000, 2900])
        {
            yield return new("softmax_forward", $"2 rows of {features}", run =>
            {
                float[] z = Array.ConvertAll(TestValues.Normal(2 * features, 1), v => 10 * v);
                DeviceBuffer<float> p = run.Allocate<float>(z.Length);
                run.Grid(new(2), run.Upload(z), p, features);
                KernelRun.Close([.. Probabilities(z[..features]), .. Probabilities(z[features..])], p, Tolerance, Reason);
            });
            yield return new("softmax_backward", $"2 rows of {features}, in place", run =>
            {
                float[] p = Array.ConvertAll(Probabilities(TestValues.Normal(2 * features, 2)), v => (float)v),
                    r = TestValues.Normal(2 * features, 3);
                DeviceBuffer<float> gradient = run.Upload(r);
                run.Grid(new(2), run.Upload(p), gradient, gradient, features);
                KernelRun.Close([.. Gradient(p[..features], r[..features]), .. Gradient(p[features..], r[features..])], gradient, Tolerance,
                    Reason);
            });
        }

        yield return new("softmax_forward", "2900 logits of thousands", run =>
        {
            float[] z = Array.ConvertAll(TestValues.Normal(2900, 4), v => 1000 * v);
            DeviceBuffer<float> p = run.Allocate<float>(z.Length);
            run.Grid(new(1), run.Upload(z), p, z.Length);
            KernelRun.Close(Probabilities(z), p, 1e-3, "logits of float32: differences of them are rounded to 2^-12");
        });
        yield return new("softmax_forward", "logits near the largest float", run =>
        {
            DeviceBuffer<float> p = run.Allocate<float>(3);
            run.Grid(new(1), run.Upload([3e38f, 3e38f, -3e38f]), p, 3);
            KernelRun.SameBits([0.5f, 0.5f, 0f], p);
        });
        yield return new("softmax_forward", "a NaN spoils its row", run =>
        {
            DeviceBuffer<float> p = run.Allocate<float>(4);
            run.Grid(new(2), run.Upload([1f, float.NaN, 1f, 1f]), p, 2);
            KernelRun.SameBits([float.NaN, float.NaN, 0.5f, 0.5f], p);
        });
    }

    private static double[] Probabilities(float[] z)
    {
        double largest = z.Max(), sum = z.Sum(v => Math.Exp(v - largest));
        return Array.ConvertAll(z, v => Math.Exp(v - largest) / sum);
    }

    private static double[] Gradient(float[] p, float[] r)
    {
        double sum = p.Zip(r, (a, b) => (double)a * b).Sum();
        return TestValues.Fill(p.Length, i => p[i] * (r[i] - sum));
    }
}
