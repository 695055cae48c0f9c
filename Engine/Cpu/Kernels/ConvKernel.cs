using Interp.Engine.Cpu.Convolution;
using Interp.Engine.Cpu.Lanes;
using Interp.Engine.Graph;
using Interp.Engine.Layers;
using Interp.Engine.Rules;

namespace Interp.Engine.Cpu.Kernels;

/// <summary>Convolution, and as its gradient the convolution with turned filters.</summary>
internal sealed unsafe class ConvKernel<TLanes> : CpuKernel where TLanes : unmanaged, ILanes<TLanes>
{
    private readonly Node _node;
    private readonly Blocked _x;
    private readonly Blocked _y;
    private readonly Window _window;
    private readonly FilterCache _filters;
    private readonly ConvChoice _choice;
    private readonly ConvAlgorithm _forward;
    private ConvAlgorithm? _backward;

    public ConvKernel(Node node, Blocked x, Blocked y, FilterCache filters, ConvChoice choice, WorkerPool pool)
    {
        _choice = choice;
        _node = node;
        _x = x;
        _y = y;
        _window = ((Conv2d)node.Layer).Window;
        _filters = filters;
        float[] bias = node.Weights.Length > 1 ? node.Weights[1].ToArray() : [];
        _forward = Choose(ConvGeometry.Forward(x, y, _window), backward: false, bias, pool);
    }

    /// <inheritdoc/>
    public override long ScratchBytes => Math.Max(_forward.ScratchBytes, _backward?.ScratchBytes ?? 0);

    /// <inheritdoc/>
    public override long SharedBytes => Math.Max(_forward.SharedBytes, _backward?.SharedBytes ?? 0);

    /// <inheritdoc/>
    public override void PrepareBackward(WorkerPool pool) =>
        _backward ??= Choose(ConvGeometry.Backward(_x, _y, _window), backward: true, [], pool);

    /// <inheritdoc/>
    public override void Forward(KernelRun run) => _forward.Run(run.Pool, run.Scratch, run.Inputs[0], run.Output);

    /// <inheritdoc/>
    public override void Backward(KernelRun run, ReluRule rule) => _backward!.Run(run.Pool, run.Scratch, run.OutputGradient, run.InputGradients[0]);

    private ConvAlgorithm Choose(ConvGeometry geometry, bool backward, float[] bias, WorkerPool pool)
    {
        if (_choice.PicksWinograd(geometry, ((Conv2d)_node.Layer).Groups))
        {
            WinogradFilters transformed = _filters.Get<WinogradFilters>(_node, backward, () =>
                new WinogradFilters(new FilterReader(_node, backward), TLanes.TileBlocks, pool));
            return new WinogradConvolution<TLanes>(geometry, transformed, bias);
        }

        DirectFilters filters = _filters.Get<DirectFilters>(_node, backward, () =>
            new DirectFilters(new FilterReader(_node, backward), geometry.Taps, TLanes.TileBlocks, pool));
        return new DirectConvolution<TLanes>(geometry, filters, bias);
    }
}
