using Interp.Engine.Rules;
using Interp.Engine.Tensors;

namespace Interp.Cuda.Layers;

/// <summary>The sum of inputs of one shape.</summary>
internal sealed class AddLayer(CudaBackend backend, Shape shape) : CudaLayer(backend)
{
    internal override void Forward(LayerRun run)
    {
        Backend.Kernels.LaunchOver(Backend.Stream, "add", shape.Count, 1, run.Inputs[0], run.Inputs[1], run.Output, shape.Count);
        foreach (ulong input in run.Inputs.AsSpan(2))
        {
            Backend.Kernels.LaunchOver(Backend.Stream, "add_to", shape.Count, 1, run.Output, input, shape.Count);
        }
    }

    internal override void Backward(LayerRun run, ReluRule rule)
    {
        foreach (ulong gradient in run.InputGradients)
        {
            if (gradient != 0)
            {
                Backend.Stream.Copy(run.OutputGradient, gradient, shape.Count * sizeof(float));
            }
        }
    }
}
