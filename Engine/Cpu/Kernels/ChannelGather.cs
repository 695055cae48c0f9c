using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Interp.Engine.Cpu.Lanes;

namespace Interp.Engine.Cpu.Kernels;

/// <summary>Where a channel comes from.</summary>
internal readonly record struct ChannelSource(int Input, int Channel)
{
    /// <summary>From nowhere: it is zero.</summary>
    public static readonly ChannelSource None = new(-1, 0);
}

/// <summary>
/// Fills a tensor whose every channel is a channel of some input, or zero. What an output block takes from one input block is a piece, and
/// its lanes are permuted as a whole; a block that is one whole piece is copied.
/// </summary>
internal sealed unsafe class ChannelGather<TLanes> where TLanes : unmanaged, ILanes<TLanes>
{
    /// <summary>Pixels of a task: 16 KiB of values, which stay in the first-level cache for several pieces.</summary>
    private const int Chunk = 256;

    private const uint AllLanes = 0xFFFF;

    private readonly Blocked[] _inputs;
    private readonly Blocked _output;
    private readonly Piece[][] _pieces; // of each output block

    /// <param name="inputs">The inputs' shapes, all with the output's pixels.</param>
    /// <param name="output">The output's shape.</param>
    /// <param name="channels">The source of each of its channels.</param>
    public ChannelGather(Blocked[] inputs, Blocked output, ChannelSource[] channels)
    {
        _inputs = inputs;
        _output = output;
        _pieces = [.. channels.Chunk(Blocked.Lanes).Select(block => block
            .Select((from, lane) => (from, lane))
            .Where(c => c.from != ChannelSource.None)
            .GroupBy(c => (c.from.Input, Block: c.from.Channel / Blocked.Lanes))
            .Select(g => new Piece(g.Key.Input, g.Key.Block, [.. g.Select(c => (c.from.Channel % Blocked.Lanes, c.lane))]))
            .ToArray())];
    }

    /// <summary>What is done with vectors that have been gathered.</summary>
    /// <param name="from">Where they lie.</param>
    /// <param name="to">Where they belong.</param>
    /// <param name="vectors">Their number; all lie in one block.</param>
    /// <param name="at">The first one's number in the output.</param>
    /// <param name="plane">The block, n·Blocks + block.</param>
    public delegate void Finish(float* from, float* to, nint vectors, nint at, long plane);

    /// <summary>Blocks of the output.</summary>
    public int Blocks => _output.Blocks;

    /// <summary>Writes the whole output, or hands it to a function that does.</summary>
    /// <param name="pool">The threads.</param>
    /// <param name="inputs">The inputs.</param>
    /// <param name="output">The output.</param>
    /// <param name="finish">The function, or null.</param>
    /// <param name="skipsZeros">Whether blocks none of whose channels come from an input are left out.</param>
    public void Run(WorkerPool pool, float*[] inputs, float* output, Finish? finish = null, bool skipsZeros = false)
    {
        int pixels = _output.H * _output.W;
        int parts = (pixels + Chunk - 1) / Chunk;
        pool.Run(_output.N * _output.Blocks * parts, (task, _) =>
        {
            (int plane, int part) = Math.DivRem(task, parts);
            (int image, int block) = Math.DivRem(plane, _output.Blocks);
            int first = part * Chunk, end = Math.Min(pixels, first + Chunk);
            if (skipsZeros && _pieces[block].Length == 0)
            {
                return;
            }

            if (finish is null)
            {
                Gather(inputs, image, block, output + plane * _output.Plane, first, end);
            }
            else
            {
                GatherAndFinish(inputs, output, plane, first, end, finish);
            }
        });
    }

    [SkipLocalsInit]
    private void GatherAndFinish(float*[] inputs, float* output, int plane, int first, int end, Finish finish)
    {
        (int image, int block) = Math.DivRem(plane, _output.Blocks);
        float* to = output + plane * _output.Plane + first * Blocked.Lanes;
        nint at = (nint)plane * _output.H * _output.W + first;
        if (_pieces[block] is [{ IsWhole: true } whole])
        {
            finish(Find(inputs, whole, image) + first * Blocked.Lanes, to, end - first, at, plane);
            return;
        }

        float* gathered = stackalloc float[Chunk * Blocked.Lanes];
        Gather(inputs, image, block, gathered - first * Blocked.Lanes, first, end);
        finish(gathered, to, end - first, at, plane);
    }

