using Interp.Cuda.Driver;
using Interp.Engine.Graph;
using Interp.Engine.Rules;
using Interp.Engine.Tensors;

namespace Interp.Cuda.Layers;

/// <summary>A rectifier with a slope below 0 for each channel, which in sessions with backward passes records its slopes.</summary>
internal sealed class PReLULayer(CudaBackend backend, Node node, Shape shape, bool backward) : CudaLayer(backend)
{
    private readonly DeviceMemory _slopes = backend.Weights.Get(node.Weights[0]);

    internal override long RecordBytes => backward ? shape.Count * sizeof(float) : 0;

    internal override void Forward(LayerRun run) => Backend.Kernels.LaunchPlanes(
        Backend.Stream, "prelu_forward", (long)shape[0] * shape[1], PlaneOf(shape), 1, run.Inputs[0], _slopes.Address, run.Output,
        run.Record, shape[1], PlaneOf(shape));

    internal override void Backward(LayerRun run, ReluRule rule) => ActivationLayer.Gate(Backend, rule, shape, run);
}
