using Interp.Tests.Cuda.Ptx.Storage;

namespace Interp.Tests.Cuda.Kernels;

/// <summary>Twins of <c>pool.cu</c>, bit for bit: sums in the kernels' order.</summary>
internal static class PoolCases
{
    private const int Planes = 2;
    private static readonly (int H, int W, int h, int w)[] Means = [
        (7, 7, 7, 7), (10, 13, 7, 7), (3, 5, 7, 7), (60, 60, 2, 3), (9, 9, 1, 1), (12, 7, 1, 1), (3, 6, 1, 1), (2, 5, 1, 1),
        (2, 512, 2, 512), (1, 4, 1, 1), (5, 4, 46, 47)];

    internal static IEnumerable<KernelCase> All() =>
    [
        .. WindowCase.Pools.Select(Largest), .. WindowCase.Pools[0].Empty.Concat(WindowCase.Pools[^1].Empty).Select(Largest),
        .. WindowCase.Pools.Select(LargestBack),
        .. Means.SelectMany(Mean), Long("avgpool_forward", false), Long("avgpool_backward", false), Long("avgpool_forward", true),
        Long("avgpool_backward", true),
        ManyBins(),
    ];

    private static KernelCase Largest(WindowCase g) => new("maxpool_forward", $"{g}", run =>
    {
        float[] x = TestValues.Hard(Planes * g.H * g.W, 1);
        DeviceBuffer<float> y = run.Allocate<float>(Planes * g.h * g.w);
        DeviceBuffer<int> switches = run.Allocate<int>(Planes * g.h * g.w);
        run.Planes(Planes, g.h * g.w, 1, [run.Upload(x), y, switches, .. g.Arguments]);
        int[] places = Switches(g, x);
        CollectionAssert.AreEqual(places, switches.ToArray());
        KernelRun.SameBits(
            TestValues.Fill(places.Length, i => places[i] < 0 ? float.NegativeInfinity : x[(i / (g.h * g.w) * g.H * g.W) + places[i]]), y);
    });

    private static KernelCase LargestBack(WindowCase g) => new("maxpool_backward", $"{g}", run =>
    {
        int[] places = Switches(g, TestValues.Hard(Planes * g.H * g.W, 1));
        float[] r = TestValues.Normal(places.Length, 2), expected = new float[Planes * g.H * g.W];
        DeviceBuffer<float> gradient = run.Allocate<float>(expected.Length);
        run.Planes(Planes, g.H * g.W, 1, [run.Upload(r), run.Upload(places), gradient, .. g.Arguments]);
        for (int i = 0; i < places.Length; i++)
        {
            if (places[i] >= 0)
            {
                expected[(i / (g.h * g.w) * g.H * g.W) + places[i]] += r[i];
            }
        }

        KernelRun.SameBits(expected, gradient);
    });

    /// <summary>A row or column so long that the products in its bins' limits need more than 32 bits: the last block of it, each bin of one
    /// value.</summary>
    private static KernelCase Long(string kernel, bool column) => new(kernel, $"the end of a {(column ? "column" : "row")} of 70000", run =>
    {
        const int Length = 70000, Part = 2048, Last = Length / Part, Kept = Length - (Last * Part);
        float[] values = TestValues.Hard(Kept, 5);
        DeviceBuffer<float> from = run.AllocatePart<float>(Length, Length - Kept, Kept),
            to = run.AllocatePart<float>(Length, Length - Kept, Kept);
        from.Fill(values);
        (int height, int width) = column ? (Length, 1) : (1, Length);
        run.Blocks(new(Last + 1), [Last], from, to, height, width, height, width);
        KernelRun.SameBits(Array.ConvertAll(values, v => 0f + v), to);
    });

    /// <summary>The gradient of the end of a row of which every value is in eleven bins.</summary>
    private static KernelCase ManyBins() => new("avgpool_backward", "the end of a row of 35000, eleven bins a value", run =>
    {
        const int Length = 35000, Part = 2048, Last = Length / Part, Kept = Length - (Last * Part), Bins = 11;
        float[] r = TestValues.Normal(Kept * Bins, 6);
        DeviceBuffer<float> from = run.AllocatePart<float>(Length * Bins, (Length - Kept) * Bins, Kept * Bins),
            to = run.AllocatePart<float>(Length, Length - Kept, Kept);
        from.Fill(r);
        run.Blocks(new(Last + 1), [Last], from, to, 1, Length, 1, Length * Bins);
        KernelRun.SameBits(TestValues.Fill(Kept, i => r.AsSpan(i * Bins, Bins).ToArray().Aggregate(0f, (sum, v) => sum + v)), to);
    });

    /// <summary>Where the largest value of each window stands: the first of equal ones, the last NaN.</summary>
    private static int[] Switches(WindowCase g, float[] x)
    {
        int[] switches = new int[Planes * g.h * g.w];
        for (int i = 0; i < switches.Length; i++)
        {
            int best = -1, plane = i / (g.h * g.w) * g.H * g.W;
            for (int tap = 0; tap < g.Kernel.H * g.Kernel.W; tap++)
            {
                int place = g.Place(i / g.w % g.h, i % g.w, tap / g.Kernel.W, tap % g.Kernel.W);
                if (place >= 0 && (best < 0 || x[plane + place] > x[plane + best] || float.IsNaN(x[plane + place])))
                {
                    best = place;
                }
            }

            switches[i] = best;
        }

        return switches;
    }

    private static IEnumerable<KernelCase> Mean((int H, int W, int h, int w) size)
    {
        (int height, int width, int rows, int columns) = size;
        yield return new("avgpool_forward", $"{size}", run =>
        {
            float[] x = TestValues.Normal(Planes * height * width, 3);
            DeviceBuffer<float> y = run.Allocate<float>(Planes * rows * columns);
            run.Planes(Planes, rows * columns, 1, run.Upload(x), y, height, width, rows, columns);
            KernelRun.SameBits(
                TestValues.Fill(Planes * rows * columns, i =>
                {
                    (int top, int bottom) = Bin(i / columns % rows, height, rows);
                    (int left, int right) = Bin(i % columns, width, columns);
                    float sum = 0;
                    for (int k = 0; k < (bottom - top) * (right - left); k++)
                    {
                        sum += x[(i / (rows * columns) * height * width) + ((top + (k / (right - left))) * width) + left
                            + (k % (right - left))];
                    }

                    return sum / ((bottom - top) * (right - left));
                }),
                y);
        });
        yield return new("avgpool_backward", $"{size}", run =>
        {
            float[] r = TestValues.Normal(Planes * rows * columns, 4), expected = new float[Planes * height * width];
            DeviceBuffer<float> gradient = run.Allocate<float>(expected.Length);
            run.Planes(Planes, height * width, 1, run.Upload(r), gradient, height, width, rows, columns);
            for (int i = 0; i < r.Length; i++)
            {
                (int top, int bottom) = Bin(i / columns % rows, height, rows);
                (int left, int right) = Bin(i % columns, width, columns);
                for (int k = 0; k < (bottom - top) * (right - left); k++)
                {
                    int place = ((top + (k / (right - left))) * width) + left + (k % (right - left));
                    expected[(i / (rows * columns) * height * width) + place] += r[i] / ((bottom - top) * (right - left));
                }
            }

            KernelRun.SameBits(expected, gradient);
        });
    }

    /// <summary>The inputs of one of several means: from floor(a size / count) to ceil((a + 1) size / count).</summary>
    private static (int First, int Last) Bin(int a, int size, int count) =>
        ((int)Math.Floor((double)a * size / count), (int)Math.Ceiling((a + 1.0) * size / count));
}
