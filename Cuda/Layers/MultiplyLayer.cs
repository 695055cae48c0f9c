using Interp.Engine.Rules;
using Interp.Engine.Tensors;

namespace Interp.Cuda.Layers;

/// <summary>A map by a gate, which has one value for each channel, each pixel or each value of the map.</summary>
internal sealed class MultiplyLayer(CudaBackend backend, Shape map, Shape gate) : CudaLayer(backend)
{
    private readonly bool _isSpatial = gate != map && gate[1] != map[1];

    internal override bool BackwardReadsInputs => true;

    internal override void Forward(LayerRun run) => Gate(run.Inputs[0], run.Inputs[1], run.Output);

    internal override void Backward(LayerRun run, ReluRule rule)
    {
        if (run.InputGradients[0] != 0)
        {
            Gate(run.OutputGradient, run.Inputs[1], run.InputGradients[0]);
        }

        if (run.InputGradients[1] == 0)
        {
            return;
        }

        if (gate == map)
        {
            Gate(run.OutputGradient, run.Inputs[0], run.InputGradients[1]);
        }
        else if (_isSpatial)
        {
            Backend.Kernels.LaunchPlanes(
                Backend.Stream, "pixel_dots", map[0], PlaneOf(map), 1, run.OutputGradient, run.Inputs[0], run.InputGradients[1], map[1],
                PlaneOf(map));
        }
        else
        {
            Backend.Kernels.Launch(
                Backend.Stream, "plane_dots", (checked((uint)gate.Count), 1, 1), run.OutputGradient, run.Inputs[0], run.InputGradients[1],
                PlaneOf(map));
        }
    }

    private void Gate(ulong values, ulong factors, ulong to)
    {
        if (gate == map)
        {
            Backend.Kernels.LaunchOver(Backend.Stream, "multiply", map.Count, 1, values, factors, to, map.Count);
        }
        else if (_isSpatial)
        {
            Backend.Kernels.LaunchPlanes(
                Backend.Stream, "scale_pixels", (long)map[0] * map[1], PlaneOf(map), 1, values, factors, to, map[1], PlaneOf(map));
        }
        else
        {
            AffineLayer.ScalePlanes(Backend, map, checked((int)gate.Count), values, factors, 0, to);
        }
    }
}
