using Interp.Tests.Cuda.Ptx.Storage;

namespace Interp.Tests.Cuda.Kernels;

/// <summary>Twins of <c>channels.cu</c>, but for the normalisations.</summary>
internal static class ChannelCases
{
    internal static IEnumerable<KernelCase> All() =>
    [
        .. ((int[])[37, 1024, 3600]).SelectMany(Scales), .. Elementwise.Cases("multiply", 2, v => v[0] * v[1]),
        .. ((int[])[1, 49, 1000, 3000]).Select(Dots), .. ((int[])[37, 1024, 3600]).SelectMany(Pixels),
        .. ((int[])[37, 1024, 3600]).SelectMany(plane => (KernelCase[])
        [
            Move("a slice", 5, 2, plane, 2, 1, c => c + 2), Move("back from a slice", 2, 5, plane, -2, 1, c => c is 2 or 3 ? c - 2 : -1),
            Move("a shuffle", 6, 6, plane, 0, 3, c => (c % 3 * 2) + (c / 3)),
            Move("back from a shuffle", 6, 6, plane, 0, 2, c => (c % 2 * 3) + (c / 2)),
        ]),
    ];

    private static IEnumerable<KernelCase> Scales(int plane) =>
        from scales in (int[])[3, 6]
        from shifted in (bool[])[true, false]
        select new KernelCase("scale_planes", $"6 planes of {plane}, {scales} scales{(shifted ? " and shifts" : "")}", run =>
        {
            float[] x = TestValues.Hard(6 * plane, 1), scale = TestValues.Normal(scales, 2), shift = TestValues.Normal(scales, 3);
            DeviceBuffer<float> y = run.Allocate<float>(x.Length), s = run.Upload(scale);
            if (shifted)
            {
                run.Planes(6, plane, 1, run.Upload(x), s, run.Upload(shift), y, scales, plane);
            }
            else
            {
                run.Planes(6, plane, 1, run.Upload(x), s, 0UL, y, scales, plane);
            }

            KernelRun.SameBits(
                TestValues.Fill(x.Length, i => (scale[i / plane % scales] * x[i]) + (shifted ? shift[i / plane % scales] : 0f)), y);
        });

    private static IEnumerable<KernelCase> Pixels(int plane)
    {
        yield return new("scale_pixels", $"2 images of 3 planes of {plane}", run =>
        {
            float[] x = TestValues.Hard(6 * plane, 7), s = TestValues.Normal(2 * plane, 8);
            DeviceBuffer<float> y = run.Allocate<float>(x.Length);
            run.Planes(6, plane, 1, run.Upload(x), run.Upload(s), y, 3, plane);
            KernelRun.SameBits(TestValues.Fill(x.Length, i => s[(i / plane / 3 * plane) + (i % plane)] * x[i]), y);
        });
        foreach (int channels in (int[])[0, 1, 2, 4, 7, 9])
        {
            yield return new("pixel_dots", $"2 images of {channels} planes of {plane}", run =>
            {
                float[] a = TestValues.Normal(Math.Max(1, 2 * channels * plane), 9);
                float[] b = TestValues.Normal(a.Length, 10);
                DeviceBuffer<float> dots = run.Allocate<float>(2 * plane);
                run.Planes(2, plane, 1, run.Upload(a), run.Upload(b), dots, channels, plane);
                KernelRun.SameBits(
                    TestValues.Fill(2 * plane, i => Enumerable.Range(0, channels)
                        .Select(c => (((i / plane * channels) + c) * plane) + (i % plane))
                        .Aggregate(0f, (sum, at) => MathF.FusedMultiplyAdd(a[at], b[at], sum))),
                    dots);
            });
        }
    }

    private static KernelCase Dots(int plane) => new("plane_dots", $"3 planes of {plane}", run =>
    {
        float[] a = TestValues.Normal(3 * plane, 4), b = TestValues.Normal(3 * plane, 5);
        DeviceBuffer<float> dots = run.Allocate<float>(3);
        run.Grid(new(3), run.Upload(a), run.Upload(b), dots, plane);
        KernelRun.Close(
            TestValues.Fill(3, i => Enumerable.Range(i * plane, plane).Sum(k => (double)a[k] * b[k])), dots, 1e-5,
            "float32 sums of up to 3000 products of normal deviates");
    });

    private static KernelCase Move(string what, int from, int to, int plane, int first, int groups, Func<int, int> source) =>
        new("move_channels", $"{what} of 2 images, planes of {plane}", run =>
        {
            float[] x = TestValues.Hard(2 * from * plane, 6);
            DeviceBuffer<float> y = run.Allocate<float>(2 * to * plane);
            run.Planes(2 * to, plane, 1, run.Upload(x), y, from, to, first, groups, plane);
            KernelRun.SameBits(
                TestValues.Fill(2 * to * plane, i =>
                {
                    int image = i / plane / to, c = source(i / plane % to);
                    return c < 0 ? 0 : x[(((image * from) + c) * plane) + (i % plane)];
                }),
                y);
        });
}
