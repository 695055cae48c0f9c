using System.Runtime.CompilerServices;
using Interp.Engine.Tensors;

namespace Interp.Engine.Cpu.Convolution;

/// <summary>
/// Filters in the order in which the direct convolution's micro-kernel reads them: <c>[output group][input block][tap][depth][blocks·16]</c>. An output group
/// is the one or two blocks of sixteen channels that one tile covers; input blocks that no channel of the group reads are left out.
/// </summary>
internal sealed unsafe class DirectFilters : IDisposable
{
    private readonly NativeBuffer _memory;

    public DirectFilters(FilterReader filters, int taps, int tileBlocks, WorkerPool pool)
    {
        int width = tileBlocks * Blocked.Lanes;
        Depth = Math.Min(Blocked.Lanes, filters.InChannels);
        Groups = new Group[(filters.OutChannels + width - 1) / width];
        long floats = 0;
        for (int g = 0; g < Groups.Length; g++)
        {
            (int first, int last) = filters.Reads(g * width, (g + 1) * width);
            int firstBlock = first / Blocked.Lanes;
            int blocks = (last + Blocked.Lanes - 1) / Blocked.Lanes - firstBlock;
            Groups[g] = new Group(firstBlock, blocks, floats);
            floats += (long)blocks * taps * Depth * width;
        }

        _memory = new NativeBuffer(floats * sizeof(float));
        pool.Run(Groups.Length, (g, _) => Pack(filters, Groups[g], g * width, taps, width));
    }

    /// <summary>Input channels in a block: 16, or all if there are fewer.</summary>
    public int Depth { get; }

    /// <summary>The output groups.</summary>
    public Group[] Groups { get; }

    /// <summary>The filters of one group.</summary>
    public float* Start(Group group) => (float*)_memory.Address + group.Offset;

    /// <inheritdoc/>
    public void Dispose() => _memory.Dispose();

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Pack(FilterReader filters, Group group, int firstOut, int taps, int width)
    {
        float* to = Start(group);
        float* values = stackalloc float[taps];
        for (int b = 0; b < group.InputBlocks; b++, to += taps * Depth * width)
        {
            int firstIn = (group.FirstInputBlock + b) * Blocked.Lanes;
            for (int c = 0; c < Depth; c++)
            {
                for (int o = 0; o < width; o++)
                {
                    filters.Read(firstOut + o, firstIn + c, values);
                    for (int tap = 0; tap < taps; tap++)
                    {
                        to[(tap * Depth + c) * width + o] = values[tap];
                    }
                }
            }
        }
    }

    /// <summary>One output group.</summary>
    /// <param name="FirstInputBlock">The first block of input channels that it reads.</param>
    /// <param name="InputBlocks">How many it reads.</param>
    /// <param name="Offset">Where its filters start, in floats.</param>
    public readonly record struct Group(int FirstInputBlock, int InputBlocks, long Offset);
}
