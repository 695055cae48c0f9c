using System.Runtime.CompilerServices;
using Interp.Engine.Tensors;

namespace Interp.Engine.Cpu.Convolution;

/// <summary>
/// Filters in the order in which the direct convolution's micro-kernel reads them: <c>[phase][output group][input
/// block][tap][depth][blocks·16]</c>. An output
/// group is the one or two blocks of sixteen channels that one tile covers; input blocks that no channel of the group reads are left out.
/// </summary>
internal sealed unsafe class DirectFilters : IDisposable
{
    private readonly FilterReader _filters;
    private readonly int[][] _taps;
    private readonly int _width;
    private readonly Group[] _groups;
    private NativeBuffer? _memory;

    /// <param name="filters">The filters.</param>
    /// <param name="phases">The taps of each phase.</param>
    /// <param name="tileBlocks">Blocks of output channels in a tile.</param>
    public DirectFilters(FilterReader filters, ConvPhases phases, int tileBlocks)
    {
        _filters = filters;
        TileBlocks = tileBlocks;
        _width = tileBlocks * Blocked.Lanes;
        _taps = [.. Enumerable.Range(0, phases.Count).Select(phases.Taps)];
        Depth = Math.Min(Blocked.Lanes, filters.InChannels);
        Groups = (filters.OutChannels + _width - 1) / _width;
        _groups = new Group[_taps.Length * Groups];
        long floats = 0;
        for (int i = 0; i < _groups.Length; i++)
        {
            int g = i % Groups;
            (int firstBlock, int blocks) = filters.InputBlocks(g * _width, (g + 1) * _width);
            _groups[i] = new Group(firstBlock, blocks, floats);
            floats += (long)blocks * _taps[i / Groups].Length * Depth * _width;
        }

        Bytes = floats * sizeof(float);
    }

    /// <summary>Input channels in a block: 16, or all if there are fewer.</summary>
    public int Depth { get; }

    /// <summary>Blocks of output channels in a tile.</summary>
    public int TileBlocks { get; }

    /// <summary>Number of output groups.</summary>
    public int Groups { get; }

    /// <summary>Memory taken.</summary>
    public long Bytes { get; }

    /// <summary>One output group in one phase.</summary>
    public Group Find(int phase, int group) => _groups[phase * Groups + group];

    /// <summary>Packs all filters into memory of their own, once, and returns it.</summary>
    public float* Keep(WorkerPool pool)
    {
        lock (_filters)
        {
            if (_memory is null)
            {
                var memory = new NativeBuffer(Bytes);
                Pack((float*)memory.Address, pool);
                _memory = memory;
            }

            return (float*)_memory.Address;
        }
    }

    /// <summary>Packs all filters.</summary>
    /// <param name="memory"><see cref="Bytes"/> of memory.</param>
    /// <param name="pool">Threads that do it.</param>
    public void Pack(float* memory, WorkerPool pool)
    {
        _filters.Open();
        pool.Run(_groups.Length, (i, _) => Pack(memory + _groups[i].Offset, _groups[i], i % Groups * _width, _taps[i / Groups]));
        _filters.Close();
    }

    /// <inheritdoc/>
    public void Dispose() => _memory?.Dispose();

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Pack(float* to, Group group, int firstOut, int[] taps)
    {
        for (int b = 0; b < group.InputBlocks; b++, to += taps.Length * Depth * _width)
        {
            int firstIn = (group.FirstInputBlock + b) * Blocked.Lanes;
            _filters.Read(firstOut, _width, firstIn, Depth, taps, to, Depth * _width, _width);
        }
    }

    /// <summary>One output group in one phase.</summary>
    /// <param name="FirstInputBlock">The first block of input channels that it reads.</param>
    /// <param name="InputBlocks">How many it reads.</param>
    /// <param name="Offset">Where its filters start, in floats.</param>
    public readonly record struct Group(int FirstInputBlock, int InputBlocks, long Offset);
}
