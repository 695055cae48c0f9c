using Interp.Tests.Cuda.Ptx.Execution;
using Interp.Tests.Cuda.Ptx.Storage;

namespace Interp.Tests.Cuda.Kernels;

/// <summary>Normalisation over channels in float64.</summary>
internal static class LayerNormCases
{
    private const float Epsilon = 1e-3f;
    private const double Tolerance = 5e-6;
    private const string Reason = "float32 sums over the channels, and what is small beside the mean";

    internal static IEnumerable<KernelCase> All() =>
        from size in ((int N, int C, int Plane)[])[(1, 1, 1), (3, 3, 1), (2, 17, 33), (2, 40, 7), (1, 48, 64), (1, 56, 5), (2, 64, 3)]
        from build in (Func<int, int, int, KernelCase>[])[Forward, Backward]
        select build(size.N, size.C, size.Plane);

    private static KernelCase Forward(int images, int channels, int plane) => new("layernorm_forward", Name(images, channels, plane), run =>
    {
        var twin = new Twin(images, channels, plane);
        DeviceBuffer<float> y = run.Allocate<float>(twin.X.Length), record = run.Allocate<float>(2 * twin.Pixels);
        run.Grid(twin.Blocks, run.Upload(twin.X), run.Upload(twin.Gamma), run.Upload(twin.Beta), y, record, Epsilon, channels, plane,
            twin.Pixels);
        KernelRun.Close(
            TestValues.Fill(twin.X.Length, i => (twin.Gamma[twin.Channel(i)] * twin.Normalised(i)) + twin.Beta[twin.Channel(i)]), y,
            Tolerance, Reason);
        KernelRun.Close([.. twin.Means, .. twin.Scales], record, Tolerance, Reason);
    });

    private static KernelCase Backward(int images, int channels, int plane) => new("layernorm_backward", Name(images, channels, plane),
        run =>
        {
            var twin = new Twin(images, channels, plane);
            float[] r = TestValues.Normal(twin.X.Length, 4), record = Array.ConvertAll([.. twin.Means, .. twin.Scales], v => (float)v);
            DeviceBuffer<float> gradient = run.Allocate<float>(r.Length);
            run.Grid(twin.Blocks, run.Upload(twin.X), run.Upload(twin.Gamma), run.Upload(record), run.Upload(r), gradient, channels, plane,
                twin.Pixels);
            double[] g = TestValues.Fill(r.Length, i => (double)twin.Gamma[twin.Channel(i)] * r[i]);
            double[] along = TestValues.Fill(r.Length, i => g[i] * twin.Normalised(i));
            double[] mean = twin.MeanOf(g), meanAlong = twin.MeanOf(along);
            KernelRun.Close(
                TestValues.Fill(r.Length, i =>
                {
                    int pixel = twin.Pixel(i);
                    return (g[i] - mean[pixel] - (twin.Normalised(i) * meanAlong[pixel])) * twin.Scales[pixel];
                }),
                gradient, Tolerance, Reason);
        });

    private static string Name(int images, int channels, int plane) => $"{images} images of {channels} channels of {plane}";

    private sealed class Twin
    {
        private readonly int _channels;
        private readonly int _plane;

        internal Twin(int images, int channels, int plane)
        {
            (_channels, _plane, Pixels) = (channels, plane, images * plane);
            X = Array.ConvertAll(TestValues.Normal(images * channels * plane, 1), v => v + 2);
            Gamma = TestValues.Normal(channels, 2);
            Beta = TestValues.Normal(channels, 3);
            Means = MeanOf(Array.ConvertAll(X, v => (double)v));
            double[] squares = TestValues.Fill(X.Length, i => (X[i] - Means[Pixel(i)]) * (X[i] - Means[Pixel(i)]));
            Scales = Array.ConvertAll(MeanOf(squares), v => 1 / Math.Sqrt(v + Epsilon));
        }

        internal int Pixels { get; }

        internal float[] X { get; }

        internal float[] Gamma { get; }

        internal float[] Beta { get; }

        internal double[] Means { get; }

        internal double[] Scales { get; }

        internal Dim3 Blocks => new((uint)(Pixels + 31) / 32);

        internal int Channel(int i) => i / _plane % _channels;

        internal int Pixel(int i) => (i / _plane / _channels * _plane) + (i % _plane);

        internal double Normalised(int i) => (X[i] - Means[Pixel(i)]) * Scales[Pixel(i)];

        internal double[] MeanOf(double[] values)
        {
            double[] means = new double[Pixels];
            for (int i = 0; i < values.Length; i++)
            {
                means[Pixel(i)] += values[i] / _channels;
            }

            return means;
        }
    }
}
