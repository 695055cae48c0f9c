using Interp.Engine.Backends;
using Interp.Engine.Cpu.Convolution;
using Interp.Engine.Cpu.Convolution.Sinks;
using Interp.Engine.Cpu.Lanes;
using Interp.Engine.Graph;
using Interp.Engine.Layers;
using Interp.Engine.Rules;

namespace Interp.Engine.Cpu.Kernels;

/// <summary>
/// Convolution together with the ReLU and pool that follow it, if any (its gate), and as its gradient the convolution with turned filters.
/// Backward, the gate is
/// applied either by the kernel that writes this one's upstream gradient, while that is in cache, or here before the convolution.
/// </summary>
internal sealed unsafe class ConvKernel<TLanes> : CpuKernel where TLanes : unmanaged, ILanes<TLanes>
{
    private readonly Node _node;
    private readonly Blocked _x;
    private readonly Blocked _y;
    private readonly Gate _gate;
    private readonly ConvAlgorithm _forward;
    private readonly ConvAlgorithm? _backward;

    /// <param name="node">The convolution.</param>
    /// <param name="x">Its input's shape.</param>
    /// <param name="y">Its own output's shape, before the gate.</param>
    /// <param name="gate">What follows it.</param>
    /// <param name="plan">How convolutions are computed, and whether there will be backward passes.</param>
    public ConvKernel(Node node, Blocked x, Blocked y, Gate gate, ConvPlan plan)
    {
        _node = node;
        _x = x;
        _y = y;
        _gate = gate;
        Window window = ((Conv2d)node.Layer).Window.At(x.H, x.W);
        float[] bias = node.Weights.Length > 1 ? node.Weights[1].ToArray() : [];
        _forward = Choose(plan, ConvGeometry.Forward(x, y, window), backward: false, bias);
        _backward = plan.Backward ? Choose(plan, ConvGeometry.Backward(x, y, window), backward: true, []) : null;
    }

    /// <inheritdoc/>
    public override long RecordBytes => _gate.RecordBytes(_y);

    /// <inheritdoc/>
    public override long ScratchBytes => Math.Max(_forward.ScratchBytes, _backward?.ScratchBytes ?? 0);

    /// <inheritdoc/>
    public override long SharedBytes => Math.Max(_forward.SharedBytes, _backward?.SharedBytes ?? 0);

    /// <inheritdoc/>
    public override Blocked? GatedShape => _gate == Gate.None ? null : _y;

    /// <inheritdoc/>
    public override bool CanApplyInputGate => true;

    /// <inheritdoc/>
    public override bool CanReadDense => _forward.CanReadDense;

    /// <inheritdoc/>
    public override void ReadDense() => _forward.ReadsDense = true;

    /// <inheritdoc/>
    public override void Prepare(WorkerPool pool, bool backward) => (backward ? _backward! : _forward).Prepare(pool);

    /// <inheritdoc/>
    public override void Forward(KernelRun run)
    {
        float* x = run.Inputs[0];
        switch (_gate)
        {
            case Gate.None:
                _forward.Run(run.Pool, run.Scratch, x, new StoreSink<TLanes>(run.Output, _y));
                break;
            case Gate.Relu:
                _forward.Run(run.Pool, run.Scratch, x, new ReluSink<TLanes>(run.Output, (ushort*)run.Record, _y));
                break;
            default:
                _forward.Run(run.Pool, run.Scratch, x, new ReluPoolSink<TLanes>(run.Output, (ushort*)run.Record, _gate.Output(_y)));
                break;
        }
    }

    /// <inheritdoc/>
    public override void ApplyGate(KernelRun run, ReluRule rule) => rule.Accept(new OwnGate(this, run));

    /// <inheritdoc/>
    public override void Backward(KernelRun run, ReluRule rule)
    {
        if (run.InputGate is { } producer)
        {
            rule.Accept(new InputGate(this, run, producer));
            return;
        }

        _backward!.Run(run.Pool, run.Scratch, Upstream(run), new StoreSink<TLanes>(run.InputGradients[0], _x));
    }

    private float* Upstream(KernelRun run) => _gate == Gate.None ? run.OutputGradient : run.GatedGradient;

    private ConvAlgorithm Choose(ConvPlan plan, ConvGeometry geometry, bool backward, float[] bias)
    {
        int groups = ((Conv2d)_node.Layer).Groups;
        var filters = new FilterReader(_node, backward);
        bool gathers = GatherConvolution<TLanes>.CanRun(geometry, groups);
        if (plan.Choice.PicksWinograd(geometry, groups) && !(gathers && plan.Choice == ConvChoice.Auto))
        {
            return new WinogradConvolution<TLanes>(
                geometry, plan.Filters.Get(_node, backward, () =>
                new WinogradFilters(filters, geometry.Window.Kernel.H, TLanes.TileBlocks)), bias);
        }

        if (gathers)
        {
            return new GatherConvolution<TLanes>(geometry, filters, bias);
        }

        if (GroupedConvolution<TLanes>.CanRun(geometry, groups))
        {
            return new GroupedConvolution<TLanes>(geometry, groups, filters, bias);
        }

        var phases = new ConvPhases(geometry);
        DirectFilters direct = plan.PacksEachRun
            ? new DirectFilters(filters, phases, TLanes.TileBlocks)
            : plan.Filters.Get(_node, backward, () => new DirectFilters(filters, phases, TLanes.TileBlocks));
        return new DirectConvolution<TLanes>(geometry, phases, direct, bias, plan.PacksEachRun);
    }

    /// <summary>Applies this kernel's gate to a gradient that lies in memory.</summary>
    private sealed class OwnGate(ConvKernel<TLanes> kernel, KernelRun run) : IReluRuleVisitor
    {
        public void Visit<TOperator>() where TOperator : struct, IReluOperator
        {
            Blocked inner = kernel._y;
            Blocked outer = kernel._gate.Output(inner);
            var record = (ushort*)run.Record;
            if (kernel._gate == Gate.ReluPool)
            {
                Write(outer, new ReluPoolGateSink<TLanes, TOperator>(run.GatedGradient, record, outer, inner));
            }
            else
            {
                Write(outer, new ReluGateSink<TLanes, TOperator>(run.GatedGradient, record, inner));
            }
        }

        private void Write<TSink>(Blocked outer, TSink sink) where TSink : struct, ITileSink =>
            run.Pool.Run(outer.N * outer.Blocks, (plane, _) =>
            sink.Write(run.OutputGradient + plane * outer.Plane, outer.Row, outer.H, outer.W, plane / outer.Blocks, plane % outer.Blocks, 0,
            0));
    }

    /// <summary>Convolves backward and applies the gate of the kernel that made the input.</summary>
    private sealed class InputGate(ConvKernel<TLanes> kernel, KernelRun run, KernelRun producer) : IReluRuleVisitor
    {
        public void Visit<TOperator>() where TOperator : struct, IReluOperator
        {
            Blocked outer = kernel._x;
            var record = (ushort*)producer.Record;
            if (producer.GatedShape is { } inner && inner != outer)
            {
                Run(new ReluPoolGateSink<TLanes, TOperator>(producer.GatedGradient, record, outer, inner));
            }
            else
            {
                Run(new ReluGateSink<TLanes, TOperator>(producer.GatedGradient, record, outer));
            }
        }

        private void Run<TSink>(TSink sink) where TSink : struct, ITileSink =>
            kernel._backward!.Run(run.Pool, run.Scratch, kernel.Upstream(run), sink);
    }
}
