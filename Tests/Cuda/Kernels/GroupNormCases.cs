using Interp.Tests.Cuda.Ptx.Storage;

namespace Interp.Tests.Cuda.Kernels;

/// <summary>Twins of <c>groups.cu</c> in float64.</summary>
internal static class GroupNormCases
{
    private const string Reason = "float32 sums of up to 3000 values, divided by deviations of about 1";
    private const float Epsilon = 1e-3f;

    private static readonly (int Images, int Groups, int Channels, int Plane)[] s_sizes =
        [(2, 3, 2, 37), (1, 1, 5, 600), (2, 4, 1, 256), (1, 2, 3, 1)];

    internal static IEnumerable<KernelCase> All() => s_sizes.SelectMany(s => (KernelCase[])[Forward(s), Backward(s)]);

    private static KernelCase Forward((int Images, int Groups, int Channels, int Plane) s) => new("groupnorm_forward", $"{s}", run =>
    {
        int sets = s.Images * s.Groups, length = s.Channels * s.Plane, channels = s.Groups * s.Channels;
        float[] x = TestValues.Normal(sets * length, 1), gamma = TestValues.Normal(channels, 2), beta = TestValues.Normal(channels, 3);
        DeviceBuffer<float> y = run.Allocate<float>(x.Length), record = run.Allocate<float>(2 * sets);
        run.Grid(
            new((uint)sets), run.Upload(x), run.Upload(gamma), run.Upload(beta), y, record, Epsilon, s.Groups, s.Channels, s.Plane);
        double[] kept = Record(x, sets, length);
        KernelRun.Close(kept, record, 1e-5, Reason);
        KernelRun.Close(
            TestValues.Fill(x.Length, i =>
            {
                int set = i / length, c = i / s.Plane % channels;
                return (gamma[c] * (x[i] - kept[2 * set]) * kept[(2 * set) + 1]) + beta[c];
            }),
            y, 1e-5, Reason);
    });

    private static KernelCase Backward((int Images, int Groups, int Channels, int Plane) s) => new("groupnorm_backward", $"{s}", run =>
    {
        int sets = s.Images * s.Groups, length = s.Channels * s.Plane, channels = s.Groups * s.Channels;
        float[] x = TestValues.Normal(sets * length, 4), gamma = TestValues.Normal(channels, 5), r = TestValues.Normal(x.Length, 6);
        double[] kept = Record(x, sets, length);
        DeviceBuffer<float> gradient = run.Allocate<float>(x.Length);
        run.Grid(
            new((uint)sets), run.Upload(x), run.Upload(gamma), run.Upload(Array.ConvertAll(kept, v => (float)v)), run.Upload(r), gradient,
            s.Groups, s.Channels, s.Plane);
        double[] g = TestValues.Fill(x.Length, i => (double)gamma[i / s.Plane % channels] * r[i]);
        double[] n = TestValues.Fill(x.Length, i => (x[i] - kept[2 * (i / length)]) * kept[(2 * (i / length)) + 1]);
        KernelRun.Close(
            TestValues.Fill(x.Length, i =>
            {
                IEnumerable<int> set = Enumerable.Range(i / length * length, length);
                return (g[i] - set.Average(k => g[k]) - (n[i] * set.Average(k => g[k] * n[k]))) * kept[(2 * (i / length)) + 1];
            }),
            gradient, 1e-4, $"{Reason}; of one value the deviation is that of epsilon, 0.03");
    });

    /// <summary>Each set's mean, and 1 over its deviation.</summary>
    private static double[] Record(float[] x, int sets, int length) =>
    [
        .. Enumerable.Range(0, sets).SelectMany(set =>
        {
            double[] values = [.. x.Skip(set * length).Take(length).Select(v => (double)v)];
            double mean = values.Average();
            return new[] { mean, 1 / Math.Sqrt(values.Average(v => (v - mean) * (v - mean)) + Epsilon) };
        }),
    ];
}
