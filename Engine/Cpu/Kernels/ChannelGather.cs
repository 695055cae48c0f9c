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
/// Fills a tensor whose every channel is a channel of some input, or zero. Lanes of one input block that move by one distance are a piece:
/// a block that is one whole piece is copied; one of a few pieces is put together from loads that start so many lanes before or behind
/// the input's vectors; one of many, as in a shuffle, is moved lane by lane.
/// </summary>
internal sealed unsafe class ChannelGather<TLanes> where TLanes : unmanaged, ILanes<TLanes>
{
    /// <summary>Pixels of a task: 16 KiB of values, which stay in the first-level cache for several pieces.</summary>
    private const int Chunk = 256;

    /// <summary>More pieces than this take longer than the lanes one by one.</summary>
    private const int MostPieces = 6;

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
            .GroupBy(c => (c.from.Input, Block: c.from.Channel / Blocked.Lanes, Shift: c.from.Channel % Blocked.Lanes - c.lane))
            .Select(g => new Piece(g.Key.Input, g.Key.Block, g.Key.Shift, g.Aggregate(0u, (bits, c) => bits | (1u << c.lane))))
            .ToArray())];
    }

    /// <summary>Writes the whole output.</summary>
    public void Run(WorkerPool pool, float*[] inputs, float* output)
    {
        int pixels = _output.H * _output.W;
        int parts = (pixels + Chunk - 1) / Chunk;
        pool.Run(_output.N * _output.Blocks * parts, (task, _) =>
        {
            (int plane, int part) = Math.DivRem(task, parts);
            (int image, int block) = Math.DivRem(plane, _output.Blocks);
            int first = part * Chunk, end = Math.Min(pixels, first + Chunk);
            Piece[] pieces = _pieces[block];
            float** from = stackalloc float*[pieces.Length];
            for (int i = 0; i < pieces.Length; i++)
            {
                Blocked input = _inputs[pieces[i].Input];
                from[i] = inputs[pieces[i].Input] + image * input.Image + pieces[i].Block * input.Plane;
            }

            float* to = output + plane * _output.Plane;
            if (pieces is [{ Lanes: AllLanes, Shift: 0 }])
            {
                NativeMemory.Copy(
                    from[0] + first * Blocked.Lanes, to + first * Blocked.Lanes, (nuint)(end - first) * Blocked.Lanes * sizeof(float));
            }
            else if (pieces.Length is 0 or > MostPieces)
            {
                Lanes(pieces, from, to, first, end);
            }
            else
            {
                // The loads reach into the next pixel or the one before, which the first and the last of a plane may not have.
                int inner = first == 0 ? 1 : first, innerEnd = end == pixels ? end - 1 : end;
                Lanes(pieces, from, to, first, Math.Min(inner, end));
                for (int i = 0; i < pieces.Length && inner < innerEnd; i++)
                {
                    Shift(pieces[i], from[i], to, inner, innerEnd, adds: i > 0);
                }

                Lanes(pieces, from, to, Math.Max(inner, innerEnd), end);
            }
        });
    }

    /// <summary>Puts a piece in its place, beside what others have put there, or zeros beside it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Shift(Piece piece, float* from, float* to, nint first, nint end, bool adds)
    {
        TLanes mask = TLanes.Mask(piece.Lanes);
        from += piece.Shift;
        if (adds)
        {
            for (nint p = first * Blocked.Lanes; p < end * Blocked.Lanes; p += Blocked.Lanes)
            {
                TLanes.Store(TLanes.Select(mask, TLanes.Load(from + p), TLanes.Load(to + p)), to + p);
            }
        }
        else
        {
            for (nint p = first * Blocked.Lanes; p < end * Blocked.Lanes; p += Blocked.Lanes)
            {
                TLanes.Store(TLanes.Keep(mask, TLanes.Load(from + p)), to + p);
            }
        }
    }

    /// <summary>Moves lane by lane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Lanes(Piece[] pieces, float** from, float* to, nint first, nint end)
    {
        if (first >= end)
        {
            return;
        }

        float** sources = stackalloc float*[Blocked.Lanes];
        int* lanes = stackalloc int[Blocked.Lanes];
        int count = 0;
        for (int i = 0; i < pieces.Length; i++)
        {
            for (int lane = 0; lane < Blocked.Lanes; lane++)
            {
                if ((pieces[i].Lanes >> lane & 1) != 0)
                {
                    sources[count] = from[i] + lane + pieces[i].Shift;
                    lanes[count++] = lane;
                }
            }
        }

        if (count < Blocked.Lanes)
        {
            NativeMemory.Clear(to + first * Blocked.Lanes, (nuint)(end - first) * Blocked.Lanes * sizeof(float));
        }

        for (nint p = first * Blocked.Lanes; p < end * Blocked.Lanes; p += Blocked.Lanes)
        {
            for (int i = 0; i < count; i++)
            {
                to[p + lanes[i]] = sources[i][p];
            }
        }
    }

    /// <summary>Lanes that come from one input block and move by one distance.</summary>
    /// <param name="Input">The input.</param>
    /// <param name="Block">Its block.</param>
    /// <param name="Shift">The input's lane less the output's.</param>
    /// <param name="Lanes">Which of the output's lanes, lane 0 lowest.</param>
    private readonly record struct Piece(int Input, int Block, int Shift, uint Lanes);
}
