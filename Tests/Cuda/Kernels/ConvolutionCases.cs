using Interp.Tests.Cuda.Ptx.Storage;

namespace Interp.Tests.Cuda.Kernels;

/// <summary>Twins of <c>convolution.cu</c>: copies bit for bit, sums in the same order.</summary>
internal static class ConvolutionCases
{
    private const int Images = 2;
    private const int Channels = 2;

    internal static IEnumerable<KernelCase> All() =>
    [
        .. WindowCase.Convolutions.Select(ToColumns), .. WindowCase.Convolutions.Select(ToImage),
        .. WindowCase.Convolutions[0].Empty.Concat(WindowCase.Convolutions[^1].Empty).Select(ToImage),
    ];

    private static KernelCase ToColumns(WindowCase g) => new("im2col", $"{Channels} channels of {g}", run =>
    {
        float[] x = TestValues.Hard(Images * Channels * g.H * g.W, 1);
        int taps = Channels * g.Kernel.H * g.Kernel.W, stride = (taps * g.h * g.w) + 5;
        DeviceBuffer<float> columns = run.Upload(new float[Images * stride]);
        run.Planes(taps, g.h * g.w, Images, [run.Upload(x), columns, (long)(Channels * g.H * g.W), (long)stride, .. g.Arguments]);
        KernelRun.SameBits(Columns(g, x, stride), columns);
    });

    private static KernelCase ToImage(WindowCase g) => new("col2im", $"{Channels} channels of {g}", run =>
    {
        int taps = Channels * g.Kernel.H * g.Kernel.W, stride = taps * g.h * g.w;
        float[] columns = TestValues.Normal(Images * stride, 2);
        DeviceBuffer<float> x = run.Allocate<float>(Images * Channels * g.H * g.W);
        run.Planes(Channels, g.H * g.W, Images, [run.Upload(columns), x, (long)(Channels * g.H * g.W), (long)stride, .. g.Arguments]);
        KernelRun.SameBits(Image(g, columns, stride), x);
    });

    private static float[] Columns(WindowCase g, float[] x, int stride)
    {
        float[] columns = new float[Images * stride];
        foreach ((int column, int pixel) in Pairs(g, stride))
        {
            columns[column] = x[pixel];
        }

        return columns;
    }

    private static float[] Image(WindowCase g, float[] columns, int stride)
    {
        float[] x = new float[Images * Channels * g.H * g.W];
        foreach ((int column, int pixel) in Pairs(g, stride))
        {
            x[pixel] += columns[column];
        }

        return x;
    }

    /// <summary>Each place in the columns with the pixel that stands there, by the window's places.</summary>
    private static IEnumerable<(int Column, int Pixel)> Pairs(WindowCase g, int stride)
    {
        for (int plane = 0; plane < Images * Channels; plane++)
        {
            for (int tap = 0; tap < g.Kernel.H * g.Kernel.W; tap++)
            {
                for (int i = 0; i < g.h * g.w; i++)
                {
                    int place = g.Place(i / g.w, i % g.w, tap / g.Kernel.W, tap % g.Kernel.W);
                    if (place >= 0)
                    {
                        int row = (plane % Channels * g.Kernel.H * g.Kernel.W) + tap;
                        yield return ((plane / Channels * stride) + (row * g.h * g.w) + i, (plane * g.H * g.W) + place);
                    }
                }
            }
        }
    }
}
