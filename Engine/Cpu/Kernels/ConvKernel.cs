using Interp.Engine.Backends;
using Interp.Engine.Cpu.Convolution;
using Interp.Engine.Cpu.Convolution.Depthwise;
using Interp.Engine.Cpu.Convolution.Sinks;
using Interp.Engine.Cpu.Lanes;
using Interp.Engine.Graph;
using Interp.Engine.Layers;
using Interp.Engine.Rules;

namespace Interp.Engine.Cpu.Kernels;

/// <summary>
/// Convolution together with what follows it, if anything: the sum with a second input, an activation or a ReLU and a pool (its gate); and
/// as its gradient the convolution with turned filters. Backward, the gate is applied either by the kernel that writes the last part of
/// this one's upstream gradient, while that is in cache, or here before the convolution.
/// </summary>
internal sealed unsafe class ConvKernel<TLanes> : CpuKernel where TLanes : unmanaged, ILanes<TLanes>
{
    private readonly Node _node;
    private readonly Blocked _x;
    private readonly Blocked _y;
    private readonly ConvTail _tail;
    private readonly bool _records;
    private readonly ConvAlgorithm _forward;
    private readonly ConvAlgorithm? _backward;

    /// <param name="node">The convolution.</param>
    /// <param name="x">Its input's shape.</param>
    /// <param name="y">Its own output's shape, before the gate.</param>
    /// <param name="tail">What follows it.</param>
    /// <param name="plan">How convolutions are computed, and whether there will be backward passes.</param>
    public ConvKernel(Node node, Blocked x, Blocked y, ConvTail tail, ConvPlan plan)
    {
        _node = node;
        _x = x;
        _y = y;
        _tail = tail;
        _records = plan.Backward;
        Window window = ((Conv2d)node.Layer).Window.At(x.H, x.W);
        float[] bias = node.Weights.Length > 1 ? node.Weights[1].ToArray() : [];
        _forward = Choose(plan, ConvGeometry.Forward(x, y, window), backward: false, bias);
        _backward = plan.Backward ? Choose(plan, ConvGeometry.Backward(x, y, window), backward: true, []) : null;
    }

    /// <inheritdoc/>
    public override long RecordBytes => _tail.RecordBytes(_y, _records);

    /// <inheritdoc/>
    public override long ScratchBytes => Math.Max(_forward.ScratchBytes, _backward?.ScratchBytes ?? 0);

    /// <inheritdoc/>
    public override long SharedBytes => Math.Max(_forward.SharedBytes, _backward?.SharedBytes ?? 0);

    /// <inheritdoc/>
    public override ConvTail Tail => _tail;

    /// <inheritdoc/>
    public override Blocked? GatedShape => _tail.Gate == Gate.None ? null : _y;

    /// <inheritdoc/>
    public override bool AddsToGradients => true;

    /// <inheritdoc/>
    public override bool Applies(Gate gate) => true;

    /// <inheritdoc/>
    public override bool CanReadDense => _forward.CanReadDense && !_tail.Adds;

    /// <inheritdoc/>
    public override bool PassesOn(int input) => input > 0;

    /// <inheritdoc/>
    public override void ReadDense() => _forward.ReadsDense = true;

    /// <inheritdoc/>
    public override void Prepare(WorkerPool pool, bool backward) => (backward ? _backward! : _forward).Prepare(pool);

    /// <inheritdoc/>
    public override void Forward(KernelRun run)
    {
        float* x = run.Inputs[0];
        if (_tail == default)
        {
            _forward.Run(run.Pool, run.Scratch, x, new StoreSink<TLanes>(run.Output, _y));
        }
        else if (_tail.Gate == Gate.ReluPool)
        {
            _forward.Run(run.Pool, run.Scratch, x, new ReluPoolSink<TLanes>(run.Output, (ushort*)run.Record, _tail.Output(_y)));
        }
        else
        {
            _forward.Run(run.Pool, run.Scratch, x, new RowSink<TLanes>(
                GateRows<TLanes>.Forward(_tail), _tail.Adds ? run.Inputs[1] : null, RecordBytes == 0 ? null : run.Record,
                _tail.RecordPitch, run.Output, _y));
        }
    }

