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

    /// <summary>The steps whose gates this one's backward pass applies.</summary>
    public List<CpuStep> AppliesGatesOf { get; } = [];

    /// <summary>The step whose backward pass makes this one's share of the gradient at its first input too, or null.</summary>
    public CpuStep? ScaledBy { get; set; }

    /// <summary>The step whose share of the gradient at the same input this one's backward pass makes too.</summary>
    public CpuStep? Scales { get; set; }

    /// <summary>During a backward pass: whether the gate has been applied.</summary>
    public bool GateApplied { get; set; }

    /// <summary>The same kernel and places for other images, without what connects it with other steps.</summary>
    /// <param name="values">The copies of all values.</param>
    public CpuStep Copy(Dictionary<CpuValue, CpuValue> values) => new(
        Node, Kernel, [.. Inputs.Select(v => values[v])], values[Output],
        new KernelRun(Inputs.Length) { Tail = Run.Tail, GatedShape = Run.GatedShape })
    {
        RecordPlace = RecordPlace,
        GatedPlace = GatedPlace,
    };

    /// <summary>Connects a copy as the original is connected.</summary>
    /// <param name="original">The original.</param>
    /// <param name="steps">The copies of all steps.</param>
    /// <param name="runs">Those of their runs.</param>
    public void Connect(CpuStep original, Dictionary<CpuStep, CpuStep> steps, Dictionary<KernelRun, KernelRun> runs)
    {
        GateAppliedBy = Of(original.GateAppliedBy);
        ScaledBy = Of(original.ScaledBy);
        Scales = Of(original.Scales);
        AppliesGatesOf.AddRange(original.AppliesGatesOf.Select(s => steps[s]));
        Run.Scaled = original.Run.Scaled is { } scaled ? runs[scaled] : null;
        for (int i = 0; i < Inputs.Length; i++)
        {
            Run.InputGates[i] = original.Run.InputGates[i] is { } gate ? runs[gate] : null;
        }

        CpuStep? Of(CpuStep? step) => step is null ? null : steps[step];
    }
}
