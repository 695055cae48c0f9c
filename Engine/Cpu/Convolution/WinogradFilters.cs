using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;
using Interp.Engine.Cpu.Lanes;
using Interp.Engine.Tensors;

namespace Interp.Engine.Cpu.Convolution;

/// <summary>
/// Filters transformed for Winograd, computed in float64 and rounded once: <c>[output group][point][input block][channel][blocks·16]</c>,
/// four times the memory of 3×3 filters, 1.4 times that of 5×5. The first uses lend one layer's memory to the next; only then are they
/// kept.
/// </summary>
internal sealed unsafe class WinogradFilters : IDisposable
{
    /// <summary>Uses before they are kept: fresh memory for them all costs what transforming them two to five times does.</summary>
    public const int LentUses = 2;

    /// <summary>Input channels that are transformed together. The points lie a power of two apart, so that writing them one by one would
    /// make them throw each other out of the cache; so these channels' are made side by side and then written point by point.</summary>
    private const int Batch = 4;

    private readonly FilterReader _filters;
    private readonly SpareMemory _spare;
    private readonly int _width;
    private readonly int _kernel;
    private readonly int[] _taps;
    private readonly double[] _matrix;
    private NativeBuffer? _memory;
    private int _uses;

    /// <param name="filters">The filters.</param>
    /// <param name="kernel">Taps along one axis.</param>
    /// <param name="tileBlocks">Blocks of output channels in a tile.</param>
    /// <param name="spare">Memory for the first uses.</param>
    public WinogradFilters(FilterReader filters, int kernel, int tileBlocks, SpareMemory spare)
    {
        _filters = filters;
        _spare = spare;
        _kernel = kernel;
        _taps = [.. Enumerable.Range(0, filters.Taps)];
        _matrix = WinogradTransform.FilterMatrix(kernel);
        _width = tileBlocks * Blocked.Lanes;
        InputBlocks = (filters.InChannels + Blocked.Lanes - 1) / Blocked.Lanes;
        Groups = (filters.OutChannels + _width - 1) / _width;
        spare.Announce(Bytes);
    }

    /// <summary>Number of output groups.</summary>
    public int Groups { get; }

    /// <summary>Number of blocks of input channels.</summary>
    public int InputBlocks { get; }

    /// <summary>Memory taken.</summary>
    public long Bytes => (long)Groups * WinogradTransform.Points * PointFloats * sizeof(float);

    /// <summary>Floats of one point of one output group.</summary>
    public int PointFloats => InputBlocks * Blocked.Lanes * _width;

    /// <summary>Where, in floats, the filters of one output group at a point begin; those of the group's points and of the next group
    /// follow.</summary>
    public long Point(int group, int point) => (long)(group * WinogradTransform.Points + point) * PointFloats;

    /// <summary>The transformed filters.</summary>
    /// <param name="pool">Threads that transform them, unless they are kept.</param>
    /// <param name="lent">In the first uses the memory in which they lie until it is given to <see cref="Return"/>; null if they
    /// are kept.</param>
    public float* Use(WorkerPool pool, out NativeBuffer? lent)
    {
        lock (_filters)
        {
            lent = null;
            if (_memory is null && _uses < LentUses)
            {
                lent = _spare.Borrow();
                Transform((float*)lent.Address, pool);
                _uses++;
                return (float*)lent.Address;
            }

            if (_memory is null)
            {
                _spare.Dispose();
                var memory = new NativeBuffer(Bytes);
                Transform((float*)memory.Address, pool);
                _memory = memory;
            }

            return (float*)_memory.Address;
        }
    }

