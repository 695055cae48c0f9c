using System.Runtime.CompilerServices;
using Interp.Engine.Cpu.Convolution.Sinks;
using Interp.Engine.Cpu.Lanes;

namespace Interp.Engine.Cpu.Convolution;

/// <summary>
/// Convolution in groups of 2, 4 or 8 channels, as many in as out, of any kernel, stride, padding and dilation, in either direction:
/// sixteen
/// channels at a time, one multiply-add for each tap and channel of a group. In the i-th of these every lane is multiplied by its group's
/// i-th channel.
/// </summary>
/// <remarks>
/// Limited by permutations, one for each multiply-add, and by loads, nine for eight multiply-adds (with few registers five for four), since
/// neighbouring pixels share each filter vector. A block of sixteen channels of one image is cut into strips of rows by its size alone, and
/// each
/// output is one
/// chain of multiply-adds, tap after tap, in the order of the direct convolution.
/// </remarks>
internal sealed unsafe class GroupedConvolution<TLanes> : ConvAlgorithm where TLanes : unmanaged, ILanes<TLanes>
{
    /// <summary>Working memory to aim at, in floats: near the first-level cache, of which three rows are in use at a time, yet with few
    /// rows that neighbouring strips repeat.</summary>
    private const long StripFloats = 16 * 1024;

    private readonly ConvGeometry _geometry;
    private readonly ConvGeometry _gathered;
    private readonly InputStrip _strip;
    private readonly float[] _filters; // [block][tap][channel of the group][16]
    private readonly float[] _bias;
    private readonly int[][] _taps; // for each phase, pairs: the tap's place in the strip, and its filter's in a block
    private readonly float[] _patterns; // [channel of the group][16], for permutations
    private readonly int _channels; // of a group
    private readonly int _tapCount;
    private readonly int _stripRows;
    private readonly int _strips;

    public GroupedConvolution(ConvGeometry geometry, int groups, FilterReader filters, ReadOnlySpan<float> bias)
    {
        _geometry = geometry;
        _channels = geometry.In.C / groups;
        var phases = new ConvPhases(geometry);
        _gathered = phases.Gathered with { In = geometry.In with { C = Blocked.Lanes } };
        _strip = new InputStrip(_gathered);
        _stripRows = 2;
        while (_stripRows < _gathered.Out.H && _strip.Floats(_stripRows + 2) <= StripFloats)
        {
            _stripRows += 2; // Even, for sinks that take rows in pairs.
        }

        _strips = (_gathered.Out.H + _stripRows - 1) / _stripRows;
        _tapCount = filters.Taps;
        _bias = GC.AllocateArray<float>(geometry.Out.Blocks * Blocked.Lanes, pinned: true);
        bias.CopyTo(_bias);
        _filters = GC.AllocateArray<float>(_bias.Length * _channels * _tapCount, pinned: true);
        Pack(filters);
        _patterns = GC.AllocateArray<float>(_channels * Blocked.Lanes, pinned: true);
        for (int i = 0; i < _patterns.Length; i++)
        {
            int lane = i % Blocked.Lanes % TLanes.RegisterLanes;
            _patterns[i] = BitConverter.Int32BitsToSingle(lane / _channels * _channels + i / Blocked.Lanes);
        }

        _taps = [.. Enumerable.Range(0, phases.Count).Select(phase => Places(phases, phase))];
    }

    /// <inheritdoc/>
    public override long ScratchBytes => (ResultFloats + _strip.Floats(_stripRows)) * sizeof(float);

    /// <summary>Two rows of results, for sinks.</summary>
    private long ResultFloats => 2L * _geometry.Out.W * Blocked.Lanes;

    /// <summary>Whether the geometry is one that this algorithm is for.</summary>
    public static bool CanRun(ConvGeometry g, int groups) => groups > 1 && g.In.C == g.Out.C && (g.In.C / groups) switch
    {
        2 or 4 or 8 => g.In.C / groups <= TLanes.RegisterLanes,
        _ => false,
    };

    /// <inheritdoc/>
    public override void Run<TSink>(WorkerPool pool, Scratch scratch, float* x, TSink sink) =>
        pool.Run(_geometry.Out.N * _geometry.Out.Blocks * _strips, (task, worker) =>
        {
            int plane = task / _strips;
            int firstRow = task % _strips * _stripRows;
            float* results = (float*)scratch.OfWorker[worker];
            float* input = results + ResultFloats;
            _strip.Fill(x + plane * _geometry.In.Plane, input, firstRow, _stripRows);
            Strip(input, results, plane / _geometry.Out.Blocks, plane % _geometry.Out.Blocks, firstRow * _geometry.Spread.H, sink);
        });

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Strip<TSink>(float* input, float* results, int image, int block, int first, TSink sink) where TSink : struct, ITileSink
    {
        Blocked output = _geometry.Out;
        (int down, int across) = _geometry.Spread;
        int end = Math.Min(output.H, first + _stripRows * down);
        for (int row = first; row < end; row += TSink.Step)
        {
            int rows = Math.Min(TSink.Step, end - row);
            for (int r = 0; r < rows; r++)
            {
                int of = row - first + r;
                float* from = input + of / down * _strip.RowStep * _strip.Row;
                for (int column = 0; column < across; column++)
                {
                    int width = (output.W - column + across - 1) / across;
                    float* y = results + r * output.Row + column * Blocked.Lanes;
                    int phase = of % down * across + column;
                    Row(from, phase, block, y, width);
                }
            }

            sink.Write(results, output.Row, rows, output.W, image, block, row, 0);
        }
    }

