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
/// cache for all pictures; backward, a task takes some columns, and rows whose gradient is zero for every picture are never read. The order of each
/// sum depends on the layer's size alone, so neither threads nor batch change a bit.
/// </remarks>
internal sealed unsafe class LinearKernel<TLanes, TElement>(Node node, Blocked x, Blocked y) : CpuKernel
    where TLanes : unmanaged, ILanes<TLanes>
    where TElement : unmanaged, IStoredElement
{
    /// <summary>Rows summed together; each has its own accumulator.</summary>
    private const int Rows = 4;

    /// <summary>Rows of a task.</summary>
    private const int RowsOfTask = 16;

    /// <summary>How far ahead weights are fetched, in elements.</summary>
    private const int Ahead = 1024;

    /// <summary>Columns of a piece: 8 KiB of float32 a row.</summary>
    private const int Piece = 2048;

    /// <summary>Columns of a backward task.</summary>
    private const int ColumnsOfTask = 1024;

    private readonly Weight _weight = node.Weights[0];
    private readonly float[] _bias = node.Weights.Length > 1 ? node.Weights[1].ToArray() : new float[y.C];

    private TElement* Weights => (TElement*)_weight.Address;

    /// <inheritdoc/>
    public override void Forward(KernelRun run)
    {
        float* from = run.Inputs[0];
        float* to = run.Output;
        run.Pool.Run((y.C + RowsOfTask - 1) / RowsOfTask, (task, _) =>
        {
            int last = Math.Min(y.C, (task + 1) * RowsOfTask);
            for (int row = task * RowsOfTask; row < last; row += Rows)
            {
                SumRows(from, to, row, Math.Min(Rows, last - row));
            }
        });
        for (int n = 0; n < y.N; n++)
        {
            NativeMemory.Clear(to + n * y.Image + y.C, (nuint)(y.Image - y.C) * sizeof(float));
        }

        GC.KeepAlive(_weight);
    }

    /// <inheritdoc/>
    public override void Backward(KernelRun run, ReluRule rule)
    {
        float* upstream = run.OutputGradient;
        float* down = run.InputGradients[0];
        int[] rows = NonzeroRows(upstream);
        run.Pool.Run((x.C + ColumnsOfTask - 1) / ColumnsOfTask, (task, _) =>
        {
            int first = task * ColumnsOfTask;
            int columns = Math.Min(ColumnsOfTask, x.C - first);
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
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void SumRows(float* from, float* to, int row, int rows)
    {
        TElement* w0 = Weights + (long)row * x.C;
        long next = rows == Rows ? x.C : 0; // Missing rows repeat the first one; their sums are not kept.
        TElement* w1 = w0 + next;
        TElement* w2 = w1 + next;
        TElement* w3 = w2 + next;
        for (int i = 0; i < rows; i++)
        {
            for (int n = 0; n < x.N; n++)
            {
                to[n * y.Image + row + i] = _bias[row + i];
            }
        }

        for (int first = 0; first < x.C; first += Piece)
        {
            int end = Math.Min(x.C, first + Piece);
            int vectorEnd = first + (end - first) / Blocked.Lanes * Blocked.Lanes;
            for (int n = 0; n < x.N; n++)
            {
                float* xn = from + n * x.Image;
                float* yn = to + n * y.Image + row;
                if (rows == Rows)
                {
                    TLanes s0 = TLanes.Zero, s1 = TLanes.Zero, s2 = TLanes.Zero, s3 = TLanes.Zero;
                    for (int c = first; c < vectorEnd; c += Blocked.Lanes)
                    {
                        TLanes v = TLanes.Load(xn + c);
                        Prefetch.Line(w0 + c + Ahead);
                        Prefetch.Line(w1 + c + Ahead);
                        Prefetch.Line(w2 + c + Ahead);
                        Prefetch.Line(w3 + c + Ahead);
                        s0 = TLanes.FusedMultiplyAdd(TElement.Load<TLanes>(w0 + c), v, s0);
                        s1 = TLanes.FusedMultiplyAdd(TElement.Load<TLanes>(w1 + c), v, s1);
                        s2 = TLanes.FusedMultiplyAdd(TElement.Load<TLanes>(w2 + c), v, s2);
                        s3 = TLanes.FusedMultiplyAdd(TElement.Load<TLanes>(w3 + c), v, s3);
                    }

                    yn[0] += TLanes.Sum(s0) + Tail(w0, xn, vectorEnd, end);
                    yn[1] += TLanes.Sum(s1) + Tail(w1, xn, vectorEnd, end);
                    yn[2] += TLanes.Sum(s2) + Tail(w2, xn, vectorEnd, end);
                    yn[3] += TLanes.Sum(s3) + Tail(w3, xn, vectorEnd, end);
                }
                else
                {
                    for (int i = 0; i < rows; i++)
                    {
                        TElement* w = w0 + (long)i * x.C;
                        TLanes s = TLanes.Zero;
                        for (int c = first; c < vectorEnd; c += Blocked.Lanes)
                        {
                            s = TLanes.FusedMultiplyAdd(TElement.Load<TLanes>(w + c), TLanes.Load(xn + c), s);
                        }

                        yn[i] += TLanes.Sum(s) + Tail(w, xn, vectorEnd, end);
                    }
                }
            }
        }
    }

    /// <summary>Adds up to four rows, each times its gradient, to every picture's piece of columns, and fetches those that come after.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void AddRows(float* upstream, float* down, ReadOnlySpan<int> rows, ReadOnlySpan<int> next, int first, int columns)
    {
        int vectorEnd = columns / Blocked.Lanes * Blocked.Lanes;
        for (int n = 0; n < x.N; n++)
        {
            float* to = down + n * x.Image + first;
            float* gradient = upstream + n * y.Image;
            TElement* w0 = Weights + (long)rows[0] * x.C + first;
            TElement* w1 = Weights + (long)rows[^1] * x.C + first;
            if (rows.Length == Rows)
            {
                w1 = Weights + (long)rows[1] * x.C + first;
                TElement* w2 = Weights + (long)rows[2] * x.C + first;
                TElement* w3 = Weights + (long)rows[3] * x.C + first;
                TElement* after0 = Weights + (long)next[0] * x.C + first;
                TElement* after1 = Weights + (long)next[1] * x.C + first;
                TElement* after2 = Weights + (long)next[2] * x.C + first;
                TElement* after3 = Weights + (long)next[3] * x.C + first;
                TLanes g0 = TLanes.Broadcast(gradient[rows[0]]), g1 = TLanes.Broadcast(gradient[rows[1]]);
                TLanes g2 = TLanes.Broadcast(gradient[rows[2]]), g3 = TLanes.Broadcast(gradient[rows[3]]);
                for (int c = 0; c < vectorEnd; c += Blocked.Lanes)
                {
                    Prefetch.Line(after0 + c);
                    Prefetch.Line(after1 + c);
                    Prefetch.Line(after2 + c);
                    Prefetch.Line(after3 + c);
                    TLanes sum = TLanes.Load(to + c);
                    sum = TLanes.FusedMultiplyAdd(TElement.Load<TLanes>(w0 + c), g0, sum);
                    sum = TLanes.FusedMultiplyAdd(TElement.Load<TLanes>(w1 + c), g1, sum);
                    sum = TLanes.FusedMultiplyAdd(TElement.Load<TLanes>(w2 + c), g2, sum);
                    sum = TLanes.FusedMultiplyAdd(TElement.Load<TLanes>(w3 + c), g3, sum);
                    TLanes.Store(sum, to + c);
                }
            }

            for (int i = 0; i < rows.Length; i++)
            {
                TElement* w = Weights + (long)rows[i] * x.C + first;
                float g = gradient[rows[i]];
                TLanes wide = TLanes.Broadcast(g);
                for (int c = rows.Length == Rows ? vectorEnd : 0; c < vectorEnd; c += Blocked.Lanes)
                {
                    TLanes.Store(TLanes.FusedMultiplyAdd(TElement.Load<TLanes>(w + c), wide, TLanes.Load(to + c)), to + c);
                }

                for (int c = vectorEnd; c < columns; c++)
                {
                    to[c] = MathF.FusedMultiplyAdd(TElement.Value(w + c), g, to[c]);
                }
            }
        }
    }

    private static float Tail(TElement* w, float* v, int first, int end)
    {
        float sum = 0f;
        for (int c = first; c < end; c++)
        {
            sum = MathF.FusedMultiplyAdd(TElement.Value(w + c), v[c], sum);
        }

        return sum;
    }
}
