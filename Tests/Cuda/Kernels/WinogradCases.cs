using Interp.Engine.Cpu.Convolution;
using Interp.Tests.Cuda.Ptx.Storage;

namespace Interp.Tests.Cuda.Kernels;

/// <summary>Twins of <c>winograd.cu</c>: the matrices of the transforms, derived from the points and not from the kernels' formulas, in
/// float64.</summary>
internal static class WinogradCases
{
    private const int Side = 6;
    private const int Outputs = 4;
    private const int Points = Side * Side;
    private const string Reason = "float32 sums of up to 36 products whose matrices' entries are at most 2.9";

    private static readonly double[] s_points = [0, Math.Sqrt(0.5), -Math.Sqrt(0.5), Math.Sqrt(2), -Math.Sqrt(2)];

    private static readonly (int Outputs, int Inputs, bool Turned)[] s_filters = [
        (1, 1, false), (5, 3, false), (5, 3, true), (40, 70, false), (70, 40, true)];

    private static readonly (string Kernel, bool HasBias, bool Rectifies)[] s_epilogues =
        [("winograd_outputs", false, false), ("winograd_outputs_bias", true, false), ("winograd_outputs_bias_relu", true, true)];

    /// <summary>Images, channels, H, W, padding, the first tile of a launch and how many it has.</summary>
    private static readonly (int N, int C, int H, int W, (int Top, int Left) Padding, int First, int Tiles)[] s_launches =
    [
        (1, 1, 8, 8, (1, 1), 0, 4), (2, 3, 7, 9, (1, 1), 0, 12), (2, 3, 7, 9, (0, 2), 4, 8), (3, 2, 13, 12, (2, 0), 20, 24),
        (1, 2, 1, 3, (1, 1), 0, 128), (2, 5, 40, 64, (1, 1), 128, 256), (1, 1, 6, 8, (1, 1), 0, 4), (1, 1, 7, 4, (1, 1), 0, 4),
        (1, 1, 5, 6, (1, 1), 0, 4), (1, 1, 6, 7, (1, 1), 0, 4),
    ];

    internal static IEnumerable<KernelCase> All() =>
    [
        .. s_filters.Select(s => Filters(s.Outputs, s.Inputs, s.Turned)),
        .. s_launches.Select(s => Inputs(s.N, s.C, s.H, s.W, s.Padding, s.First, s.Tiles)),
        .. s_launches.SelectMany(s =>
        s_epilogues.Select(k => Finish(k.Kernel, k.HasBias, k.Rectifies, s.N, s.C, s.H, s.W, s.First, s.Tiles))),
    ];

    private static KernelCase Filters(int outputs, int inputs, bool turned) =>
        new("winograd_filters", $"{outputs} of {inputs}{(turned ? ", turned" : "")}", run =>
    {
        float[] w = TestValues.Normal(outputs * inputs * 9, 1);
        DeviceBuffer<float> u = run.Allocate<float>(Points * outputs * inputs);
        run.Over(2, 1, run.Upload(w), u, outputs, inputs, turned ? 1 : 0);
        double[] g = WinogradTransform.FilterMatrix(3);
        KernelRun.Close(
            TestValues.Fill(Points * outputs * inputs, i =>
            {
                int point = i / (outputs * inputs), pair = i % (outputs * inputs);
                (int o, int c) = turned ? (pair % outputs, pair / outputs) : (pair / inputs, pair % inputs);
                return Sum(9, t =>
                    g[(point / Side * 3) + (t / 3)] * g[(point % Side * 3) + (t % 3)] * w[(((o * inputs) + c) * 9) + (turned ? 8 - t : t)]);
            }),
            u, 6e-8, "float64 rounded once");
    });

