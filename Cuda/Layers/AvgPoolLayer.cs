using Interp.Engine.Rules;
using Interp.Engine.Tensors;

namespace Interp.Cuda.Layers;

/// <summary>Adaptive average pooling.</summary>
internal sealed class AvgPoolLayer(CudaBackend backend, Shape input, Shape output) : CudaLayer(backend)
{
    internal override void Forward(LayerRun run) => Launch("avgpool_forward", output, run.Inputs[0], run.Output);

    internal override void Backward(LayerRun run, ReluRule rule) =>
        Launch("avgpool_backward", input, run.OutputGradient, run.InputGradients[0]);

    private void Launch(string kernel, Shape over, ulong from, ulong to) => Backend.Kernels.LaunchPlanes(
        Backend.Stream, kernel, (long)over[0] * over[1], over[2] * over[3], 1, from, to, input[2], input[3], output[2], output[3]);
}
