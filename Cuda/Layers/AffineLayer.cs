using Interp.Cuda.Driver;
using Interp.Engine.Graph;
using Interp.Engine.Rules;
using Interp.Engine.Tensors;

namespace Interp.Cuda.Layers;

/// <summary>A scale and a shift for each channel.</summary>
internal sealed class AffineLayer(CudaBackend backend, Node node, Shape shape) : CudaLayer(backend)
{
    private readonly DeviceMemory _scale = backend.Weights.Get(node.Weights[0]);
    private readonly DeviceMemory _shift = backend.Weights.Get(node.Weights[1]);

    internal override void Forward(LayerRun run) =>
        ScalePlanes(Backend, shape, shape[1], run.Inputs[0], _scale.Address, _shift.Address, run.Output);

    internal override void Backward(LayerRun run, ReluRule rule) =>
        ScalePlanes(Backend, shape, shape[1], run.OutputGradient, _scale.Address, 0, run.InputGradients[0]);

    /// <summary>Queues y = s·x + t with the scale and shift of each plane, by turns if there are fewer scales than planes; without a shift
    /// for 0.</summary>
    internal static void ScalePlanes(CudaBackend backend, Shape shape, int scales, ulong x, ulong scale, ulong shift, ulong y)
    {
        int plane = PlaneOf(shape);
        backend.Kernels.LaunchPlanes(
            backend.Stream, "scale_planes", (long)shape[0] * shape[1], plane, 1, x, scale, shift, y, scales, plane);
    }
}
