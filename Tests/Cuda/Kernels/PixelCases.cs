using Interp.Tests.Cuda.Ptx.Storage;

namespace Interp.Tests.Cuda.Kernels;

/// <summary>Twins of <c>pixels.cu</c>, bit for bit: sums in the kernels' order.</summary>
internal static class PixelCases
{
    private const int Planes = 3;

    private static readonly (string Name, int H, int W, int[] Rows, int[] Columns)[] s_maps =
    [
        ("padding", 5, 7, [-1, -1, 0, 1, 2, 3, 4], [-1, 0, 1, 2, 3, 4, 5, 6, -1, -1]),
        ("turned and cut", 4, 5, [2, 1, 0, 1, 2, 3, 2], [1, 2, 3]),
        ("twice", 30, 40, [.. Enumerable.Range(0, 60).Select(i => i / 2)], [.. Enumerable.Range(0, 80).Select(i => i / 2)]),
        ("wide padding", 30, 50, [.. Enumerable.Range(-10, 50).Select(i => i is >= 0 and < 30 ? i : -1)],
            [.. Enumerable.Range(-3, 57).Select(i => i is >= 0 and < 50 ? i : -1)]),
        ("many copies", 22, 60, [.. Enumerable.Range(0, 22).SelectMany(i => Enumerable.Repeat(i, i % 4))],
            [.. Enumerable.Range(0, 60).SelectMany(i => Enumerable.Repeat(i, i % 10))]),
        ("fewer", 60, 50, [.. Enumerable.Range(0, 20).Select(i => i * 3)], [.. Enumerable.Range(0, 33).Select(i => i * 3 / 2)]),
    ];

    internal static IEnumerable<KernelCase> All() => s_maps.SelectMany(m => (KernelCase[])[Forward(m), Backward(m)]);

    private static KernelCase Forward((string Name, int H, int W, int[] Rows, int[] Columns) m) => new("pixels_forward", m.Name, run =>
    {
        float[] x = TestValues.Hard(Planes * m.H * m.W, 1);
        int outputs = m.Rows.Length * m.Columns.Length;
        DeviceBuffer<float> y = run.Allocate<float>(Planes * outputs);
        run.Planes(
            Planes, outputs, 1, run.Upload(x), y, run.Upload(m.Rows), run.Upload(m.Columns), -1.5f, m.H, m.W, m.Rows.Length,
            m.Columns.Length);
        KernelRun.SameBits(
            TestValues.Fill(Planes * outputs, i =>
            {
                (int row, int column) = (m.Rows[i % outputs / m.Columns.Length], m.Columns[i % m.Columns.Length]);
                return row < 0 || column < 0 ? -1.5f : x[(i / outputs * m.H * m.W) + (row * m.W) + column];
            }),
            y);
    });

    private static KernelCase Backward((string Name, int H, int W, int[] Rows, int[] Columns) m) => new("pixels_backward", m.Name, run =>
    {
        int outputs = m.Rows.Length * m.Columns.Length;
        float[] r = TestValues.Normal(Planes * outputs, 2), expected = new float[Planes * m.H * m.W];
        DeviceBuffer<float> gradient = run.Allocate<float>(expected.Length);
        int[][] down = Readers(m.Rows, m.H), across = Readers(m.Columns, m.W);
        run.Planes(
            Planes, m.H * m.W, 1, run.Upload(r), gradient, run.Upload(down[0]), run.Upload(down[1]), run.Upload(across[0]),
            run.Upload(across[1]), m.H, m.W, m.Rows.Length, m.Columns.Length);
        for (int i = 0; i < r.Length; i++)
        {
            (int row, int column) = (m.Rows[i % outputs / m.Columns.Length], m.Columns[i % m.Columns.Length]);
            if (row >= 0 && column >= 0)
            {
                expected[(i / outputs * m.H * m.W) + (row * m.W) + column] += r[i];
            }
        }

        KernelRun.SameBits(expected, gradient);
    });

    /// <summary>Where the outputs of each input start, and which they are.</summary>
    private static int[][] Readers(int[] sources, int inputs)
    {
        int[][] of = [.. Enumerable.Range(0, inputs).Select(i =>
            Enumerable.Range(0, sources.Length).Where(o => sources[o] == i).ToArray())];
        return [[.. Enumerable.Range(0, inputs + 1).Select(i => of.Take(i).Sum(o => o.Length))], [.. of.SelectMany(o => o)]];
    }
}
