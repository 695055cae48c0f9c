using System.Runtime.CompilerServices;
using Interp.Engine.Graph;
using Interp.Engine.Layers;
using Interp.Engine.Tensors;

namespace Interp.Engine.Cpu.Convolution;

/// <summary>
/// The filters of a grouped convolution seen as those of an ungrouped one, in either direction: <c>[O][I][taps]</c>, zero where an output
/// channel does not
/// read an input channel. Backward, O are the layer's input channels and the taps are turned by 180°. Float32 filters are read where they
/// lie.
/// </summary>
internal sealed unsafe class FilterReader
{
    private readonly Weight _weight;
    private readonly int _outPerGroup;
    private readonly int _inPerGroup;
    private readonly int _groups;
    private readonly int _taps;
    private readonly bool _backward;
    private float[]? _widened;
    private float* _values;

    public FilterReader(Node node, bool backward)
    {
        var layer = (Conv2d)node.Layer;
        _weight = node.Weights[0];
        _groups = layer.Groups;
        _outPerGroup = layer.OutChannels / _groups;
        _inPerGroup = layer.InChannels / _groups;
        _taps = layer.Window.Kernel.H * layer.Window.Kernel.W;
        _backward = backward;
        OutChannels = backward ? layer.InChannels : layer.OutChannels;
        InChannels = backward ? layer.OutChannels : layer.InChannels;
    }

    public int OutChannels { get; }

    public int InChannels { get; }

    /// <summary>Number of taps of one pair of channels.</summary>
    public int Taps => _taps;

    /// <summary>Makes the values readable.</summary>
    public void Open()
    {
        if (_weight.DType == DType.Float32)
        {
            _values = (float*)_weight.Address;
            return;
        }

        _widened = GC.AllocateUninitializedArray<float>(checked((int)_weight.Shape.Count), pinned: true);
        _weight.CopyTo(_widened);
        _values = (float*)Unsafe.AsPointer(ref _widened[0]);
    }

    /// <summary>Lets go of what <see cref="Open"/> took.</summary>
    public void Close()
    {
        _values = null;
        _widened = null;
    }

    /// <summary>The first block of input channels that output channels first … last − 1 read, and how many they read.</summary>
    public (int First, int Count) InputBlocks(int first, int last)
    {
        int outs = OutChannels / _groups;
        int ins = InChannels / _groups;
        int block = first / outs * ins / Blocked.Lanes;
        return (block, (((Math.Min(last, OutChannels) - 1) / outs + 1) * ins + Blocked.Lanes - 1) / Blocked.Lanes - block);
    }

    /// <summary>Blocks of output channels that a tile should have, of which the registers hold so many: only one where a second one would
    /// mean more products with zeros, past the last channel and across groups, than a narrow tile loses.</summary>
    public int TileBlocks(int most) => most > 1 && 5 * BlockPairs(1) < 4 * BlockPairs(most) ? 1 : most;

    /// <summary>Pairs of an input and an output block that are multiplied.</summary>
    private long BlockPairs(int tileBlocks)
    {
        int width = tileBlocks * Blocked.Lanes;
        long pairs = 0;
        for (int first = 0; first < OutChannels; first += width)
        {
            pairs += tileBlocks * InputBlocks(first, first + width).Count;
        }

        return pairs;
    }

    /// <summary>The taps of one pair of channels, in row order; zeros past the last channel and across groups.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Read(int o, int i, float* taps)
    {
        (int k, int c) = _backward ? (i, o) : (o, i);
        int within = o < OutChannels && i < InChannels ? c - k / _outPerGroup * _inPerGroup : -1;
        bool reads = within >= 0 && within < _inPerGroup;
        int first = reads ? (k * _inPerGroup + within) * _taps : 0;
        for (int tap = 0; tap < _taps; tap++)
        {
            taps[tap] = reads ? _values[first + (_backward ? _taps - 1 - tap : tap)] : 0f;
        }
    }

    /// <summary>
    /// Some taps of a block of pairs of channels, zeros past the last channel and across groups: tap t of input channel <paramref
    /// name="firstIn"/> + c and output channel <paramref name="firstOut"/> + o goes to <c>to[t·tapStep + c·channelStep + o]</c>. They are
    /// read in the order in which they lie.
    /// </summary>
    /// <param name="firstOut">The first output channel.</param>
    /// <param name="outs">How many there are, past the last one too.</param>
    /// <param name="firstIn">The first input channel.</param>
    /// <param name="ins">How many there are, past the last one too.</param>
    /// <param name="taps">Which taps, of those in row order.</param>
    /// <param name="to">Where the values go.</param>
    /// <param name="tapStep">Floats from one tap to the next.</param>
    /// <param name="channelStep">Floats from one input channel to the next.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Read(int firstOut, int outs, int firstIn, int ins, int[] taps, float* to, int tapStep, int channelStep)
    {
        int* places = stackalloc int[taps.Length];
        for (int t = 0; t < taps.Length; t++)
        {
            places[t] = _backward ? _taps - 1 - taps[t] : taps[t];
        }

        (int rows, int columns) = _backward ? (ins, outs) : (outs, ins);
        (int rowStep, int columnStep) = _backward ? (channelStep, 1) : (1, channelStep);
        (int firstRow, int firstColumn) = _backward ? (firstIn, firstOut) : (firstOut, firstIn);
        int allRows = _backward ? InChannels : OutChannels;
        for (int row = 0; row < rows; row++)
        {
            int k = firstRow + row;
            int before = k / _outPerGroup * _inPerGroup; // Input channels of the groups before this one.
            int most = k < allRows ? _inPerGroup : 0;
            for (int column = 0; column < columns; column++)
            {
                int within = firstColumn + column - before;
                float* write = to + row * rowStep + column * columnStep;
                if ((uint)within < (uint)most)
                {
                    float* from = _values + (k * _inPerGroup + within) * _taps;
                    for (int t = 0; t < taps.Length; t++, write += tapStep)
                    {
                        *write = from[places[t]];
                    }
                }
                else
                {
                    for (int t = 0; t < taps.Length; t++, write += tapStep)
                    {
                        *write = 0f;
                    }
                }
            }
        }
    }
}
