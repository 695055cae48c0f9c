using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Interp.Engine.Cpu.Lanes;
using Interp.Engine.Graph;
using Interp.Engine.Rules;
using Interp.Engine.Tensors;

namespace Interp.Engine.Cpu.Kernels;

/// <summary>
/// Fully connected layer. The weights are read where they lie, usually in a mapped file, in float32 or float16, once for the whole batch.
/// </summary>
/// <remarks>
/// Limited by memory: each weight is used once per image. Forward, a task takes some rows and walks along them in pieces short enough to
/// stay in the first-level
/// cache for all images; backward, a task takes some columns, and rows whose gradient is zero for every image are never read. Several
/// images share a
/// walk, as many as there are registers for. The order of each sum depends on the layer's size alone, so neither threads nor batch change a
/// bit.
/// </remarks>
internal sealed unsafe class LinearKernel<TLanes, TElement>(Node node, Blocked x, Blocked y) : CpuKernel
    where TLanes : unmanaged, ILanes<TLanes>
    where TElement : unmanaged, IStoredElement
{
    /// <summary>Rows summed together; each has its own accumulator.</summary>
    private const int Rows = 4;

    /// <summary>Images summed together with AVX-512's 32 registers, and forward with sixteen.</summary>
    private const int Images = 4, FewerImages = 3;

    /// <summary>Images whose sums a task keeps at a time: 64 KiB.</summary>
    private const int ImagesOfTask = 64;

    /// <summary>Rows of a task.</summary>
    private const int RowsOfTask = 16;

    /// <summary>Columns of a piece: 4 KiB of float32 a row.</summary>
    private const int Piece = 1024;

    /// <summary>Columns of a backward task at least, and values of all images at most: about what the first-level cache holds. The longer
    /// the walks the better.</summary>
    private const int LeastColumns = 1024, MostValues = 8192;

    /// <summary>Weights of so many bytes come from memory.</summary>
    private const long FarWeights = 32L << 20;

    /// <summary>
    /// Whether the processor is left to find out by itself which weights come next. Some reach the speed of memory only so, others only
    /// with instructions that fetch ahead.
    /// </summary>
    private static readonly MeasuredChoice s_leavesFetching = new();

    private readonly Weight _weight = node.Weights[0];
    private readonly float[] _bias = node.Weights.Length > 1 ? node.Weights[1].ToArray() : new float[y.C];

    private TElement* Weights => (TElement*)_weight.Address;

    /// <inheritdoc/>
    public override void Forward(KernelRun run)
    {
        if (_weight.Bytes >= FarWeights && x.N == 1)
        {
            s_leavesFetching.Run(_weight.Bytes, leaves => Sum(run, fetch: !leaves));
        }
        else
        {
            Sum(run, fetch: true);
        }

        for (int n = 0; n < y.N; n++)
        {
            NativeMemory.Clear(run.Output + n * y.Image + y.C, (nuint)(y.Image - y.C) * sizeof(float));
        }

        GC.KeepAlive(_weight);
    }

    /// <inheritdoc/>
    public override void Backward(KernelRun run, ReluRule rule)
    {
        float* upstream = run.OutputGradient;
        float* down = run.InputGradients[0];
        int[] rows = NonzeroRows(upstream);
        int share = Math.Min(x.C / (2 * run.Pool.Threads), MostValues / x.N); // How columns are cut changes no sum.
        int columnsOfTask = Math.Max(LeastColumns, share / Blocked.Lanes * Blocked.Lanes);
        run.Pool.Run((x.C + columnsOfTask - 1) / columnsOfTask, (task, _) =>
        {
            int first = task * columnsOfTask;
            int columns = Math.Min(columnsOfTask, x.C - first);
            for (int n = 0; n < x.N; n++)
            {
                NativeMemory.Clear(down + n * x.Image + first, (nuint)columns * sizeof(float));
            }

            for (int r = 0; r < rows.Length; r += Rows)
            {
                Span<int> now = rows.AsSpan(r, Math.Min(Rows, rows.Length - r));
                AddRows(upstream, down, now, r + (2 * Rows) <= rows.Length ? rows.AsSpan(r + Rows, Rows) : now, first, columns);
            }
        });
        for (int n = 0; n < x.N; n++)
        {
            NativeMemory.Clear(down + n * x.Image + x.C, (nuint)(x.Image - x.C) * sizeof(float));
        }

        GC.KeepAlive(_weight);
    }

    private void Sum(KernelRun run, bool fetch)
    {
        float* from = run.Inputs[0];
        float* to = run.Output;
        run.Pool.Run((y.C + RowsOfTask - 1) / RowsOfTask, (task, _) =>
        {
            for (int n = 0; n < x.N; n += ImagesOfTask)
            {
                SumTask(from + n * x.Image, to + n * y.Image, Math.Min(ImagesOfTask, x.N - n), task * RowsOfTask, fetch);
            }
        });
    }

    /// <summary>The rows whose gradient is not zero for every image.</summary>
    private int[] NonzeroRows(float* upstream)
    {
        var rows = new int[y.C];
        int count = 0;
        for (int o = 0; o < y.C; o++)
        {
            bool any = false;
            for (int n = 0; n < y.N && !any; n++)
            {
                any = upstream[n * y.Image + o] != 0f;
            }

            rows[count] = o;
            count += any ? 1 : 0;
        }

        return rows[..count];
    }

    /// <summary>A task's rows times some images: each sum is sixteen of columns sixteen apart until its row ends.</summary>
    [SkipLocalsInit]
    private void SumTask(float* from, float* to, int images, int start, bool fetch)
    {
        int end = Math.Min(y.C, start + RowsOfTask), vectors = x.C / Blocked.Lanes * Blocked.Lanes;
        nint step = images * Blocked.Lanes; // from a row's sums to the next row's
        float* sums = stackalloc float[RowsOfTask * (int)step];
        NativeMemory.Clear(sums, (nuint)(RowsOfTask * step) * sizeof(float));

        // One image's weights are read row by row as they lie; several images' pieces are used for all rows while they are near.
        int rows = images == 1 ? Rows : RowsOfTask;
        for (int group = start; group < end; group += rows)
        {
            int last = Math.Min(end, group + rows);
            for (int first = 0; first < vectors; first += Piece)
            {
                for (int row = group; row < last; row += Rows)
                {
                    bool isLast = row + Rows >= last;
                    TElement* next = Weights + (long)(isLast ? group : row + Rows) * x.C + (isLast ? first + Piece : first);
                    SumRows(from + first, images, sums + (row - start) * step, row, Math.Min(Rows, last - row), first,
                        Math.Min(Piece, vectors - first), next, fetch);
                }
            }
        }

        for (int i = 0; i < (end - start) * images; i++)
        {
            (int row, int n) = (start + i / images, i % images);
            float rest = 0f;
            for (int c = vectors; c < x.C; c++)
            {
                rest = MathF.FusedMultiplyAdd(TElement.Value(Weights + (long)row * x.C + c), from[n * x.Image + c], rest);
            }

            to[n * y.Image + row] = _bias[row] + (TLanes.Sum(TLanes.Load(sums + i * Blocked.Lanes)) + rest);
        }
    }

    /// <summary>Up to four rows times each image over a piece of columns.</summary>
    private void SumRows(float* from, int images, float* sums, int row, int rows, int first, int columns, TElement* next, bool fetch)
    {
        TElement* w = Weights + (long)row * x.C + first;
        nint step = images * Blocked.Lanes;
        int most = rows < Rows ? 1 : TLanes.TileBlocks > 1 ? Images : typeof(TElement) == typeof(StoredSingle) ? FewerImages : 1;
        int walks = images / most;
        for (int n = 0, taken; n < images; n += taken, sums += taken * Blocked.Lanes)
        {
            float* xn = from + n * x.Image;
            taken = n + most <= images ? most : 1;
            switch (taken)
            {
                case Images:
                    DotProducts<TLanes, TElement>.FourByFour(w, x.C, xn, x.Image, sums, step, columns, next, n / most, walks);
                    break;
                case FewerImages:
                    DotProducts<TLanes, TElement>.FourByThree((float*)w, x.C, xn, x.Image, sums, step, columns, (float*)next, n / most,
                        walks);
                    break;
                case 1 when rows == Rows:
                    DotProducts<TLanes, TElement>.FourRows(w, x.C, xn, sums, step, columns, fetch && n == 0);
                    break;
                default:
                    for (int i = 0; i < rows; i++)
                    {
                        DotProducts<TLanes, TElement>.One(w + (long)i * x.C, xn, sums + i * step, columns);
                    }

                    break;
            }
        }
    }

    /// <summary>Adds up to four rows, each times its gradient, to every image's piece of columns, and fetches those that come
    /// after.</summary>
    private void AddRows(float* upstream, float* down, ReadOnlySpan<int> rows, ReadOnlySpan<int> next, int first, int columns)
    {
        TElement* w = Weights + first;
        int walks = (x.N + Images - 1) / Images;
        for (int n = 0, images; n < x.N; n += images)
        {
            float* dy = upstream + n * y.Image;
            float* dx = down + n * x.Image + first;
            images = ImagesAtOnce(n, rows.Length);
            if (images == Images)
            {
                WeightedRows<TLanes, TElement>.FourByFour(
                    new(w, x.C, rows), new(w, x.C, next), n / Images, walks, rows, dy, y.Image, dx, x.Image, columns);
            }
            else if (rows.Length == Rows)
            {
                WeightedRows<TLanes, TElement>.FourRows(new(w, x.C, rows), new(w, x.C, next), n, x.N, rows, dy, dx, columns);
            }

            int done = rows.Length == Rows ? columns / Blocked.Lanes * Blocked.Lanes : 0;
            for (int i = 0; done < columns && i < images * rows.Length; i++)
            {
                (int image, int row) = (i / rows.Length, rows[i % rows.Length]);
                WeightedRows<TLanes, TElement>.One(w + (long)row * x.C, dy[image * y.Image + row], dx + image * x.Image, done, columns);
            }
        }
    }

    /// <summary>How many images, from the n-th on, share one walk backward: one, or four where there are AVX-512's 32 registers.</summary>
    private int ImagesAtOnce(int n, int rows) => TLanes.TileBlocks > 1 && rows == Rows && n + Images <= x.N ? Images : 1;
}
