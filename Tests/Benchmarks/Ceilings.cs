using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Interp.Engine.Tensors;

namespace Interp.Benchmarks;

/// <summary>The most that the machine can do, measured: fused multiply-adds on registers, and reads of memory far larger than the
/// caches.</summary>
/// <param name="Threads">Threads that work at once.</param>
/// <param name="Gflops512">10⁹ operations a second with 512-bit registers (a multiply-add is two); 0 where there are none.</param>
/// <param name="Gflops256">The same with 256-bit registers.</param>
/// <param name="Gigabytes">10⁹ bytes read a second.</param>
internal sealed unsafe record Ceilings(int Threads, double Gflops512, double Gflops256, double Gigabytes)
{
    private const long Iterations = 4_000_000;
    private const int Chains = 12; // independent sums: more than latency times units (4·2), fewer than registers
    // In which the kernel gives each spinning thread its own processor.
    private static readonly TimeSpan s_spread = TimeSpan.FromMilliseconds(20);

    private const long BytesEach = 256L << 20;

    /// <summary>For the registers that this run may use.</summary>
    public double Gflops => Math.Max(Gflops512, Gflops256);

    /// <summary>Measures with a number of threads.</summary>
    public static Ceilings Measure(int threads)
    {
        double flops = 2.0 * Chains * Iterations * threads * 1e-9;
        double wide = Avx512F.IsSupported ? 16 * flops / Seconds(threads, _ => Fma512()) : 0;
        double narrow = 8 * flops / Seconds(threads, _ => Fma256());
        using var memory = new NativeBuffer(BytesEach * threads);
        double read = BytesEach * threads * 1e-9 / Seconds(threads, t => Read((float*)(memory.Address + t * BytesEach)));
        return new Ceilings(threads, wide, narrow, read);
    }

    /// <summary>Prints a table of them.</summary>
    public static void Print(params ReadOnlySpan<Ceilings> all)
    {
        var table = new MarkdownTable("threads", "FMA 512 bit GFLOP/s", "FMA 256 bit GFLOP/s", "memory read GB/s");
        foreach (Ceilings c in all)
        {
            table.Add($"{c.Threads}", c.Gflops512 > 0 ? $"{c.Gflops512:0}" : "–", $"{c.Gflops256:0}", $"{c.Gigabytes:0}");
        }

        Console.WriteLine("### What the machine can do\n");
        table.Print();
    }

    /// <summary>
    /// The shortest of several runs: a ceiling is what goes, not what usually goes. From the first thread's start to the last one's end, by
    /// the threads' own clocks:
    /// the one that started them may get a processor again only when they are done.
    /// </summary>
    private static double Seconds(int threads, Action<int> work)
    {
        double best = double.MaxValue;
        for (int run = 0; run < 7; run++)
        {
            if (Contest.CountsProcessorTime && threads == 1)
            {
                best = Math.Min(best, Contest.Time(() => work(0)) / 1000);
                continue;
            }

            int ready = 0;
            var began = new long[threads];
            var ended = new long[threads];
            Thread[] workers = [.. Enumerable.Range(0, threads).Select(t => new Thread(() =>
            {
                Interlocked.Increment(ref ready);
                began[t] = Stopwatch.GetTimestamp();
                while (Volatile.Read(ref ready) < threads || Stopwatch.GetElapsedTime(began[t]) < s_spread)
                {
                    Thread.SpinWait(20);
                }

                began[t] = Stopwatch.GetTimestamp();
                work(t);
                ended[t] = Stopwatch.GetTimestamp();
            }))];
            Array.ForEach(workers, w => w.Start());
            Array.ForEach(workers, w => w.Join());
            best = Math.Min(best, Stopwatch.GetElapsedTime(began.Min(), ended.Max()).TotalSeconds);
        }

        return best;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static float Fma512()
    {
        Vector512<float> x = Vector512.Create(0.5f), y = Vector512.Create(0.25f);
        Vector512<float> a = x, b = x, c = x, d = x, e = x, f = x, g = x, h = x, i = x, j = x, k = x, l = x;
        for (long n = 0; n < Iterations; n++)
        {
            a = Avx512F.FusedMultiplyAdd(x, y, a);
            b = Avx512F.FusedMultiplyAdd(x, y, b);
            c = Avx512F.FusedMultiplyAdd(x, y, c);
            d = Avx512F.FusedMultiplyAdd(x, y, d);
            e = Avx512F.FusedMultiplyAdd(x, y, e);
            f = Avx512F.FusedMultiplyAdd(x, y, f);
            g = Avx512F.FusedMultiplyAdd(x, y, g);
            h = Avx512F.FusedMultiplyAdd(x, y, h);
            i = Avx512F.FusedMultiplyAdd(x, y, i);
            j = Avx512F.FusedMultiplyAdd(x, y, j);
            k = Avx512F.FusedMultiplyAdd(x, y, k);
            l = Avx512F.FusedMultiplyAdd(x, y, l);
        }

        return Vector512.Sum(a + b + c + d + e + f + g + h + i + j + k + l);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static float Fma256()
    {
        Vector256<float> x = Vector256.Create(0.5f), y = Vector256.Create(0.25f);
        Vector256<float> a = x, b = x, c = x, d = x, e = x, f = x, g = x, h = x, i = x, j = x, k = x, l = x;
        for (long n = 0; n < Iterations; n++)
        {
            a = Fma.MultiplyAdd(x, y, a);
            b = Fma.MultiplyAdd(x, y, b);
            c = Fma.MultiplyAdd(x, y, c);
            d = Fma.MultiplyAdd(x, y, d);
            e = Fma.MultiplyAdd(x, y, e);
            f = Fma.MultiplyAdd(x, y, f);
            g = Fma.MultiplyAdd(x, y, g);
            h = Fma.MultiplyAdd(x, y, h);
            i = Fma.MultiplyAdd(x, y, i);
            j = Fma.MultiplyAdd(x, y, j);
            k = Fma.MultiplyAdd(x, y, k);
            l = Fma.MultiplyAdd(x, y, l);
        }

        return Vector256.Sum(a + b + c + d + e + f + g + h + i + j + k + l);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static float Read(float* p)
    {
        const long Quarter = BytesEach / sizeof(float) / 4; // Four streams keep more prefetches in flight than one.
        Vector256<float> a = default, b = default, c = default, d = default;
        for (float* end = p + Quarter; p < end; p += 16)
        {
            a += Vector256.Load(p) + Vector256.Load(p + 8);
            b += Vector256.Load(p + Quarter) + Vector256.Load(p + Quarter + 8);
            c += Vector256.Load(p + 2 * Quarter) + Vector256.Load(p + 2 * Quarter + 8);
            d += Vector256.Load(p + 3 * Quarter) + Vector256.Load(p + 3 * Quarter + 8);
        }

        return Vector256.Sum(a + b + c + d);
    }
}
