using Interp.Tests.Cuda.Ptx.Storage;

namespace Interp.Tests.Cuda.Kernels;

/// <summary>Twins of <c>relu.cu</c>, bit for bit.</summary>
internal static class ReluCases
{
    internal static IEnumerable<KernelCase> All() =>
    [
        .. Elementwise.Cases("relu_forward", 1, v => Rectified(v[0])), Elementwise.InPlace("relu_forward", 1, v => Rectified(v[0]), 0),
        .. Backward("vanilla", (active, r) => active ? r : 0), .. Backward("deconvnet", (_, r) => r > 0 ? r : 0),
        .. Backward("guided", (active, r) => active && r > 0 ? r : 0), .. Backward("redirected", (active, r) => active || r > 0 ? r : 0),
        .. Planes("bias_forward", v => v), .. Planes("bias_relu_forward", Rectified), .. Rows("bias_rows", v => v),
        .. Rows("bias_relu_rows", Rectified),
    ];

    private static float Rectified(float x) => x > 0 ? x : float.IsNaN(x) ? x : 0;

    private static IEnumerable<KernelCase> Backward(string rule, Func<bool, float, float> passed)
    {
        float Relu(float[] v) => passed(v[0] > 0, v[1]);
        float Sloped(float[] v) => passed(false, v[1]) + (v[0] * (passed(true, v[1]) - passed(false, v[1])));
        return
        [
            .. Elementwise.Cases($"relu_backward_{rule}", 2, Relu), Elementwise.InPlace($"relu_backward_{rule}", 2, Relu, 1),
            .. Elementwise.Cases($"sloped_backward_{rule}", 2, Sloped), Elementwise.InPlace($"sloped_backward_{rule}", 2, Sloped, 1),
        ];
    }

    private static IEnumerable<KernelCase> Planes(string kernel, Func<float, float> then) => ((int[])[37, 1024, 3600]).Select(plane =>
        new KernelCase(kernel, $"2 images of 3 channels of {plane}", run =>
        {
            float[] y = TestValues.Hard(6 * plane, 7), bias = [.. TestValues.Normal(2, 8), -0f];
            DeviceBuffer<float> values = run.Upload(y);
            run.Planes(6, plane, 1, values, run.Upload(bias), 3, plane);
            KernelRun.SameBits(TestValues.Fill(y.Length, i => then(y[i] + bias[i / plane % 3])), values);
        }));

    private static IEnumerable<KernelCase> Rows(string kernel, Func<float, float> then)
    {
        foreach ((int rows, int features) in ((int, int)[])[(9, 301), (8, 256), (4, 256), (3, 30)])
        {
            yield return new(kernel, $"{rows} rows of {features}", run =>
            {
                float[] y = TestValues.Hard(rows * features, 9), bias = TestValues.Hard(features, 10);
                DeviceBuffer<float> values = run.Upload(y);
                run.Over(1, 1, values, run.Upload(bias), features, (long)y.Length);
                KernelRun.SameBits(TestValues.Fill(y.Length, i => then(y[i] + bias[i % features])), values);
            });
        }

        yield return new(kernel, "the last block of more than 2^32 values", run =>
        {
            const int Features = 1000, Kept = 256;
            float[] y = TestValues.Hard(Kept, 11), bias = TestValues.Normal(Features, 12);
            DeviceBuffer<float> values = Elementwise.Tail(run, y);
            Elementwise.LastBlock(run, values, run.Upload(bias), Features, Elementwise.Far);
            KernelRun.SameBits(TestValues.Fill(Kept, i => then(y[i] + bias[(Elementwise.Far - Kept + i) % Features])), values);
        });
    }
}
