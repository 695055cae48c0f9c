using Interp.Tests.Cuda.Ptx.Storage;

namespace Interp.Tests.Cuda.Kernels;

/// <summary>Twins of <c>tensor.cu</c>, bit for bit.</summary>
internal static class TensorCases
{
    internal static IEnumerable<KernelCase> All()
    {
        // The nearest number of 11 significant bits, ties away from zero.
        static float Nearest(float x)
        {
            int bits = BitConverter.SingleToInt32Bits(x), below = bits & 0x1FFF;
            return BitConverter.Int32BitsToSingle(bits - below + (below >= 0x1000 ? 0x2000 : 0));
        }

        static float Sum(float[] v) => v[0] + v[1];
        static float Mean(float[] v) => (0.5f * v[0]) + (0.5f * v[1]);
        foreach (KernelCase @case in (KernelCase[])
            [.. Elementwise.Cases("add_to", 2, Sum, 0), .. Elementwise.Cases("add", 2, Sum), Elementwise.InPlace("add", 2, Sum, 0),
                .. Elementwise.Cases("maximum", 2, v => v[0] > v[1] ? v[0] : v[1] > v[0] ? v[1] : Mean(v)),
                .. Elementwise.Cases("minimum", 2, v => v[0] > v[1] ? v[1] : v[1] > v[0] ? v[0] : Mean(v)),
                .. Elementwise.Cases("larger_backward", 3, v => (v[0] > v[1] ? 1 : v[1] > v[0] ? 0 : 0.5f) * v[2])])
        {
            yield return @case;
        }

        foreach ((int count, int blocks) in Elementwise.Sizes)
        {
            yield return new("split_tf32", $"{count} values", run =>
            {
                float[] x = TestValues.Normal(count, 8);
                (x[0], x[1], x[2], x[3]) = (0, float.PositiveInfinity, 1e-30f, -4096);
                DeviceBuffer<float> large = run.Allocate<float>(count), small = run.Allocate<float>(count);
                run.Over(blocks, 1, run.Upload(x), large, small, (long)count);
                float[] first = Array.ConvertAll(x, Nearest);
                KernelRun.SameBits(first, large);
                KernelRun.SameBits(TestValues.Fill(count, i => x[i] == first[i] ? 0f : Nearest(x[i] - first[i])), small);
            });
        }

        yield return new("copy_blocks", "3 images' channels side by side with others", run =>
        {
            const int Length = 2500, From = 2510, To = 2700, Images = 3;
            float[] x = TestValues.Hard((Images * From) - 10, 5), y = TestValues.Hard(Images * To, 6);
            DeviceBuffer<float> joined = run.Upload(y);
            run.Over(1, Images, run.Upload(x), joined.At(100), (long)From, (long)To, (long)Length);
            KernelRun.SameBits(
                TestValues.Fill(y.Length, i => i % To is >= 100 and < 100 + Length ? x[(i / To * From) + (i % To) - 100] : y[i]), joined);
        });
        yield return new("copy_blocks", "2048 values", run =>
        {
            float[] x = TestValues.Hard(2048, 9);
            DeviceBuffer<float> y = run.Allocate<float>(2048);
            run.Over(2, 1, run.Upload(x), y, 0L, 0L, 2048L);
            KernelRun.SameBits(x, y);
        });
        yield return new("copy_blocks", "the last block of more than 2^32 values", run =>
        {
            float[] values = TestValues.Hard(256, 8);
            DeviceBuffer<float> y = Elementwise.Tail(run);
            Elementwise.LastBlock(run, Elementwise.Tail(run, values), y, 0L, 0L, Elementwise.Far);
            KernelRun.SameBits(values, y);
        });
        yield return new("copy_blocks", "the third image, beyond 2^31 values", run =>
        {
            const long Stride = 2_200_000_000;
            float[] values = TestValues.Hard(100, 7);
            DeviceBuffer<float> x = run.AllocatePart<float>(3 * Stride, 2 * Stride, 100),
                y = run.AllocatePart<float>(2 * Stride, Stride, 100);
            x.Fill(values);
            run.Blocks(new(1, 3), [2], x, y, Stride, Stride / 2, 100L);
            KernelRun.SameBits(values, y);
        });
    }
}
