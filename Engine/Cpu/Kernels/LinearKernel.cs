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
/// Limited by memory: each weight is used once per picture. Forward, a task takes some rows and walks along them in pieces short enough to stay in the first-level
/// cache for all pictures; backward, a task takes some columns, and rows whose gradient is zero for every picture are never read. Where there are registers
/// for it, four pictures share a walk. The order of each sum depends on the layer's size alone, so neither threads nor batch change a bit.
/// </remarks>
internal sealed unsafe class LinearKernel<TLanes, TElement>(Node node, Blocked x, Blocked y) : CpuKernel
    where TLanes : unmanaged, ILanes<TLanes>
    where TElement : unmanaged, IStoredElement
{
    /// <summary>Rows summed together; each has its own accumulator.</summary>
    private const int Rows = 4;

    /// <summary>Pictures summed together where there are registers for it.</summary>
    private const int Pictures = 4;

    /// <summary>Rows of a task.</summary>
    private const int RowsOfTask = 16;

    /// <summary>Columns of a piece: 8 KiB of float32 a row.</summary>
    private const int Piece = 2048;

    /// <summary>Columns of a backward task at least, and values of all pictures at most: about what the first-level cache holds. The longer the walks the better.</summary>
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
            int last = Math.Min(y.C, (task + 1) * RowsOfTask);
            for (int row = task * RowsOfTask; row < last; row += Rows)
            {
                SumRows(from, to, row, Math.Min(Rows, last - row), fetch);
            }
        });
    }

    /// <summary>The rows whose gradient is not zero for every picture.</summary>
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

    /// <summary>Up to four rows' dot products with every picture.</summary>
    private void SumRows(float* from, float* to, int row, int rows, bool fetch)
    {
        for (int n = 0; n < x.N; n++)
        {
            _bias.AsSpan(row, rows).CopyTo(new Span<float>(to + n * y.Image + row, rows));
        }

        TElement* w = Weights + (long)row * x.C;
        int walks = (x.N + Pictures - 1) / Pictures;
        for (int first = 0; first < x.C; first += Piece, w += Piece)
        {
            int columns = Math.Min(Piece, x.C - first);
            TElement* next = first + Piece < x.C ? w + Piece : Weights + (long)(row + Rows) * x.C;
            for (int n = 0, pictures; n < x.N; n += pictures)
            {
                float* xn = from + n * x.Image + first;
                float* yn = to + n * y.Image + row;
                pictures = PicturesAtOnce(n, rows);
                if (pictures == Pictures)
                {
                    DotProducts<TLanes, TElement>.FourByFour(w, x.C, xn, x.Image, yn, y.Image, columns, next, n / Pictures, walks);
                }
                else if (rows == Rows)
                {
                    DotProducts<TLanes, TElement>.FourRows(w, x.C, xn, yn, columns, fetch);
                }
                else
                {
                    for (int i = 0; i < rows; i++)
                    {
                        DotProducts<TLanes, TElement>.One(w + (long)i * x.C, xn, yn + i, columns);
                    }
                }
            }
        }
    }

    /// <summary>Adds up to four rows, each times its gradient, to every picture's piece of columns, and fetches those that come after.</summary>
    private void AddRows(float* upstream, float* down, ReadOnlySpan<int> rows, ReadOnlySpan<int> next, int first, int columns)
    {
        TElement* w = Weights + first;
        int walks = (x.N + Pictures - 1) / Pictures;
        for (int n = 0, pictures; n < x.N; n += pictures)
        {
            float* dy = upstream + n * y.Image;
            float* dx = down + n * x.Image + first;
            pictures = PicturesAtOnce(n, rows.Length);
            if (pictures == Pictures)
            {
                WeightedRows<TLanes, TElement>.FourByFour(
                    new(w, x.C, rows), new(w, x.C, next), n / Pictures, walks, rows, dy, y.Image, dx, x.Image, columns);
            }
            else if (rows.Length == Rows)
            {
                WeightedRows<TLanes, TElement>.FourRows(new(w, x.C, rows), new(w, x.C, next), rows, dy, dx, columns);
            }

            int done = rows.Length == Rows ? columns / Blocked.Lanes * Blocked.Lanes : 0;
            for (int i = 0; done < columns && i < pictures * rows.Length; i++)
            {
                (int picture, int row) = (i / rows.Length, rows[i % rows.Length]);
                WeightedRows<TLanes, TElement>.One(w + (long)row * x.C, dy[picture * y.Image + row], dx + picture * x.Image, done, columns);
            }
        }
    }

    /// <summary>How many pictures, from the n-th on, share one walk along the rows: one, or four where there are AVX-512's 32 registers.</summary>
    private int PicturesAtOnce(int n, int rows) => TLanes.TileBlocks > 1 && rows == Rows && n + Pictures <= x.N ? Pictures : 1;
}
