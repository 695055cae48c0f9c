using Interp.Engine.Rules;
using Interp.Engine.Tensors;

namespace Interp.Cuda.Layers;

/// <summary>A layer that changes no value, where its output cannot share its input's memory.</summary>
internal sealed class CopyLayer(CudaBackend backend, Shape shape) : CudaLayer(backend)
{
    internal override void Forward(LayerRun run) => Backend.Stream.Copy(run.Inputs[0], run.Output, shape.Count * sizeof(float));

    internal override void Backward(LayerRun run, ReluRule rule) =>
        Backend.Stream.Copy(run.OutputGradient, run.InputGradients[0], shape.Count * sizeof(float));
}
