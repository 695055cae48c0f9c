using Interp.Engine.Rules;
using Interp.Engine.Tensors;

namespace Interp.Cuda.Layers;

/// <summary>A rectifier that is not part of the step before it.</summary>
internal sealed class ReluLayer(CudaBackend backend, Shape shape) : CudaLayer(backend)
{
    internal override bool BackwardReadsOutput => true;

    internal override void Forward(LayerRun run) =>
        Backend.Kernels.LaunchOver(Backend.Stream, "relu_forward", shape.Count, 1, run.Inputs[0], run.Output, shape.Count);

    internal override void Backward(LayerRun run, ReluRule rule) =>
        Gate(Backend, rule, shape, run.Output, run.OutputGradient, run.InputGradients[0]);

    /// <summary>Queues what a rule lets through of a gradient, from the rectifier's output.</summary>
    internal static void Gate(CudaBackend backend, ReluRule rule, Shape shape, ulong output, ulong upstream, ulong gradient) =>
        backend.Kernels.LaunchOver(backend.Stream, $"relu_backward_{rule.Name}", shape.Count, 1, output, upstream, gradient, shape.Count);
}