    /// <summary>Gives lent memory back.</summary>
    public void Return(NativeBuffer? lent)
    {
        if (lent is not null)
        {
            _spare.Return(lent);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _memory?.Dispose();

    private void Transform(float* to, WorkerPool pool)
    {
        _filters.Open();
        int parts = Math.Min(InputBlocks, (4 * pool.Threads + Groups - 1) / Groups);
        pool.Run(Groups * parts, (task, _) =>
        {
            (int g, int part) = Math.DivRem(task, parts);
            (int first, int end) = (InputBlocks * part / parts * Blocked.Lanes, InputBlocks * (part + 1) / parts * Blocked.Lanes);
            if (Avx512F.IsSupported)
            {
                Transform<Doubles512>(to, g, first, end);
            }
            else
            {
                Transform<Doubles256>(to, g, first, end);
            }
        });
        _filters.Close();
    }

    /// <summary>U = G g Gᵀ for every filter of a group and some input channels.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Transform<T>(float* to, int group, int first, int end) where T : unmanaged, IDoubles<T>
    {
        double* g = stackalloc double[_matrix.Length];
        _matrix.CopyTo(new Span<double>(g, _matrix.Length));
        float* filters = stackalloc float[Batch * _taps.Length * _width]; // [channel][tap][output]
        float* results = stackalloc float[WinogradTransform.Points * Batch * _width]; // [point][channel][output]
        for (int c = first; c < end; c += Batch)
        {
            _filters.Read(group * _width, _width, c, Batch, _taps, filters, _width, _taps.Length * _width);
            for (int b = 0; b < Batch; b++)
            {
                float* x = filters + b * _taps.Length * _width;
                if (_kernel == 3)
                {
                    Transform3<T>(g, x, _width, results + b * _width, Batch * _width);
                }
                else
                {
                    Transform5<T>(g, x, _width, results + b * _width, Batch * _width);
                }
            }

            for (int p = 0; p < WinogradTransform.Points; p++)
            {
                int count = Batch * _width;
                new ReadOnlySpan<float>(results + p * count, count).CopyTo(
                    new Span<float>(to + Point(group, p) + (long)c * _width, count));
            }
        }
    }

    /// <summary>The 36 points of 3×3 filters of some outputs: x is <c>[tap][output]</c>, points lie so far apart.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Transform3<T>(double* g, float* x, int width, float* u, int point) where T : unmanaged, IDoubles<T>
    {
        T* half = stackalloc T[WinogradTransform.Inputs * 3]; // G g, [row of G][column of g]
        for (int o = 0; o < width; o += T.Count)
        {
            for (int column = 0; column < 3; column++)
            {
                float* from = x + column * width + o;
                T a = T.Load(from), b = T.Load(from + 3 * width), c = T.Load(from + 6 * width);
                for (int i = 0; i < WinogradTransform.Inputs; i++)
                {
                    half[i * 3 + column] = Dot(g + 3 * i, a, b, c);
                }
            }

            float* to = u + o;
            for (T* h = half; h < half + WinogradTransform.Inputs * 3; h += 3)
            {
                T a = h[0], b = h[1], c = h[2];
                for (int i = 0; i < WinogradTransform.Inputs; i++, to += point)
                {
                    T.Store(Dot(g + 3 * i, a, b, c), to);
                }
            }
        }
    }

    /// <summary>The same for 5×5 filters.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Transform5<T>(double* g, float* x, int width, float* u, int point) where T : unmanaged, IDoubles<T>
    {
        T* half = stackalloc T[WinogradTransform.Inputs * 5];
        for (int o = 0; o < width; o += T.Count)
        {
            for (int column = 0; column < 5; column++)
            {
                float* from = x + column * width + o;
                T a = T.Load(from), b = T.Load(from + 5 * width), c = T.Load(from + 10 * width);
                T d = T.Load(from + 15 * width), e = T.Load(from + 20 * width);
                for (int i = 0; i < WinogradTransform.Inputs; i++)
                {
                    half[i * 5 + column] = Dot(g + 5 * i, a, b, c, d, e);
                }
            }

            float* to = u + o;
            for (T* h = half; h < half + WinogradTransform.Inputs * 5; h += 5)
            {
                T a = h[0], b = h[1], c = h[2], d = h[3], e = h[4];
                for (int i = 0; i < WinogradTransform.Inputs; i++, to += point)
                {
                    T.Store(Dot(g + 5 * i, a, b, c, d, e), to);
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T Dot<T>(double* g, T a, T b, T c) where T : unmanaged, IDoubles<T> =>
        T.Add(T.Add(T.Scale(g[0], a), T.Scale(g[1], b)), T.Scale(g[2], c));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T Dot<T>(double* g, T a, T b, T c, T d, T e) where T : unmanaged, IDoubles<T> =>
        T.Add(T.Add(Dot(g, a, b, c), T.Scale(g[3], d)), T.Scale(g[4], e));
}
