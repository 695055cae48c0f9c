using System.Runtime.CompilerServices;
using Interp.Engine.Cpu.Convolution;
using Interp.Engine.Rules;

namespace Interp.Engine.Cpu.Kernels;

/// <summary>
/// How the CPU backend runs one node: prepared for fixed shapes, without memory of its own, so that several threads may run it at once on
/// images of their own. Kernels write every element of their outputs, unused lanes (as zeros) included, and never add to what is there; the
/// session adds where a value feeds several nodes.
/// </summary>
internal abstract unsafe class CpuKernel
{
    /// <summary>Bytes that the forward pass records for the backward pass: ReLU decisions, pool switches, slopes.</summary>
    public virtual long RecordBytes => 0;

    /// <summary>Bytes of working memory for each thread.</summary>
    public virtual long ScratchBytes => 0;

    /// <summary>Bytes of working memory for all threads together.</summary>
    public virtual long SharedBytes => 0;

    /// <summary>Whether the backward pass reads the node's output.</summary>
    public virtual bool BackwardReadsOutput => false;

    /// <summary>Whether the backward pass reads the node's inputs.</summary>
    public virtual bool BackwardReadsInputs => false;

    /// <summary>What the kernel ends in.</summary>
    public virtual ConvTail Tail => default;

    /// <summary>
    /// For a kernel that ends in a gate: the shape before it. Its gradient there needs memory of its own, and its backward pass starts
    /// there.
    /// </summary>
    public virtual Blocked? GatedShape => null;

    /// <summary>Whether the backward pass can add to gradients what other readers left there, where <see cref="KernelRun.Adds"/> says
    /// so; else the session does.</summary>
    public virtual bool AddsToGradients => false;

    /// <summary>Whether it can also apply the gate of the kernel that made the first input.</summary>
    public virtual bool Applies(Gate gate) => false;

    /// <summary>Whether it can do so for its other inputs too.</summary>
    public virtual bool AppliesAtAllInputs => false;

    /// <summary>Whether the output is the first input times the second, which has one value for each channel of an image.</summary>
    public virtual bool ScalesChannels => false;

    /// <summary>Whether the backward pass can add the share of a kernel that scales the channels of the same input, see
    /// <see cref="KernelRun.Scaled"/>.</summary>
    public virtual bool AddsScaled => false;

    /// <summary>Whether the gradient at an input is the one at the output, behind the gate, which the session then hands on.</summary>
    public virtual bool PassesOn(int input) => false;

    /// <summary>Whether the forward pass can read its only input in the dense order.</summary>
    public virtual bool CanReadDense => false;

    /// <summary>Makes the forward pass do so from now on.</summary>
    public virtual void ReadDense() => throw new NotSupportedException();

    /// <summary>Prepares what the passes of one direction need, such as filters. Called once before the first; the sizes above are known
    /// without it.</summary>
    public virtual void Prepare(WorkerPool pool, bool backward)
    {
    }

    /// <summary>Computes the output from the inputs.</summary>
    public abstract void Forward(KernelRun run);

    /// <summary>Takes the gradient at the output back through the gate.</summary>
    public virtual void ApplyGate(KernelRun run, ReluRule rule)
    {
    }

    /// <summary>Computes the gradients at the inputs, those that are wanted and not handed on, from the gradient at the output.</summary>
    public abstract void Backward(KernelRun run, ReluRule rule);

    /// <summary>Where a value of an array stands, whose memory does not move.</summary>
    protected static float* Pointer(float[] pinned, int at = 0) => (float*)Unsafe.AsPointer(ref pinned[at]);
}

/// <summary>The memory that one kernel works on, in the blocked layout unless its inputs are dense, and the threads that do the
/// work.</summary>
internal sealed unsafe class KernelRun(int inputs)
{
    public WorkerPool Pool { get; set; } = null!;

    /// <summary>Each input's activation.</summary>
    public float*[] Inputs { get; } = new float*[inputs];

    /// <summary>The output's activation.</summary>
    public float* Output { get; set; }

    /// <summary>What the forward pass records for the backward pass.</summary>
    public void* Record { get; set; }

    /// <summary>The gradient at the output.</summary>
    public float* OutputGradient { get; set; }

    /// <summary>What the kernel ends in, and the shape before its gate.</summary>
    public ConvTail Tail { get; init; }

    /// <inheritdoc cref="CpuKernel.GatedShape"/>
    public Blocked? GatedShape { get; init; }

    /// <summary>The gradient before the gate.</summary>
    public float* GatedGradient { get; set; }

    /// <summary>
    /// For each input, the run of the kernel that made it, if its gate is to be applied here: the input's gradient then goes to that run's
    /// <see cref="GatedGradient"/> and nowhere else.
    /// </summary>
    public KernelRun?[] InputGates { get; } = new KernelRun?[inputs];

    /// <summary>The first of them.</summary>
    public KernelRun? InputGate => InputGates[0];

    /// <summary>The run of a kernel that scales the channels of the first input, and leaves its share of the gradient there to this
    /// one.</summary>
    public KernelRun? Scaled { get; set; }

    /// <summary>During a backward pass: whether there is such a share.</summary>
    public bool ScaledNow { get; set; }

    /// <summary>Where the gradient at each input goes; null where it is not wanted.</summary>
    public float*[] InputGradients { get; } = new float*[inputs];

    /// <summary>For a kernel that adds to gradients: whether other readers left a part of an input's gradient there.</summary>
    public bool[] Adds { get; } = new bool[inputs];

    /// <summary>Working memory.</summary>
    public Scratch Scratch { get; set; } = new([], null);
}