    private static KernelCase Inputs(int images, int channels, int h, int w, (int Top, int Left) padding, int first, int tiles) => new(
        "winograd_inputs", $"tiles {first} to {first + tiles} of {images}x{channels}x{h}x{w}, padding {padding}", run =>
        {
            int rows = Ceiling(h + (2 * padding.Top) - 2), columns = Ceiling(w + (2 * padding.Left) - 2), all = images * rows * columns;
            float[] x = TestValues.Normal(images * channels * h * w, 2);
            DeviceBuffer<float> v = run.Allocate<float>(Points * channels * tiles);
            run.Over(2, 1, run.Upload(x), v, channels, h, w, padding.Top, padding.Left, rows, columns, first, tiles, all);
            double[][] b = InputMatrix();
            KernelRun.Close(
                TestValues.Fill(Points * channels * tiles, i =>
                {
                    int point = i / (channels * tiles), channel = i / tiles % channels, tile = first + (i % tiles);
                    int top = (tile / columns % rows * Outputs) - padding.Top, left = (tile % columns * Outputs) - padding.Left;
                    return tile >= all ? 0 : Sum(Points, t =>
                    {
                        int row = top + (t / Side), column = left + (t % Side);
                        bool there = row >= 0 && row < h && column >= 0 && column < w;
                        return there
                            ? b[point / Side][t / Side] * b[point % Side][t % Side]
                            * x[(((((tile / (rows * columns) * channels) + channel) * h) + row) * w) + column] : 0;
                    });
                }),
                v, 2e-6, Reason);
        });

    private static KernelCase Finish(string kernel, bool hasBias, bool rectifies, int images, int channels, int h, int w, int first,
        int tiles) => new(
        kernel, $"tiles {first} to {first + tiles} of {images}x{channels}x{h}x{w}", run =>
        {
            int rows = Ceiling(h), columns = Ceiling(w), all = images * rows * columns;
            float[] m = TestValues.Normal(Points * channels * tiles, 3), bias = TestValues.Normal(channels, 4),
                before = TestValues.Normal(images * channels * h * w, 5);
            DeviceBuffer<float> y = run.Upload(before);
            if (hasBias)
            {
                run.Over(2, 1, run.Upload(m), run.Upload(bias), y, channels, h, w, rows, columns, first, tiles, all);
            }
            else
            {
                run.Over(2, 1, run.Upload(m), y, channels, h, w, rows, columns, first, tiles, all);
            }

            KernelRun.Close(
                TestValues.Fill(before.Length, i =>
                {
                    int image = i / (channels * h * w), channel = i / (h * w) % channels, row = i / w % h, column = i % w;
                    int tile = (((image * rows) + (row / Outputs)) * columns) + (column / Outputs) - first;
                    if (tile < 0 || tile >= tiles)
                    {
                        return before[i];
                    }

                    double value = Sum(
                        Points, t =>
                        Power(t / Side, row % Outputs) * Power(t % Side, column % Outputs) * m[(((t * channels) + channel) * tiles) + tile])
                        + (hasBias ? bias[channel] : 0);
                    return rectifies ? Math.Max(value, 0) : value;
                }),
                y, 1e-5, "float32 sums of 36 products of up to 8 times a normal deviate, which may cancel");
        });

    /// <summary>Bᵀ: row i has the coefficients of Π (x − p_k) over the points k ≠ i, that of ∞ those over all points.</summary>
    private static double[][] InputMatrix() => [.. Enumerable.Range(0, Side).Select(i =>
    {
        double[] polynomial = [1];
        foreach (double p in s_points.Where((_, k) => k != i))
        {
            double[] low = [0, .. polynomial], high = [.. polynomial, 0];
            polynomial = [.. low.Zip(high, (shifted, plain) => shifted - (p * plain))];
        }

        return (double[])[.. polynomial, .. new double[Side - polynomial.Length]];
    })];

    /// <summary>Aᵀ: the powers of a point; of ∞ only the highest counts.</summary>
    private static double Power(int point, int power) =>
        point < s_points.Length ? Math.Pow(s_points[point], power) : power == Outputs - 1 ? 1 : 0;

    private static double Sum(int count, Func<int, double> term) => Enumerable.Range(0, count).Sum(term);

    private static int Ceiling(int outputs) => (outputs + Outputs - 1) / Outputs;
}
