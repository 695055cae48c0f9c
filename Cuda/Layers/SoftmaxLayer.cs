using Interp.Engine.Rules;
using Interp.Engine.Tensors;

namespace Interp.Cuda.Layers;

/// <summary>Softmax over features.</summary>
internal sealed class SoftmaxLayer(CudaBackend backend, Shape shape) : CudaLayer(backend)
{
    internal override bool BackwardReadsOutput => true;

    internal override void Forward(LayerRun run) =>
        Backend.Kernels.Launch(Backend.Stream, "softmax_forward", ((uint)shape[0], 1, 1), run.Inputs[0], run.Output, shape[1]);

    internal override void Backward(LayerRun run, ReluRule rule) =>
        Backend.Kernels.Launch(Backend.Stream, "softmax_backward", ((uint)shape[0], 1, 1), run.Output, run.OutputGradient,
        run.InputGradients[0], shape[1]);
}
