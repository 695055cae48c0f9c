using Interp.Engine.Rules;
using Interp.Engine.Tensors;

namespace Interp.Cuda.Layers;

/// <summary>Each output channel is one of the input's: channel c is input channel
/// <paramref name="first"/> + c mod G·(C/G) + ⌊c/G⌋ with C the output's channels. A slice has one group, a shuffle starts at 0.</summary>
internal sealed class MoveChannelsLayer(CudaBackend backend, Shape input, Shape output, int first, int groups) : CudaLayer(backend)
{
    internal override void Forward(LayerRun run) => Move(run.Inputs[0], input, run.Output, output, first, groups);

    /// <summary>Dealt out in as many groups as each group had channels, channels come back to where they were.</summary>
    internal override void Backward(LayerRun run, ReluRule rule) =>
        Move(run.OutputGradient, output, run.InputGradients[0], input, -first, groups == 1 ? 1 : input[1] / groups);

    private void Move(ulong x, Shape from, ulong y, Shape to, int start, int dealt)
    {
        int plane = PlaneOf(to);
        Backend.Kernels.LaunchPlanes(
            Backend.Stream, "move_channels", (long)to[0] * to[1], plane, 1, x, y, from[1], to[1], start, dealt, plane);
    }
}
