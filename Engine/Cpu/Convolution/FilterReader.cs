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
}
