using System.Runtime.CompilerServices;
using Interp.Engine.Cpu.Convolution;
using Interp.Engine.Cpu.Convolution.Sinks;
using Interp.Engine.Cpu.Lanes;
using Interp.Engine.Graph;
using Interp.Engine.Layers;
using Interp.Engine.Rules;

namespace Interp.Engine.Cpu.Kernels;

/// <summary>
/// Layers each of whose output channels is a channel of an input: slices, shuffles and concatenations; and what is computed together with
/// them while they are in the first-level cache: a scale and shift per channel, y = s·x + t, rounded once, and an activation. Backward:
/// s·R.
/// </summary>
internal sealed unsafe class ChannelMoveKernel<TLanes> : CpuKernel where TLanes : unmanaged, ILanes<TLanes>
{
    private readonly Blocked[] _inputs;
    private readonly Blocked _output;
    private readonly ChannelGather<TLanes> _forward;
    private readonly ChannelGather<TLanes>[] _backward; // for each input
    private readonly float[]? _scale; // for each output channel; in unused lanes 0
    private readonly float[]? _shift;
    private readonly float[][] _scales; // for each input's channels
    private readonly ConvTail _tail;
    private readonly bool _records;

    /// <param name="inputs">The inputs' shapes.</param>
    /// <param name="output">The output's shape.</param>
    /// <param name="channels">Where each output channel comes from.</param>
    /// <param name="affine">The scale and shift, or null.</param>
    /// <param name="tail">The gate.</param>
    /// <param name="records">Whether there will be backward passes.</param>
    public ChannelMoveKernel(
        Blocked[] inputs, Blocked output, ChannelSource[] channels, Node? affine = null, ConvTail tail = default, bool records = false)
    {
        (_inputs, _output) = (inputs, output);
        _tail = tail;
        _records = records;
        _forward = new ChannelGather<TLanes>(inputs, output, channels);
        var turned = inputs.Select(x => Enumerable.Repeat(ChannelSource.None, x.C).ToArray()).ToArray();
        for (int c = 0; c < channels.Length; c++)
        {
            turned[channels[c].Input][channels[c].Channel] = new ChannelSource(0, c);
        }

        _backward = [.. inputs.Zip(turned, (x, from) => new ChannelGather<TLanes>([output], x, from))];
        float[]? scale = affine?.Weights[0].ToArray();
        _scale = scale is null ? null : output.PadChannels(scale);
        _shift = affine is null ? null : output.PadChannels(affine.Weights[1].ToArray());
        _scales = scale is null ? [] : [.. inputs.Zip(turned, (x, from) => x.PadChannels([.. from.Select(f => scale[f.Channel])]))];
    }

    /// <inheritdoc/>
    public override ConvTail Tail => _tail;

    /// <inheritdoc/>
    public override Blocked? GatedShape => _tail.Gate == Gate.None ? null : _output;

    /// <inheritdoc/>
    public override long RecordBytes => _tail.RecordBytes(_output, _records);

    /// <inheritdoc/>
    public override bool AddsToGradients => true;

    /// <inheritdoc/>
    public override bool Applies(Gate gate) => gate == Gate.Activation;

    /// <inheritdoc/>
    public override bool AppliesAtAllInputs => true;

    /// <inheritdoc/>
    public override void Forward(KernelRun run)
    {
        if (_scale is null)
        {
            _forward.Run(run.Pool, run.Inputs, run.Output);
            return;
        }

        RowFunction rows = GateRows<TLanes>.Forward(_tail);
        byte* record = RecordBytes == 0 ? null : (byte*)run.Record;
        _forward.Run(run.Pool, run.Inputs, run.Output, (from, to, vectors, at, plane) =>
        {
            int channel = (int)(plane % _output.Blocks) * Blocked.Lanes;
            Transform(from, to, vectors, Pointer(_scale, channel), Pointer(_shift!, channel));
            if (_tail.Gate != Gate.None)
            {
                rows.Run(to, record == null ? null : record + at * _tail.RecordPitch, to, vectors, _output.UsedLanes(plane));
            }
        });
    }

    /// <inheritdoc/>
    public override void ApplyGate(KernelRun run, ReluRule rule) => GateRows<TLanes>.ApplyGate(run, rule);

    /// <inheritdoc/>
    public override void Backward(KernelRun run, ReluRule rule)
    {
        float*[] upstream = [_tail.Gate == Gate.None ? run.OutputGradient : run.GatedGradient];
        for (int i = 0; i < _backward.Length; i++)
        {
            if (run.InputGates[i] is { } producer)
            {
                ReturnThroughGate(run, upstream, i, producer, GateRows<TLanes>.Backward(producer.Tail, rule));
                continue;
            }

            float[]? scale = _scale is null ? null : _scales[i];
            bool adds = run.Adds[i];
            if (scale is null && !adds)
            {
                _backward[i].Run(run.Pool, upstream, run.InputGradients[i]);
                continue;
            }

            int blocks = _backward[i].Blocks;
            _backward[i].Run(run.Pool, upstream, run.InputGradients[i], (from, to, vectors, _, plane) => Return(
                from, adds ? to : null, to, vectors, scale is null ? null : Pointer(scale, (int)(plane % blocks) * Blocked.Lanes)),
                skipsZeros: adds);
        }
    }

    /// <summary>The gradient at an input, taken through the gate of the kernel that made it while it is in the first-level cache.</summary>
    private void ReturnThroughGate(KernelRun run, float*[] upstream, int input, KernelRun producer, RowFunction rows)
    {
        Blocked shape = _inputs[input];
        float[]? scale = _scale is null ? null : _scales[input];
        float* added = run.Adds[input] ? run.InputGradients[input] : null;
        _backward[input].Run(run.Pool, upstream, producer.GatedGradient, (from, to, vectors, at, plane) =>
        {
            float* made = stackalloc float[ChannelGather<TLanes>.Chunk * Blocked.Lanes];
            if (scale is not null || added != null)
            {
                Return(from, added == null ? null : added + at * Blocked.Lanes, made, vectors,
                    scale is null ? null : Pointer(scale, (int)(plane % shape.Blocks) * Blocked.Lanes));
                from = made;
            }

            rows.Run(from, (byte*)producer.Record + at * producer.Tail.RecordPitch, to, vectors, shape.UsedLanes(plane));
        });
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Transform(float* from, float* to, nint vectors, float* scale, float* shift)
    {
        TLanes s = TLanes.Load(scale), t = TLanes.Load(shift);
        for (nint i = 0; i < vectors * Blocked.Lanes; i += Blocked.Lanes)
        {
            TLanes.Store(TLanes.FusedMultiplyAdd(TLanes.Load(from + i), s, t), to + i);
        }
    }

    /// <summary>Scales gradients, if there is a scale, and adds what is there, if anything.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Return(float* from, float* added, float* to, nint vectors, float* scale)
    {
        TLanes s = scale == null ? TLanes.Of(1) : TLanes.Load(scale);
        if (added != null)
        {
            for (nint i = 0; i < vectors * Blocked.Lanes; i += Blocked.Lanes)
            {
                TLanes.Store(TLanes.Add(TLanes.Load(added + i), TLanes.Multiply(TLanes.Load(from + i), s)), to + i);
            }

            return;
        }

        for (nint i = 0; i < vectors * Blocked.Lanes; i += Blocked.Lanes)
        {
            TLanes.Store(TLanes.Multiply(TLanes.Load(from + i), s), to + i);
        }
    }
}
