using Interp.Cuda.Driver;
using Interp.Tests.Cuda.Ptx.Storage;

namespace Interp.Tests.Cuda.Kernels;

/// <summary>Twins of the affine sampling in <c>visualize.cu</c>: every result as the sum over all pixels of the source, and the transposed
/// sum.</summary>
internal static class SamplingCases
{
    private const int Planes = 2;

    /// <summary>Source H×W, result h×w, and the map xx, xy, x0, yx, yy, y0: identity, turned and shrunk, mirrored, enlarged beyond the
    /// image, singular.</summary>
    private static readonly (string Name, int H, int W, int h, int w, double[] Map)[] Maps =
    [
        ("identity", 5, 7, 5, 7, [1, 0, 0, 0, 1, 0]),
        ("half a pixel", 6, 5, 6, 5, [1, 0, 0.5, 0, 1, -0.5]),
        ("turned and shrunk", 11, 13, 12, 10, [1.1, -0.6, 3, 0.55, 1.2, -4]),
        ("mirrored", 9, 8, 7, 8, [-1, 0, 8, 0, 1, 1]),
        ("enlarged", 6, 4, 60, 60, [0.11, 0.01, -0.3, 0.02, 0.13, -0.2]),
        ("enlarged source", 60, 60, 9, 8, [4.9, 0.3, 0.2, -0.2, 5.7, 0.6]),
        ("singular", 5, 6, 6, 6, [0.5, 0.5, 0, 0.5, 0.5, 0]),
        ("far outside", 4, 4, 4, 5, [1, 0, 1e7, 0, 1, -1e7]),
    ];

    /// <summary>Enlarged and turned into each of the four quadrants: of the square about a pixel, taken back, every corner is the outermost
    /// on one side.</summary>
    private static IEnumerable<(string Name, int H, int W, int h, int w, double[] Map)> Turned =>
        ((int[])[40, 130, 220, 310]).Select(degrees =>
    {
        const int H = 9, W = 8, Rows = 30, Columns = 28;
        double cosine = 0.3 * Math.Cos(degrees * Math.PI / 180), sine = 0.3 * Math.Sin(degrees * Math.PI / 180), x = Columns / 2.0,
            y = Rows / 2.0;
        double[] map = [cosine, -sine, (W / 2.0) - (cosine * x) + (sine * y), sine, cosine, (H / 2.0) - (sine * x) - (cosine * y)];
        return ($"turned by {degrees} degrees", H, W, Rows, Columns, map);
    });

    internal static IEnumerable<KernelCase> All() => from map in (((string, int, int, int, int, double[])[])[.. Maps, .. Turned])
        from grey in (int[])[0, 1] from @case in Both(map, grey) select @case;

    private static IEnumerable<KernelCase> Both((string Name, int H, int W, int h, int w, double[] Map) c, int grey)
    {
        string name = $"{c.Name}, {(grey == 1 ? "grey" : "edge")} outside";
        KernelArgument[] arguments = [c.H, c.W, c.h, c.w, .. c.Map.Select(v => (KernelArgument)v), grey];
        double[,] shares = Shares(c.H, c.W, c.h, c.w, c.Map, grey == 1);
        int from = c.H * c.W, to = c.h * c.w;
        yield return new("sample_forward", name, run =>
        {
            float[] source = TestValues.Normal(Planes * from, 1);
            DeviceBuffer<float> result = run.Allocate<float>(Planes * to);
            run.Planes(Planes, to, 1, [run.Upload(source), result, .. arguments]);
            KernelRun.Close(
                TestValues.Fill(Planes * to, i =>
                {
                    // What no pixel has a share in is grey, 0.5.
                    double all = Enumerable.Range(0, from).Sum(k => shares[i % to, k]);
                    return Enumerable.Range(0, from).Sum(k => shares[i % to, k] * source[(i / to * from) + k]) + (0.5 * (1 - all));
                }),
                result, 1e-6, "float32 sums of four");
        });
        yield return new("sample_backward", name, run =>
        {
            float[] r = TestValues.Normal(Planes * to, 2);
            DeviceBuffer<float> gradient = run.Allocate<float>(Planes * from);
            run.Planes(Planes, from, 1, [run.Upload(r), gradient, .. arguments]);
            KernelRun.Close(
                TestValues.Fill(Planes * from, i => Enumerable.Range(0, to).Sum(k => shares[k, i % from] * r[(i / from * to) + k])),
                gradient, 2e-5, "float32 sums of up to 2000 shares");
        });
    }

    /// <summary>
    /// The share of each pixel of the source in each result: 1 - distance in both directions, beyond the edge that of the nearest pixel
    /// unless it is grey.
    /// </summary>
    private static double[,] Shares(int sourceHeight, int sourceWidth, int h, int w, double[] map, bool grey)
    {
        double[,] shares = new double[h * w, sourceHeight * sourceWidth];
        for (int i = 0; i < h * w; i++)
        {
            double x = (i % w) + 0.5, y = (i / w) + 0.5;
            double column = (map[0] * x) + (map[1] * y) + map[2] - 0.5, row = (map[3] * x) + (map[4] * y) + map[5] - 0.5;
            if (!grey)
            {
                (column, row) = (Math.Clamp(column, 0, sourceWidth - 1), Math.Clamp(row, 0, sourceHeight - 1));
            }

            for (int k = 0; k < sourceHeight * sourceWidth; k++)
            {
                shares[i, k] = Math.Max(0, 1 - Math.Abs(column - (k % sourceWidth))) * Math.Max(0, 1 - Math.Abs(row - (k / sourceWidth)));
            }
        }

        return shares;
    }
}
