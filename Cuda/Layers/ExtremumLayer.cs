using Interp.Engine.Layers;
using Interp.Engine.Rules;
using Interp.Engine.Tensors;

namespace Interp.Cuda.Layers;

/// <summary>The larger or smaller of two maps.</summary>
internal sealed class ExtremumLayer(CudaBackend backend, Extremum layer, Shape shape) : CudaLayer(backend)
{
    internal override bool BackwardReadsInputs => true;

    internal override void Forward(LayerRun run) => Backend.Kernels.LaunchOver(
        Backend.Stream, layer.Least ? "minimum" : "maximum", shape.Count, 1, run.Inputs[0], run.Inputs[1], run.Output, shape.Count);

    internal override void Backward(LayerRun run, ReluRule rule)
    {
        for (int i = 0; i < 2; i++)
        {
            if (run.InputGradients[i] != 0)
            {
                (ulong larger, ulong smaller) = layer.Least == (i == 0) ? (run.Inputs[1], run.Inputs[0]) : (run.Inputs[0], run.Inputs[1]);
                Backend.Kernels.LaunchOver(
                    Backend.Stream, "larger_backward", shape.Count, 1, larger, smaller, run.OutputGradient, run.InputGradients[i],
                    shape.Count);
            }
        }
    }
}
