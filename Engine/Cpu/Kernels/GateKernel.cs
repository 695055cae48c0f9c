using Interp.Engine.Cpu.Convolution;
using Interp.Engine.Cpu.Convolution.Sinks;
using Interp.Engine.Cpu.Lanes;
using Interp.Engine.Rules;

namespace Interp.Engine.Cpu.Kernels;

/// <summary>
/// A ReLU or another activation on its own: a gate without a layer before it. Forward records all that any elementwise rule needs of it;
/// backward there is nothing to do but to apply the gate, so what is made there is the gradient at the input.
/// </summary>
/// <param name="tail">The gate.</param>
/// <param name="shape">The input's and the output's.</param>
/// <param name="records">Whether there will be backward passes.</param>
internal sealed unsafe class GateKernel<TLanes>(ConvTail tail, Blocked shape, bool records) : CpuKernel
    where TLanes : unmanaged, ILanes<TLanes>
{
    /// <inheritdoc/>
    public override long RecordBytes => tail.RecordBytes(shape, records);

    /// <inheritdoc/>
    public override ConvTail Tail => tail;

    /// <inheritdoc/>
    public override Blocked? GatedShape => shape;

    /// <inheritdoc/>
    public override bool PassesOn(int input) => true;

    /// <inheritdoc/>
    public override void Forward(KernelRun run) => Elementwise.RunRows(
        run.Pool, shape, GateRows<TLanes>.Forward(tail), run.Inputs[0], RecordBytes == 0 ? null : run.Record, tail.RecordPitch, run.Output);

    /// <inheritdoc/>
    public override void ApplyGate(KernelRun run, ReluRule rule) => GateRows<TLanes>.ApplyGate(run, rule);

    /// <inheritdoc/>
    public override void Backward(KernelRun run, ReluRule rule)
    {
    }
}
