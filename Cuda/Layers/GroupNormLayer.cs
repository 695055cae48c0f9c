using Interp.Cuda.Driver;
using Interp.Engine.Graph;
using Interp.Engine.Layers;
using Interp.Engine.Rules;
using Interp.Engine.Tensors;

namespace Interp.Cuda.Layers;

/// <summary>Normalisation over groups of channels; the forward pass records each group's mean and 1/σ.</summary>
internal sealed class GroupNormLayer(CudaBackend backend, Node node, GroupNorm layer, Shape shape) : CudaLayer(backend)
{
    private readonly DeviceMemory _gamma = backend.Weights.Get(node.Weights[0]);
    private readonly DeviceMemory _beta = backend.Weights.Get(node.Weights[1]);

    internal override long RecordBytes => 2L * shape[0] * layer.Groups * sizeof(float);

    internal override bool BackwardReadsInputs => true;

    internal override void Forward(LayerRun run) => Launch(
        "groupnorm_forward", run.Inputs[0], _gamma.Address, _beta.Address, run.Output, run.Record, (float)layer.Epsilon, layer.Groups,
        shape[1] / layer.Groups, PlaneOf(shape));

    internal override void Backward(LayerRun run, ReluRule rule) => Launch(
        "groupnorm_backward", run.Inputs[0], _gamma.Address, run.Record, run.OutputGradient, run.InputGradients[0], layer.Groups,
        shape[1] / layer.Groups, PlaneOf(shape));

    private void Launch(string kernel, params ReadOnlySpan<KernelArgument> arguments) =>
        Backend.Kernels.Launch(Backend.Stream, kernel, (checked((uint)(shape[0] * layer.Groups)), 1, 1), arguments);
}
