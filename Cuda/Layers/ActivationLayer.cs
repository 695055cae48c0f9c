using Interp.Engine.Functions;
using Interp.Engine.Rules;
using Interp.Engine.Tensors;

namespace Interp.Cuda.Layers;

/// <summary>An activation function by its own kernel, which in sessions with backward passes records its slopes.</summary>
internal sealed class ActivationLayer(CudaBackend backend, ActivationFunction function, Shape shape, bool backward) : CudaLayer(backend)
{
    internal override long RecordBytes => backward ? shape.Count * sizeof(float) : 0;

    internal override void Forward(LayerRun run)
    {
        (double a, double b, double c) = function.Coefficients;
        Backend.Kernels.LaunchOver(
            Backend.Stream, $"activation_{function.Name}", shape.Count, 1, run.Inputs[0], run.Output, run.Record, (float)a, (float)b,
            (float)c, shape.Count);
    }

    internal override void Backward(LayerRun run, ReluRule rule) => Gate(Backend, rule.For(function), shape, run);

    /// <summary>Queues what a rule makes of the gradient at slopes that the forward pass recorded.</summary>
    internal static void Gate(CudaBackend backend, ReluRule rule, Shape shape, LayerRun run) => backend.Kernels.LaunchOver(
        backend.Stream, $"sloped_backward_{rule.Name}", shape.Count, 1, run.Record, run.OutputGradient, run.InputGradients[0], shape.Count);
}
