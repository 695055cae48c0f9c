using Interp.Tests.Cuda.Ptx.Storage;

namespace Interp.Tests.Cuda.Kernels;

/// <summary>Twins of <c>visualize.cu</c> but for its sampling.</summary>
internal static class VisualizeCases
{
    private const int LastPlane = 256;
    private const string ColorReason = "float32, its exponential of a few ulp";
    private const string GradientReason = "float32 sums of three";
    private static readonly float[] Matrix = [0.56f, 0.19f, 0.05f, 0.49f, 0.07f, -0.06f, 0.44f, -0.19f, 0.01f];

    internal static IEnumerable<KernelCase> All()
    {
        foreach ((int images, int plane) in ((int, int)[])[(2, 1300), (1, 200)])
        {
            yield return Forward(images, plane);
            yield return Backward(images, plane);
        }

        yield return FarForward();
        yield return FarBackward();
        yield return Adam(2500, 1);
        yield return Adam(2048, 2);
        yield return Adam(100, 1);
    }

    private static KernelCase Adam(int count, int blocks) => new("adam_step", $"{count} parameters", run =>
    {
        const double Scale = 0.05, Root = 1.7, Beta1 = 0.9, Beta2 = 0.999, Epsilon = 1e-8;
        float[] p = TestValues.Normal(count, 6), g = TestValues.Normal(count, 7), m = TestValues.Normal(count, 8);
        float[] v = Array.ConvertAll(TestValues.Normal(count, 9), MathF.Abs);
        DeviceBuffer<float> parameters = run.Upload(p), mean = run.Upload(m), square = run.Upload(v);
        run.Over(blocks, 1, parameters, run.Upload(g), mean, square, Scale, Root, Beta1, Beta2, Epsilon, (long)count);
        double[] means = TestValues.Fill(count, i => (Beta1 * m[i]) + ((1 - Beta1) * g[i]));
        double[] squares = TestValues.Fill(count, i => (Beta2 * v[i]) + ((1 - Beta2) * g[i] * g[i]));
        KernelRun.SameBits(Array.ConvertAll(means, s => (float)s), mean);
        KernelRun.SameBits(Array.ConvertAll(squares, s => (float)s), square);
        KernelRun.SameBits(TestValues.Fill(count, i => p[i] + (float)(Scale * means[i] / ((Math.Sqrt(squares[i]) * Root) + Epsilon))),
            parameters);
    });

    private static KernelCase Forward(int images, int plane) => new("colors_forward", $"{images} images of {plane} pixels", run =>
    {
        float[] t = Array.ConvertAll(TestValues.Normal(images * 3 * plane, 1), v => 3 * v);
        DeviceBuffer<float> colors = run.Allocate<float>(t.Length);
        run.Over(1, 1, run.Upload(t), run.Upload(Matrix), colors, plane, (long)images * plane);
        KernelRun.Close(Colors(t, plane), colors, 1e-6, ColorReason);
    });

    private static KernelCase Backward(int images, int plane) => new("colors_backward", $"{images} images of {plane} pixels", run =>
    {
        float[] colors = Array.ConvertAll(Colors(TestValues.Normal(images * 3 * plane, 2), plane), c => (float)c),
            r = TestValues.Normal(colors.Length, 3);
        DeviceBuffer<float> gradient = run.Allocate<float>(colors.Length);
        run.Over(1, 1, run.Upload(colors), run.Upload(r), run.Upload(Matrix), gradient, plane, (long)images * plane);
        KernelRun.Close(Gradient(colors, r, plane), gradient, 1e-6, GradientReason);
    });

    /// <summary>The last of so many images of 256 pixels that the pixels' numbers need more than 32 bits.</summary>
    private static KernelCase FarForward() => new("colors_forward", "the last block of more than 2^32 values", run =>
    {
        float[] t = TestValues.Normal(3 * LastPlane, 1);
        DeviceBuffer<float> planes = Last(run), colors = Last(run);
        planes.Fill(t);
        Elementwise.LastBlock(run, planes, run.Upload(Matrix), colors, LastPlane, Elementwise.Far);
        KernelRun.Close(Colors(t, LastPlane), colors, 1e-6, ColorReason);
    });

    /// <inheritdoc cref="FarForward"/>
    private static KernelCase FarBackward() => new("colors_backward", "the last block of more than 2^32 values", run =>
    {
        float[] c = Array.ConvertAll(Colors(TestValues.Normal(3 * LastPlane, 2), LastPlane), v => (float)v),
            r = TestValues.Normal(c.Length, 3);
        DeviceBuffer<float> colors = Last(run), upstream = Last(run), gradient = Last(run);
        colors.Fill(c);
        upstream.Fill(r);
        Elementwise.LastBlock(run, colors, upstream, run.Upload(Matrix), gradient, LastPlane, Elementwise.Far);
        KernelRun.Close(Gradient(c, r, LastPlane), gradient, 1e-6, GradientReason);
    });

    private static DeviceBuffer<float> Last(KernelRun run) =>
        run.AllocatePart<float>(3 * Elementwise.Far, 3 * (Elementwise.Far - LastPlane), 3 * LastPlane);

    private static double[] Colors(float[] t, int plane) => TestValues.Fill(t.Length, i =>
    {
        int first = (i / (3 * plane) * 3 * plane) + (i % plane), row = 3 * (i / plane % 3);
        return 1 / (1 + Math.Exp(-Enumerable.Range(0, 3).Sum(c => (double)Matrix[row + c] * t[first + (c * plane)])));
    });

    private static double[] Gradient(float[] colors, float[] r, int plane) => TestValues.Fill(colors.Length, i =>
    {
        int first = (i / (3 * plane) * 3 * plane) + (i % plane), channel = i / plane % 3;
        return Enumerable.Range(0, 3).Sum(k =>
        {
            double c = colors[first + (k * plane)];
            return Matrix[(3 * k) + channel] * r[first + (k * plane)] * c * (1 - c);
        });
    });
}
