using System.Runtime.CompilerServices;
using Interp.Engine.Cpu.Lanes;
using Interp.Engine.Graph;
using Interp.Engine.Rules;

namespace Interp.Engine.Cpu.Kernels;

/// <summary>y = s·x + t per channel, rounded once; backward s·R. In unused lanes s and t are 0.</summary>
internal sealed unsafe class ChannelAffineKernel<TLanes>(Node node, Blocked shape) : CpuKernel where TLanes : unmanaged, ILanes<TLanes>
{
    private readonly float[] _scale = shape.PadChannels(node.Weights[0].ToArray());
    private readonly float[] _shift = shape.PadChannels(node.Weights[1].ToArray());
    private readonly float[] _zeros = GC.AllocateArray<float>(shape.Blocks * Blocked.Lanes, pinned: true);

    /// <inheritdoc/>
    public override void Forward(KernelRun run) => Run(run.Pool, run.Inputs[0], _shift, run.Output);

    /// <inheritdoc/>
    public override void Backward(KernelRun run, ReluRule rule) => Run(run.Pool, run.OutputGradient, _zeros, run.InputGradients[0]);

    private void Run(WorkerPool pool, float* from, float[] shift, float* to) =>
        Elementwise.RunPlanes(pool, shape, (first, count, plane) =>
        {
            int channel = (int)(plane % shape.Blocks) * Blocked.Lanes;
            TLanes s = TLanes.Load((float*)Unsafe.AsPointer(ref _scale[channel]));
            TLanes t = TLanes.Load((float*)Unsafe.AsPointer(ref shift[channel]));
            for (nint i = (nint)first * Blocked.Lanes; i < (nint)(first + count) * Blocked.Lanes; i += Blocked.Lanes)
            {
                TLanes.Store(TLanes.FusedMultiplyAdd(TLanes.Load(from + i), s, t), to + i);
            }
        });
}
