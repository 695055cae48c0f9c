using Interp.Engine.Layers;
using Interp.Engine.Rules;
using Interp.Engine.Tensors;

namespace Interp.Cuda.Layers;

/// <summary>Average pooling by a sliding window.</summary>
internal sealed class MeanPoolLayer(CudaBackend backend, AvgPool2d layer, Shape input, Shape output) : CudaLayer(backend)
{
    private readonly Window _window = layer.Window.At(input[2], input[3]);

    internal override void Forward(LayerRun run) => Launch("meanpool_forward", output, run.Inputs[0], run.Output);

    internal override void Backward(LayerRun run, ReluRule rule) =>
        Launch("meanpool_backward", input, run.OutputGradient, run.InputGradients[0]);

    private void Launch(string kernel, Shape over, ulong from, ulong to)
    {
        Window g = _window;
        Size2 end = g.PaddingEnd ?? g.Padding;
        Backend.Kernels.LaunchPlanes(
            Backend.Stream, kernel, (long)over[0] * over[1], over[2] * over[3], 1, from, to, input[2], input[3], output[2], output[3],
            g.Kernel.H, g.Kernel.W, g.Stride.H, g.Stride.W, g.Padding.H, g.Padding.W, end.H, end.W, layer.CountPadding ? 1 : 0);
    }
}
