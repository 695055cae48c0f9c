using Interp.Engine.Backends;
using Interp.Engine.Cpu.Kernels;
using Interp.Engine.Graph;

namespace Interp.Engine.Cpu;

/// <summary>One kernel call of a session, with the values that it reads and writes.</summary>
internal sealed class CpuStep(Node node, CpuKernel kernel, CpuValue[] inputs, CpuValue output, KernelRun run)
{
    public Node Node { get; } = node;

    public CpuKernel Kernel { get; } = kernel;

    public CpuValue[] Inputs { get; } = inputs;

    public CpuValue Output { get; } = output;

    public KernelRun Run { get; } = run;

    public MemoryPlan.Buffer? RecordPlace { get; set; }

    /// <summary>Place of the gradient before the kernel's gate.</summary>
    public MemoryPlan.Buffer? GatedPlace { get; set; }

    /// <summary>The step whose backward pass applies this kernel's gate, or null if this one does it itself.</summary>
    public CpuStep? GateAppliedBy { get; set; }

    /// <summary>The step whose gate this one's backward pass applies.</summary>
    public CpuStep? AppliesGateOf { get; set; }

    /// <summary>The step whose backward pass makes this one's share of the gradient at its first input too, or null.</summary>
    public CpuStep? ScaledBy { get; set; }

    /// <summary>The step whose share of the gradient at the same input this one's backward pass makes too.</summary>
    public CpuStep? Scales { get; set; }

    /// <summary>During a backward pass: whether the gate has been applied.</summary>
    public bool GateApplied { get; set; }
}
