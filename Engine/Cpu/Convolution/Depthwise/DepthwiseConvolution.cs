using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Interp.Engine.Cpu.Convolution.Sinks;
using Interp.Engine.Cpu.Lanes;
using Interp.Engine.Layers;

namespace Interp.Engine.Cpu.Convolution.Depthwise;

/// <summary>
/// Depthwise convolution (groups of one channel, as many out as in) of any kernel, stride, padding and dilation, in either direction,
/// sixteen channels at a time. The input is read where it lies; what lies outside of it are zeros that take part like any value.
/// </summary>
/// <remarks>
/// Tiles of neighbouring pixels load each input column once for each row of taps
/// (<see cref="SlideByOne{TRegister, TWidth, TRows, TReach}"/>),
/// so that arithmetic is the limit, or the way from memory where maps are large. A task is a run of whole planes or of rows of one; their
/// number follows from the sizes alone, and each output is one chain of multiply-adds, tap after tap in row order.
/// </remarks>
internal sealed unsafe class DepthwiseConvolution<TLanes> : ConvAlgorithm where TLanes : unmanaged, ILanes<TLanes>
{
    /// <summary>Results that are handed to a sink at once, in floats: a sixth of the first-level cache.</summary>
    private const int ChunkFloats = 2 * 1024;

    /// <summary>Results of a task at most, in floats, large so that what two threads write lies apart, and tasks to aim at, however small
    /// they
    /// are.</summary>
    private const int TaskFloats = 64 * 1024, Tasks = 32;

    private readonly ConvGeometry _geometry;
    private readonly float[] _filters; // [block][phase][tap][16]
    private readonly float[] _bias;
    private readonly float[] _zeros; // a row of the input
    private readonly int[][] _rows; // for each phase of rows the input row of each of the first output row's taps
    private readonly DepthwiseTiling[] _tilings; // for each phase of columns
    private readonly int[] _starts; // of each phase's filters
    private readonly int _tapCount;
    private readonly int _high; // most rows of taps
    private readonly int _step; // input rows from one output row of a phase to the next
    private readonly int _chunkRows;

    public DepthwiseConvolution(ConvGeometry geometry, FilterReader filters, ReadOnlySpan<float> bias)
    {
        _geometry = geometry;
        var phases = new ConvPhases(geometry);
        (_, Size2 stride, Size2 padding, Size2 dilation) = phases.Gathered.Window;
        (int down, int across) = geometry.Spread;
        _step = stride.H;
        _rows = [.. Enumerable.Range(0, down).Select(p => phases.Places(p * across + Widest(p)).Select(place => place.Row).Distinct()
            .Select(row => row * dilation.H - padding.H).ToArray())];
        _tilings = [.. Enumerable.Range(0, across).Select(p => new DepthwiseTiling(
            [.. phases.Places(Tallest() * across + p).Select(place => place.Column).Distinct().Select(c => c * dilation.W - padding.W)],
            stride.W, geometry.In.W, (geometry.Out.W - p + across - 1) / across))];
        _high = _rows.Max(r => r.Length);
        int rows = Math.Max(1, (int)Math.Min(geometry.Out.H, ChunkFloats / geometry.Out.Row));
        _chunkRows = (rows + 1) / 2 * 2; // Even, for sinks that take rows in pairs.
        _tapCount = filters.Taps;
        _bias = geometry.Out.PadChannels(bias);
        _zeros = GC.AllocateArray<float>(checked((int)geometry.In.Row), pinned: true);
        int[][] taps = [.. Enumerable.Range(0, phases.Count).Select(phases.Taps)];
        _starts = new int[phases.Count];
        for (int phase = 1; phase < phases.Count; phase++)
        {
            _starts[phase] = _starts[phase - 1] + taps[phase - 1].Length * Blocked.Lanes;
        }

        _filters = GC.AllocateArray<float>(_bias.Length * _tapCount, pinned: true);
        Pack(filters, [.. taps.SelectMany(t => t)]);

        int Widest(int row) => Enumerable.Range(0, across).MaxBy(p => phases.Taps(row * across + p).Length);
        int Tallest() => Enumerable.Range(0, down).MaxBy(p => phases.Taps(p * across).Length);
    }