    private float* Find(float*[] inputs, Piece piece, int image)
    {
        Blocked input = _inputs[piece.Input];
        return inputs[piece.Input] + image * input.Image + piece.Block * input.Plane;
    }

    private void Gather(float*[] inputs, int image, int block, float* to, int first, int end)
    {
        Piece[] pieces = _pieces[block];
        to += first * Blocked.Lanes;
        nint floats = (end - first) * Blocked.Lanes;
        if (pieces.Length == 0)
        {
            NativeMemory.Clear(to, (nuint)floats * sizeof(float));
            return;
        }

        float* one = Find(inputs, pieces[0], image) + first * Blocked.Lanes;
        if (pieces[0].IsWhole)
        {
            NativeMemory.Copy(one, to, (nuint)floats * sizeof(float));
            return;
        }

        if (pieces.Length == 1)
        {
            One(pieces[0], one, to, floats);
            return;
        }

        Two(pieces[0], one, pieces[1], Find(inputs, pieces[1], image) + first * Blocked.Lanes, to, floats);
        foreach (Piece piece in pieces.AsSpan(2))
        {
            Another(piece, Find(inputs, piece, image) + first * Blocked.Lanes, to, floats);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void One(Piece piece, float* from, float* to, nint floats)
    {
        TLanes mask = piece.Mask, pattern = piece.Pattern;
        for (nint i = 0; i < floats; i += Blocked.Lanes)
        {
            TLanes.Store(TLanes.Keep(mask, TLanes.PermuteAll(TLanes.Load(from + i), pattern)), to + i);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Two(Piece a, float* fromA, Piece b, float* fromB, float* to, nint floats)
    {
        TLanes maskA = a.Mask, patternA = a.Pattern, maskB = b.Mask, patternB = b.Pattern;
        for (nint i = 0; i < floats; i += Blocked.Lanes)
        {
            TLanes value = TLanes.Keep(maskA, TLanes.PermuteAll(TLanes.Load(fromA + i), patternA));
            TLanes.Store(TLanes.Select(maskB, TLanes.PermuteAll(TLanes.Load(fromB + i), patternB), value), to + i);
        }
    }

    /// <summary>Puts a piece in its place beside others.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Another(Piece piece, float* from, float* to, nint floats)
    {
        TLanes mask = piece.Mask, pattern = piece.Pattern;
        for (nint i = 0; i < floats; i += Blocked.Lanes)
        {
            TLanes.Store(TLanes.Select(mask, TLanes.PermuteAll(TLanes.Load(from + i), pattern), TLanes.Load(to + i)), to + i);
        }
    }

    /// <summary>What an output block takes from an input block.</summary>
    private sealed class Piece
    {
        private readonly float[] _pattern = GC.AllocateArray<float>(Blocked.Lanes, pinned: true);
        private readonly uint _lanes;

        /// <param name="input">The input.</param>
        /// <param name="block">Its block.</param>
        /// <param name="moves">The input's and the output's lanes.</param>
        public Piece(int input, int block, (int From, int To)[] moves)
        {
            (Input, Block) = (input, block);
            foreach ((int from, int to) in moves)
            {
                _pattern[to] = BitConverter.Int32BitsToSingle(from);
                _lanes |= 1u << to;
            }

            IsWhole = _lanes == AllLanes && Array.TrueForAll(moves, m => m.From == m.To);
        }

        public int Input { get; }

        public int Block { get; }

        /// <summary>Whether the output block is the input block.</summary>
        public bool IsWhole { get; }

        public TLanes Mask => TLanes.Mask(_lanes);

        /// <summary>For <see cref="ILanes{T}.PermuteAll"/>.</summary>
        public TLanes Pattern => TLanes.Load((float*)Unsafe.AsPointer(ref _pattern[0]));
    }
}