    /// <summary>The pixels of one phase in one row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Row(float* input, int phase, int block, float* y, int width)
    {
        int[] taps = _taps[phase];
        float* filters = (float*)Unsafe.AsPointer(ref _filters[0]) + block * _channels * _tapCount * Blocked.Lanes;
        TLanes bias = TLanes.Load((float*)Unsafe.AsPointer(ref _bias[block * Blocked.Lanes]));
        nint step = (nint)_geometry.Spread.W * Blocked.Lanes;
        int j = 0;
        for (; TLanes.TilePixels >= Rows8.Count && j + Rows8.Count <= width; j += Rows8.Count, y += Rows8.Count * step)
        {
            Tile<Rows8>(input + j * Blocked.Lanes, taps, filters, bias, y, step);
        }

        for (; j + Rows4.Count <= width; j += Rows4.Count, y += Rows4.Count * step)
        {
            Tile<Rows4>(input + j * Blocked.Lanes, taps, filters, bias, y, step);
        }

        for (; j < width; j++, y += step)
        {
            Tile<Rows1>(input + j * Blocked.Lanes, taps, filters, bias, y, step);
        }
    }

    /// <summary>One, four or eight neighbouring pixels of a phase.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Tile<TRows>(float* input, int[] taps, float* filters, TLanes bias, float* y, nint step)
        where TRows : struct, ITileRows
    {
        TLanes s0 = bias, s1 = bias, s2 = bias, s3 = bias, s4 = bias, s5 = bias, s6 = bias, s7 = bias;
        var patterns = (float*)Unsafe.AsPointer(ref _patterns[0]);
        for (int t = 0; t < taps.Length; t += 2)
        {
            float* from = input + taps[t];
            float* filter = filters + taps[t + 1];
            for (int i = 0; i < _channels; i++, filter += Blocked.Lanes)
            {
                TLanes pattern = TLanes.Load(patterns + i * Blocked.Lanes);
                TLanes w = TLanes.Load(filter);
                s0 = TLanes.FusedMultiplyAdd(Take(from, pattern), w, s0);
                if (TRows.Count > 1)
                {
                    s1 = TLanes.FusedMultiplyAdd(Take(from + Blocked.Lanes, pattern), w, s1);
                    s2 = TLanes.FusedMultiplyAdd(Take(from + 2 * Blocked.Lanes, pattern), w, s2);
                    s3 = TLanes.FusedMultiplyAdd(Take(from + 3 * Blocked.Lanes, pattern), w, s3);
                }

                if (TRows.Count > 4)
                {
                    s4 = TLanes.FusedMultiplyAdd(Take(from + 4 * Blocked.Lanes, pattern), w, s4);
                    s5 = TLanes.FusedMultiplyAdd(Take(from + 5 * Blocked.Lanes, pattern), w, s5);
                    s6 = TLanes.FusedMultiplyAdd(Take(from + 6 * Blocked.Lanes, pattern), w, s6);
                    s7 = TLanes.FusedMultiplyAdd(Take(from + 7 * Blocked.Lanes, pattern), w, s7);
                }
            }
        }

        TLanes.Store(s0, y);
        if (TRows.Count > 1)
        {
            TLanes.Store(s1, y + step);
            TLanes.Store(s2, y + 2 * step);
            TLanes.Store(s3, y + 3 * step);
        }

        if (TRows.Count > 4)
        {
            TLanes.Store(s4, y + 4 * step);
            TLanes.Store(s5, y + 5 * step);
            TLanes.Store(s6, y + 6 * step);
            TLanes.Store(s7, y + 7 * step);
        }
    }

    private int[] Places(ConvPhases phases, int phase) => [.. phases.Places(phase)
        .Zip(phases.Taps(phase), (place, tap) =>
        new[] { _strip.Offset(_stripRows, 0, place.Row, place.Column), tap * _channels * Blocked.Lanes })
        .SelectMany(pair => pair)];

    private void Pack(FilterReader filters)
    {
        float* taps = stackalloc float[_tapCount];
        filters.Open();
        for (int channel = 0; channel < _geometry.Out.C; channel++)
        {
            for (int i = 0; i < _channels; i++)
            {
                filters.Read(channel, channel / _channels * _channels + i, taps);
                for (int tap = 0; tap < _tapCount; tap++)
                {
                    _filters[((channel / Blocked.Lanes * _tapCount + tap) * _channels + i) * Blocked.Lanes + channel % Blocked.Lanes] =
                        taps[tap];
                }
            }
        }

        filters.Close();
    }

    /// <summary>What the filters of the i-th channel of each group are multiplied by: that channel of each lane's group.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TLanes Take(float* pixel, TLanes pattern) => TLanes.Permute(TLanes.Load(pixel), pattern);
}
