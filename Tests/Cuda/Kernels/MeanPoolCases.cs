using Interp.Engine.Layers;
using Interp.Tests.Cuda.Ptx.Storage;

namespace Interp.Tests.Cuda.Kernels;

/// <summary>Twins of sliding means, bit for bit: sums in the kernels' order.</summary>
internal static class MeanPoolCases
{
    private const int Planes = 2;

    private static readonly (int H, int W, Window Window, bool Ceil)[] s_windows =
    [
        (8, 6, Window.Square(2, stride: 2), false),
        (9, 7, new(new(3, 2), new(2, 1), new(1, 1), new(1, 1)) { PaddingEnd = new(0, 1) }, false),
        (12, 10, Window.Square(3, stride: 2, padding: 1), true),
        (11, 9, Window.Square(2, stride: 3), true),
        (20, 17, new(new(7, 9), new(1, 1), new(3, 4), new(1, 1)), false),
        (2, 512, new(new(1, 4), new(1, 4), new(0, 0), new(1, 1)), false),
        (2, 1024, Window.Square(3, padding: 1), false),
        (60, 60, Window.Square(2), false),
    ];

    internal static IEnumerable<KernelCase> All() =>
    [
        .. from size in s_windows
           from counted in (bool[])[true, false]
           from make in (Func<Twin, KernelCase>[])[Forward, Backward]
           select make(new Twin(size.H, size.W, size.Window, size.Ceil, counted)),
        .. from size in ((int H, int W, Window Window, bool Ceil)[])[s_windows[0], s_windows[^1]]
           from kernel in (Size2[])[size.Window.Kernel with { H = 0 }, size.Window.Kernel with { W = 0 }]
           from counted in (bool[])[true, false]
           select Forward(new Twin(size.H, size.W, size.Window with { Kernel = kernel }, size.Ceil, counted)),
    ];

    private static KernelCase Forward(Twin g) => new("meanpool_forward", $"{g}", run =>
    {
        float[] x = TestValues.Normal(Planes * g.H * g.W, 1);
        DeviceBuffer<float> y = run.Allocate<float>(Planes * g.Outputs);
        run.Planes(Planes, g.Outputs, 1, [run.Upload(x), y, .. g.Arguments]);
        KernelRun.SameBits(
            TestValues.Fill(Planes * g.Outputs, i =>
                g.Places(i % g.Outputs).Aggregate(0f, (sum, place) => sum + x[(i / g.Outputs * g.H * g.W) + place])
                / g.Count(i % g.Outputs)),
            y);
    });

    private static KernelCase Backward(Twin g) => new("meanpool_backward", $"{g}", run =>
    {
        float[] r = TestValues.Normal(Planes * g.Outputs, 2), expected = new float[Planes * g.H * g.W];
        DeviceBuffer<float> gradient = run.Allocate<float>(expected.Length);
        run.Planes(Planes, g.H * g.W, 1, [run.Upload(r), gradient, .. g.Arguments]);
        for (int i = 0; i < r.Length; i++)
        {
            foreach (int place in g.Places(i % g.Outputs))
            {
                expected[(i / g.Outputs * g.H * g.W) + place] += r[i] / g.Count(i % g.Outputs);
            }
        }

        KernelRun.SameBits(expected, gradient);
    });

    private sealed record Twin(int H, int W, Window Window, bool Ceil, bool Counted)
    {
        private readonly Size2 _size = Window.Output("pool", H, W, Ceil);
        private readonly Size2 _end = Window.PaddingEnd ?? Window.Padding;

        internal int Outputs => _size.H * _size.W;

        internal Interp.Cuda.Driver.KernelArgument[] Arguments => [
            H, W, _size.H, _size.W, Window.Kernel.H, Window.Kernel.W, Window.Stride.H, Window.Stride.W, Window.Padding.H, Window.Padding.W,
            _end.H, _end.W, Counted ? 1 : 0];

        /// <summary>The places of the image in an output's window, in their order.</summary>
        internal IEnumerable<int> Places(int output) =>
            from place in Taps(output)
            where place.Row >= 0 && place.Row < H && place.Column >= 0 && place.Column < W
            select (place.Row * W) + place.Column;

        internal int Count(int output) => Counted
            ? Taps(output).Count(p => p.Row < H + _end.H && p.Column < W + _end.W)
            : Places(output).Count();

        private IEnumerable<(int Row, int Column)> Taps(int output) =>
            from a in Enumerable.Range(0, Window.Kernel.H)
            from b in Enumerable.Range(0, Window.Kernel.W)
            select ((output / _size.W * Window.Stride.H) - Window.Padding.H + a,
                (output % _size.W * Window.Stride.W) - Window.Padding.W + b);
    }
}
