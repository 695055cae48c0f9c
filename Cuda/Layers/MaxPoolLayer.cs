using Interp.Engine.Layers;
using Interp.Engine.Rules;
using Interp.Engine.Tensors;

namespace Interp.Cuda.Layers;

/// <summary>Max pooling by own kernels, whose switches follow the same rule for equal values as on the CPU; the vendor's is not written
/// down.</summary>
internal sealed class MaxPoolLayer(CudaBackend backend, MaxPool2d layer, Shape input, Shape output) : CudaLayer(backend)
{
    private readonly Window _window = layer.Window.At(input[2], input[3]);

    internal override long RecordBytes => output.Count * sizeof(int);

    internal override void Forward(LayerRun run) => Launch("maxpool_forward", output, run.Inputs[0], run.Output, run.Record);

    internal override void Backward(LayerRun run, ReluRule rule) =>
        Launch("maxpool_backward", input, run.OutputGradient, run.Record, run.InputGradients[0]);

    private void Launch(string kernel, Shape over, ulong first, ulong second, ulong third)
    {
        Window g = _window;
        Backend.Kernels.LaunchPlanes(
            Backend.Stream, kernel, (long)over[0] * over[1], over[2] * over[3], 1, first, second, third, input[2], input[3], output[2],
            output[3], g.Kernel.H, g.Kernel.W,
            g.Stride.H, g.Stride.W, g.Padding.H, g.Padding.W, g.Dilation.H, g.Dilation.W);
    }
}
