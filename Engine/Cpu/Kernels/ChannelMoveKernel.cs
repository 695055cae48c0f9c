using Interp.Engine.Cpu.Lanes;
using Interp.Engine.Layers;
using Interp.Engine.Rules;

namespace Interp.Engine.Cpu.Kernels;

/// <summary>Layers each of whose output channels is a channel of an input: slices, shuffles and concatenations.</summary>
internal sealed unsafe class ChannelMoveKernel<TLanes> : CpuKernel where TLanes : unmanaged, ILanes<TLanes>
{
    private readonly ChannelGather<TLanes> _forward;
    private readonly ChannelGather<TLanes>[] _backward; // for each input
    private readonly float*[] _upstream = new float*[1];

    /// <param name="inputs">The inputs' shapes.</param>
    /// <param name="output">The output's shape.</param>
    /// <param name="channels">Where each output channel comes from.</param>
    private ChannelMoveKernel(Blocked[] inputs, Blocked output, ChannelSource[] channels)
    {
        _forward = new ChannelGather<TLanes>(inputs, output, channels);
        var turned = inputs.Select(x => Enumerable.Repeat(ChannelSource.None, x.C).ToArray()).ToArray();
        for (int c = 0; c < channels.Length; c++)
        {
            turned[channels[c].Input][channels[c].Channel] = new ChannelSource(0, c);
        }

        _backward = [.. inputs.Zip(turned, (x, from) => new ChannelGather<TLanes>([output], x, from))];
    }

    public static ChannelMoveKernel<TLanes> Concat(Blocked[] inputs, Blocked output) => new(inputs, output,
        [.. inputs.SelectMany((x, input) => Enumerable.Range(0, x.C).Select(c => new ChannelSource(input, c)))]);

    public static ChannelMoveKernel<TLanes> Slice(ChannelSlice layer, Blocked input, Blocked output) =>
        new([input], output, [.. Enumerable.Range(layer.First, layer.Count).Select(c => new ChannelSource(0, c))]);

    /// <summary>Output channel j·G + i is input channel i·C/G + j.</summary>
    public static ChannelMoveKernel<TLanes> Shuffle(ChannelShuffle layer, Blocked input, Blocked output) => new([input], output,
        [.. Enumerable.Range(0, input.C)
            .Select(c => new ChannelSource(0, c % layer.Groups * (input.C / layer.Groups) + c / layer.Groups))]);

    /// <inheritdoc/>
    public override void Forward(KernelRun run) => _forward.Run(run.Pool, run.Inputs, run.Output);

    /// <inheritdoc/>
    public override void Backward(KernelRun run, ReluRule rule)
    {
        _upstream[0] = run.OutputGradient;
        for (int i = 0; i < _backward.Length; i++)
        {
            if (run.InputGradients[i] != null)
            {
                _backward[i].Run(run.Pool, _upstream, run.InputGradients[i]);
            }
        }
    }
}
