using System.Runtime.CompilerServices;
using Interp.Engine.Graph;
using Interp.Engine.Layers;

namespace Interp.Engine.Cpu.Convolution;

/// <summary>
/// The filters of a grouped convolution seen as those of an ungrouped one, in either direction: <c>[O][I][taps]</c>, zero where an output channel does not
/// read an input channel. Backward, O are the layer's input channels and the taps are turned by 180°.
/// </summary>
internal sealed class FilterReader
{
    private readonly float[] _values;
    private readonly int _outPerGroup;
    private readonly int _inPerGroup;
    private readonly int _groups;
    private readonly int _taps;
    private readonly bool _backward;

    public FilterReader(Node node, bool backward)
    {
        var layer = (Conv2d)node.Layer;
        _values = node.Weights[0].ToArray();
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

    /// <summary>The first and one past the last input channel that output channels first … last − 1 read.</summary>
    public (int First, int Last) Reads(int first, int last)
    {
        int outs = OutChannels / _groups;
        int ins = InChannels / _groups;
        return (first / outs * ins, ((Math.Min(last, OutChannels) - 1) / outs + 1) * ins);
    }

    /// <summary>The taps of one pair of channels, in row order; zeros past the last channel and across groups.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public unsafe void Read(int o, int i, float* taps)
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
