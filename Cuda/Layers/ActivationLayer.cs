using Interp.Engine.Functions;
using Interp.Engine.Rules;
using Interp.Engine.Tensors;

namespace Interp.Cuda.Layers;

/// <summary>An activation function by its own kernel, which in sessions with backward passes records its slopes.</summary>
internal sealed class ActivationLayer(CudaBackend backend, ActivationFunction function, Shape shape, bool backward) : CudaLayer(backend)
{
    internal override long RecordBytes => backward ? shape.Count * sizeof(float) : 0;

    internal override void Forward(LayerRun run) => Backend.Kernels.LaunchOver(
        Backend.Stream, $"activation_{function.Name}", shape.Count, 1, run.Inputs[0], run.Output, run.Record, shape.Count);

    internal override void Backward(LayerRun run, ReluRule rule) => Backend.Kernels.LaunchOver(
        Backend.Stream, $"sloped_backward_{rule.For(function).Name}", shape.Count, 1, run.Record, run.OutputGradient,
        run.InputGradients[0], shape.Count);
}
