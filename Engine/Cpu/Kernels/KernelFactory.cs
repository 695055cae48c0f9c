using Interp.Engine.Common;
using Interp.Engine.Cpu.Convolution;
using Interp.Engine.Cpu.Lanes;
using Interp.Engine.Graph;
using Interp.Engine.Layers;
using Interp.Engine.Tensors;

namespace Interp.Engine.Cpu.Kernels;

/// <summary>Makes the kernels for one width of register. A new kind of layer is one line here.</summary>
internal abstract class KernelFactory
{
    /// <summary>The factory for an instruction set.</summary>
    public static KernelFactory For(InstructionSet set) => set switch
    {
        InstructionSet.Avx512 => new KernelFactory<Lanes512>(),
        InstructionSet.Avx2 => new KernelFactory<Lanes256>(),
        _ => new KernelFactory<Lanes128>(),
    };

    /// <summary>The instruction set's name.</summary>
    public abstract string Name { get; }

    /// <summary>The kernel of a node with the given shapes.</summary>
    /// <param name="node">The node.</param>
    /// <param name="inputs">Its inputs' shapes.</param>
    /// <param name="output">Its output's shape.</param>
    /// <param name="backward">Whether there will be backward passes.</param>
    public abstract CpuKernel Create(Node node, Blocked[] inputs, Blocked output, bool backward);

    /// <summary>The kernel of a scale and shift, or of a concatenation, a scale and shift, and what follows.</summary>
    public abstract CpuKernel CreateAffine(Node affine, Blocked[] inputs, Blocked output, ConvTail tail, bool backward);

    /// <summary>The kernel that puts an output together from channels of its inputs.</summary>
    public abstract CpuKernel CreateMove(Blocked[] inputs, Blocked output, ChannelSource[] channels);

    /// <summary>The kernel of a convolution and what follows it.</summary>
    public abstract CpuKernel Create(Node node, Blocked input, Blocked output, ConvTail tail, ConvPlan plan);

    /// <summary>target += source.</summary>
    public abstract unsafe void AddTo(WorkerPool pool, long vectors, float* target, float* source);
}

/// <inheritdoc/>
internal sealed class KernelFactory<TLanes> : KernelFactory where TLanes : unmanaged, ILanes<TLanes>
{
    /// <inheritdoc/>
    public override string Name => TLanes.Name;

    /// <inheritdoc/>
    public override CpuKernel Create(Node node, Blocked[] inputs, Blocked output, bool backward) => node.Layer switch
    {
        ReLU => new GateKernel<TLanes>(new ConvTail(Gate.Activation), output, backward),
        MaxPool2d pool2d => new MaxPoolKernel<TLanes>(pool2d, inputs[0], output),
        AdaptiveMaxPool2d pool2d => new MaxPoolKernel<TLanes>(pool2d.At(inputs[0].H, inputs[0].W), inputs[0], output),
        IPixelLayer pixels => new PixelKernel<TLanes>(pixels, inputs[0], output),
        AdaptiveAvgPool2d => new AvgPoolKernel<TLanes>(inputs[0], output,
            PoolAxis.Adaptive(inputs[0].H, output.H), PoolAxis.Adaptive(inputs[0].W, output.W)),
        AvgPool2d pool2d => new AvgPoolKernel<TLanes>(inputs[0], output,
            PoolAxis.Rows(pool2d, inputs[0], output), PoolAxis.Columns(pool2d, inputs[0], output)),
        Activation activation => new GateKernel<TLanes>(new ConvTail(Gate.Activation, activation.F), output, backward),
        PReLU => new PReLUKernel<TLanes>(node, output),
        GroupNorm => new GroupNormKernel<TLanes>(node, output),
        Extremum extremum => new ExtremumKernel<TLanes>(extremum, output),
        LayerNorm => new LayerNormKernel<TLanes>(node, output),
        Multiply => new MultiplyKernel<TLanes>(inputs[0], inputs[1]),
        Flatten => new FlattenKernel(inputs[0], output),
        Linear => node.Weights[0].DType == DType.Float16
            ? new LinearKernel<TLanes, StoredHalf>(node, inputs[0], output)
            : new LinearKernel<TLanes, StoredSingle>(node, inputs[0], output),
        Dropout or Identity => new CopyKernel(output),
        Add => new AddKernel<TLanes>(output),
        Softmax => new SoftmaxKernel(output),
        Frame frame => new FrameKernel(frame, inputs[0], output),
        _ => throw new ModelException($"layer '{node.Name}': the cpu backend has no kernel for '{node.Layer.Kind}'"),
    };

    /// <inheritdoc/>
    public override CpuKernel CreateAffine(Node affine, Blocked[] inputs, Blocked output, ConvTail tail, bool backward) =>
        new ChannelMoveKernel<TLanes>(inputs, output, ChannelMoves.Concatenation(inputs), affine, tail, backward);

    /// <inheritdoc/>
    public override CpuKernel CreateMove(Blocked[] inputs, Blocked output, ChannelSource[] channels) =>
        new ChannelMoveKernel<TLanes>(inputs, output, channels);

    /// <inheritdoc/>
    public override CpuKernel Create(Node node, Blocked input, Blocked output, ConvTail tail, ConvPlan plan) =>
        new ConvKernel<TLanes>(node, input, output, tail, plan);

    /// <inheritdoc/>
    public override unsafe void AddTo(WorkerPool pool, long vectors, float* target, float* source) =>
        Elementwise.AddTo<TLanes>(pool, vectors, target, source);
}