    /// <inheritdoc/>
    public override void ApplyGate(KernelRun run, ReluRule rule)
    {
        if (_tail.Gate == Gate.ReluPool)
        {
            rule.Accept(new OwnPool(this, run));
        }
        else
        {
            GateRows<TLanes>.ApplyGate(run, rule);
        }
    }

    /// <inheritdoc/>
    public override void Backward(KernelRun run, ReluRule rule)
    {
        if (run.InputGate is { Tail.Gate: Gate.ReluPool } pooled)
        {
            rule.Accept(new InputPool(this, run, pooled));
        }
        else if (run.InputGate is not null || run.Adds[0])
        {
            RunBackward(run, RowSink<TLanes>.ForGradient(run, rule, _x));
        }
        else
        {
            RunBackward(run, new StoreSink<TLanes>(run.InputGradients[0], _x));
        }
    }

    private void RunBackward<TSink>(KernelRun run, TSink sink) where TSink : struct, ITileSink => _backward!.Run(
        run.Pool, run.Scratch, _tail.Gate == Gate.None ? run.OutputGradient : run.GatedGradient, sink);

    private ConvAlgorithm Choose(ConvPlan plan, ConvGeometry geometry, bool backward, float[] bias)
    {
        int groups = ((Conv2d)_node.Layer).Groups;
        var filters = new FilterReader(_node, backward);
        bool gathers = GatherConvolution<TLanes>.CanRun(geometry, groups);
        if (plan.Choice.PicksWinograd(geometry, groups) && !(gathers && plan.Choice == ConvChoice.Auto))
        {
            return new WinogradConvolution<TLanes>(
                geometry, plan.Filters.Get(_node, backward, () =>
                new WinogradFilters(filters, geometry.Window.Kernel.H, TLanes.TileBlocks, plan.Filters.Spare)), bias);
        }

        if (gathers)
        {
            return new GatherConvolution<TLanes>(geometry, filters, bias);
        }

        if (DepthwiseConvolution<TLanes>.CanRun(geometry, groups))
        {
            return new DepthwiseConvolution<TLanes>(geometry, filters, bias);
        }

        if (GroupedConvolution<TLanes>.CanRun(geometry, groups))
        {
            return new GroupedConvolution<TLanes>(geometry, groups, filters, bias);
        }

        var phases = new ConvPhases(geometry);
        int blocks = filters.TileBlocks(TLanes.TileBlocks);
        DirectFilters direct = plan.PacksEachRun
            ? new DirectFilters(filters, phases, blocks)
            : plan.Filters.Get(_node, backward, () => new DirectFilters(filters, phases, blocks));
        return new DirectConvolution<TLanes>(geometry, phases, direct, bias, plan.PacksEachRun);
    }

    /// <summary>Applies this kernel's pool and ReLU to a gradient that lies in memory.</summary>
    private sealed class OwnPool(ConvKernel<TLanes> kernel, KernelRun run) : IReluRuleVisitor
    {
        public void Visit<TOperator>() where TOperator : struct, IReluOperator
        {
            Blocked inner = kernel._y, outer = kernel._tail.Output(inner);
            var sink = new ReluPoolGateSink<TLanes, TOperator>(run.GatedGradient, (ushort*)run.Record, outer, inner);
            run.Pool.Run(outer.N * outer.Blocks, (plane, _) => sink.Write(
                run.OutputGradient + plane * outer.Plane, outer.Row, outer.H, outer.W, plane / outer.Blocks, plane % outer.Blocks, 0, 0));
        }
    }

    /// <summary>Convolves backward and applies the pool and ReLU of the kernel that made the input.</summary>
    private sealed class InputPool(ConvKernel<TLanes> kernel, KernelRun run, KernelRun producer) : IReluRuleVisitor
    {
        public void Visit<TOperator>() where TOperator : struct, IReluOperator => kernel.RunBackward(run,
            new ReluPoolGateSink<TLanes, TOperator>(
                producer.GatedGradient, (ushort*)producer.Record, kernel._x, producer.GatedShape!.Value));
    }
}
