using Interp.Cuda.Driver;
using Interp.Engine.Graph;
using Interp.Engine.Layers;
using Interp.Engine.Rules;
using Interp.Engine.Tensors;

namespace Interp.Cuda.Layers;

/// <summary>Normalisation over the channels of each pixel; the forward pass records each pixel's mean and 1/σ.</summary>
internal sealed class LayerNormLayer(CudaBackend backend, Node node, LayerNorm layer, Shape shape) : CudaLayer(backend)
{
    private const int BlockPixels = 32;
    private readonly DeviceMemory _gamma = backend.Weights.Get(node.Weights[0]);
    private readonly DeviceMemory _beta = backend.Weights.Get(node.Weights[1]);

    internal override long RecordBytes => 2L * Pixels * sizeof(float);

    internal override bool BackwardReadsInputs => true;

    private int Pixels => checked(shape[0] * PlaneOf(shape));

    internal override void Forward(LayerRun run) => Launch(
        "layernorm_forward", run.Inputs[0], _gamma.Address, _beta.Address, run.Output, run.Record, (float)layer.Epsilon, shape[1],
        PlaneOf(shape), Pixels);

    internal override void Backward(LayerRun run, ReluRule rule) => Launch(
        "layernorm_backward", run.Inputs[0], _gamma.Address, run.Record, run.OutputGradient, run.InputGradients[0], shape[1],
        PlaneOf(shape), Pixels);

    private void Launch(string kernel, params ReadOnlySpan<KernelArgument> arguments) => Backend.Kernels.Launch(
        Backend.Stream, kernel, (((uint)Pixels + BlockPixels - 1) / BlockPixels, 1, 1), arguments);
}