    /// <inheritdoc/>
    public override long ScratchBytes => ResultFloats * sizeof(float) + (long)_chunkRows * _high * sizeof(float*);

    private nint ResultFloats => _chunkRows * _geometry.Out.Row;

    /// <summary>Whether the geometry is one that this algorithm is for.</summary>
    public static bool CanRun(ConvGeometry g, int groups) => groups > 1 && g.In.C == groups && g.Out.C == groups;

    /// <inheritdoc/>
    public override void Run<TSink>(WorkerPool pool, Scratch scratch, float* x, TSink sink)
    {
        Blocked output = _geometry.Out;
        int chunks = (output.H + _chunkRows - 1) / _chunkRows; // of a plane
        int all = output.N * output.Blocks * chunks;
        int each = Math.Clamp((int)(TaskFloats / (_chunkRows * output.Row)), 1, Math.Max(1, all / Tasks));
        pool.Run((all + each - 1) / each, (task, worker) =>
        {
            float* results = (float*)scratch.OfWorker[worker];
            var inputs = (float**)(results + ResultFloats);
            for (int chunk = task * each; chunk < Math.Min(all, (task + 1) * each); chunk++)
            {
                (int plane, int part) = Math.DivRem(chunk, chunks);
                int row = part * _chunkRows;
                Rows(x + plane * _geometry.In.Plane, inputs, results, plane, row, Math.Min(_chunkRows, output.H - row), sink);
            }
        });
    }

    /// <summary>Rows of one plane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Rows<TSink>(float* x, float** inputs, float* results, int plane, int first, int rows, TSink sink)
        where TSink : struct, ITileSink
    {
        Blocked output = _geometry.Out;
        (int down, int across) = _geometry.Spread;
        (int image, int block) = Math.DivRem(plane, output.Blocks);
        if (sink is StoreSink<TLanes> store)
        {
            results = store.Place(image, block, first);
        }

        float* filters = (float*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(_filters)) + block * _tapCount * Blocked.Lanes;
        float* zeros = (float*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(_zeros));
        for (int phase = 0; phase < down; phase++)
        {
            int[] taps = _rows[phase];
            int of = (phase - first % down + down) % down; // the phase's first row
            int count = 0;
            for (int r = of; r < rows; r += down, count++)
            {
                int q = (first + r) / down * _step;
                for (int t = 0; t < taps.Length; t++)
                {
                    int from = q + taps[t];
                    inputs[count * taps.Length + t] = (uint)from < (uint)_geometry.In.H ? x + from * _geometry.In.Row : zeros;
                }
            }

            for (int p = 0; p < across; p++)
            {
                DepthwiseRow row = _tilings[p].Row(inputs, (nint)across * Blocked.Lanes);
                row.High = taps.Length;
                row.Bias = (float*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(_bias)) + block * Blocked.Lanes;
                row.Filters = filters + _starts[phase * across + p];
                row.Y = results + of * output.Row + p * Blocked.Lanes;
                TLanes.ByRegister(new RowWork(_tilings[p], &row, count, down * output.Row));
            }
        }

        if (typeof(TSink) != typeof(StoreSink<TLanes>))
        {
            sink.Write(results, output.Row, rows, output.W, image, block, first, 0);
        }
    }

    private void Pack(FilterReader filters, int[] order)
    {
        float* taps = stackalloc float[_tapCount];
        filters.Open();
        for (int channel = 0; channel < _geometry.Out.C; channel++)
        {
            filters.Read(channel, channel, taps);
            for (int i = 0; i < order.Length; i++)
            {
                _filters[(channel / Blocked.Lanes * _tapCount + i) * Blocked.Lanes + channel % Blocked.Lanes] = taps[order[i]];
            }
        }

        filters.Close();
    }

    private readonly struct RowWork(DepthwiseTiling tiling, DepthwiseRow* row, int rows, nint step) : IRegisterWork
    {
        public void Run<TRegister>(int lane) where TRegister : unmanaged, IVector<TRegister> =>
            tiling.Run<TRegister>(row, lane, rows, step);
    }
}
