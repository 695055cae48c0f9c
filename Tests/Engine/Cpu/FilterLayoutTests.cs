using Interp.Engine.Cpu;
using Interp.Engine.Cpu.Convolution;
using Interp.Engine.Graph;
using Interp.Engine.Layers;
using Interp.Engine.Tensors;

namespace Interp.Tests.Engine.Cpu;

/// <summary>Filters as the convolutions read them, bit by bit those of plain loops.</summary>
[TestClass]
public sealed unsafe class FilterLayoutTests
{
    [TestMethod]
    [DataRow(3, 5, 7, false)]
    [DataRow(3, 5, 7, true)]
    [DataRow(3, 33, 70, false)]
    [DataRow(3, 33, 70, true)]
    [DataRow(5, 20, 48, false)]
    [DataRow(5, 20, 48, true)]
    public void Winograd_AnySizes_SameBitsAsPlainLoops(int kernel, int inputs, int outputs, bool backward)
    {
        float[] values = Values(inputs * outputs * kernel * kernel);
        Node node = Convolution(inputs, outputs, kernel, 1, values);
        using var pool = new WorkerPool(2);
        foreach (int tileBlocks in new[] { 1, 2 })
        {
            using var spare = new SpareMemory();
            Fill(spare, 1 << 22);
            using var filters = new WinogradFilters(new FilterReader(node, backward), kernel, tileBlocks, spare);
            for (int use = 0; use < WinogradFilters.LentUses + 2; use++)
            {
                float* at = filters.Use(pool, out NativeBuffer? lent);
                Assert.AreEqual(use < WinogradFilters.LentUses, lent is not null, "memory is lent at first only");
                CheckWinograd(filters, at, values, (kernel, inputs, outputs, backward), tileBlocks * Blocked.Lanes);
                filters.Return(lent);
            }
        }
    }

    [TestMethod]
    [DataRow(1, 1, 40, 24, false)]
    [DataRow(1, 1, 40, 24, true)]
    [DataRow(3, 4, 40, 24, false)]
    [DataRow(3, 4, 40, 24, true)]
    [DataRow(5, 2, 6, 50, false)]
    [DataRow(5, 2, 6, 50, true)]
    [DataRow(7, 1, 3, 18, false)]
    public void Blocks_AnyGroups_SameAsPairByPair(int kernel, int groups, int inputs, int outputs, bool backward)
    {
        int all = kernel * kernel;
        Node node = Convolution(inputs, outputs, kernel, groups, Values(inputs / groups * outputs * all));
        var filters = new FilterReader(node, backward);
        int[] taps = [.. Enumerable.Range(0, all).Where(t => all == 1 || t % 2 == 0)];
        const int outs = 32, ins = 16;
        var read = new float[taps.Length * ins * outs];
        float* one = stackalloc float[all];
        filters.Open();
        for (int o = 0; o < filters.OutChannels; o += outs)
        {
            for (int i = 0; i < filters.InChannels; i += ins)
            {
                fixed (float* to = read)
                {
                    filters.Read(o, outs, i, ins, taps, to, ins * outs, outs);
                }

                for (int k = 0; k < read.Length; k++)
                {
                    filters.Read(o + k % outs, i + k / outs % ins, one);
                    Assert.AreEqual(one[taps[k / (ins * outs)]], read[k]);
                }
            }
        }

        filters.Close();
    }

    private static void CheckWinograd(
        WinogradFilters filters, float* at, float[] values, (int Kernel, int In, int Out, bool Backward) of, int width)
    {
        int taps = of.Kernel * of.Kernel;
        (int outs, int ins) = of.Backward ? (of.In, of.Out) : (of.Out, of.In);
        for (int o = 0; o < (outs + width - 1) / width * width; o++)
        {
            for (int i = 0; i < filters.InputBlocks * Blocked.Lanes; i++)
            {
                double[] expected = new double[36];
                if (o < outs && i < ins)
                {
                    float[] g = values.AsSpan((of.Backward ? i * of.In + o : o * of.In + i) * taps, taps).ToArray();
                    if (of.Backward)
                    {
                        Array.Reverse(g);
                    }

                    expected = Plain(g, of.Kernel);
                }

                for (int p = 0; p < 36; p++)
                {
                    float found = at[filters.Point(o / width, p) + i * width + o % width];
                    if (o < outs && i < ins)
                    {
                        Assert.AreEqual(BitConverter.SingleToInt32Bits((float)expected[p]), BitConverter.SingleToInt32Bits(found));
                    }
                    else
                    {
                        Assert.AreEqual(0f, found, "past the last channel");
                    }
                }
            }
        }
    }

    /// <summary>G g Gᵀ, columns first, every product and sum rounded.</summary>
    private static double[] Plain(float[] filter, int kernel)
    {
        double[] g = WinogradTransform.FilterMatrix(kernel);
        var half = new double[6 * kernel];
        for (int i = 0; i < half.Length; i++)
        {
            half[i] = Dot(g, i / kernel * kernel, k => filter[k * kernel + i % kernel], kernel);
        }

        return [.. Enumerable.Range(0, 36).Select(p => Dot(g, p % 6 * kernel, k => half[p / 6 * kernel + k], kernel))];
    }

    private static double Dot(double[] g, int row, Func<int, double> x, int kernel)
    {
        double sum = g[row] * x(0);
        for (int k = 1; k < kernel; k++)
        {
            double product = g[row + k] * x(k);
            sum += product;
        }

        return sum;
    }

    private static void Fill(SpareMemory spare, int bytes)
    {
        spare.Announce(bytes);
        NativeBuffer memory = spare.Borrow();
        new Span<byte>((void*)memory.Address, bytes).Fill(255);
        spare.Return(memory);
    }

    private static float[] Values(int count)
    {
        var random = new Random(count);
        return [.. Enumerable.Range(0, count).Select(_ => random.NextSingle() - 0.5f)];
    }

    private static Node Convolution(int inputs, int outputs, int kernel, int groups, float[] values)
    {
        var layer = new Conv2d(inputs, outputs, Window.Square(kernel, padding: kernel / 2), groups, Bias: false);
        return new Node(1, "conv", layer, [0], [Weight.FromValues("conv.weight", layer.Parameters[0], values)]);
    }
}
